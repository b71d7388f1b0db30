import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { story } from '@jinbao/core/story.ts'
import type { ChunkTotal, LineDue } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import { paidTotal } from './bill.ts'
import { type DeclarationCommand, type DeclarationEvent, declarationDecider } from './declaration.ts'
import { statusOf } from './declarationState.ts'
import { employerId, tariff, worldOf } from './journey.example.ts'

const month = '2025-07'
const key = { employerId, month }
const history = story(declarationDecider, worldOf('310000', '2025-07-10'))
const later = (today: string) => worldOf('310000', today)
const opening = { ...key, tariff, contributesFrom: '2010-01-01' }
const open: DeclarationCommand = { type: 'Open', data: opening }
const opened: DeclarationEvent = {
  type: 'DeclarationOpened',
  data: { ...key, declareBy: '2025-07-15', dueOn: '2025-07-31', ...tariff },
}
const due = (line: Line, employerFen: bigint, employeeFen: bigint): LineDue => ({
  line,
  employerFen,
  employeeFen,
  accountFen: employeeFen,
})
const e1 = [
  due(Line.PENSION, 1_004_200n, 502_100n),
  due(Line.MEDICAL, 564_863n, 125_525n),
  due(Line.UNEMPLOYMENT, 31_381n, 31_381n),
  due(Line.INJURY, 10_042n, 0n),
]
const chunks: ChunkTotal[] = [{ chunk: 1, persons: 3, lines: e1 }]
const chunkAdded: DeclarationEvent = { type: 'ChunkAdded', data: { ...key, chunk: 1 } }
const submitted: DeclarationEvent = {
  type: 'DeclarationSubmitted',
  data: { ...key, submittedOn: '2025-07-10', late: false },
}
const assessed: DeclarationEvent = { type: 'DeclarationAssessed', data: { ...key, dueOn: '2025-07-31', chunks } }
const assess: DeclarationCommand = { type: 'Assess', chunks }
const pay = (restFen: bigint, receivedOn: string): DeclarationCommand => ({
  type: 'ReceivePayment',
  data: { receiptId: 'r1', receivedOn, restFen, named: [] },
})
const status = (...events: DeclarationEvent[]) => statusOf(history(...events).state())
const estimate: DeclarationCommand = { type: 'Estimate', opening, previous: e1 }
const estimated = () => [...history(opened).when(estimate, later('2025-07-16')).thenTypes('ContributionEstimated')]

describe('O§2.2 states of a declaration', () => {
  test('O§2.2 none → DRAFT: opened once, with its days', () => {
    history().when(open).thenEvents(opened)
    history(opened).when(open).thenNothing()
    assert.equal(status(opened), 'DRAFT')
  })
  test('O§2.2 not for a month that has not begun, nor before the employer contributes', () => {
    history()
      .when({ type: 'Open', data: { ...opening, month: '2025-08' } })
      .thenRefused('MONTH_TOO_EARLY')
    history()
      .when({ type: 'Open', data: { ...opening, month: '2025-7' } })
      .thenRefused('BAD_MONTH')
    history()
      .when({ type: 'Open', data: { ...opening, contributesFrom: '2025-08-01' } })
      .thenRefused('BEFORE_REGISTRATION')
  })
  test('O§2.2 DRAFT → SUBMITTED → ASSESSED; each once', () => {
    history(opened, chunkAdded).when({ type: 'Submit' }).thenEvents(submitted)
    history(opened, chunkAdded, submitted).when({ type: 'Submit' }).thenNothing()
    history(opened, chunkAdded, submitted).when(assess).thenEvents(assessed)
    history(opened, chunkAdded, submitted, assessed).when(assess).thenNothing()
    assert.equal(status(opened, submitted), 'SUBMITTED')
    assert.equal(status(opened, submitted, assessed), 'ASSESSED')
  })
  test('O§2.2 validate only: assessed in one breath from the draft', () => {
    history(opened, chunkAdded).when(assess).thenTypes('DeclarationSubmitted', 'DeclarationAssessed')
  })
  test('O§2.2 SUBMITTED → REJECTED, then a draft again that can be handed in', () => {
    const rejected = history(opened, submitted).when({ type: 'Reject', faults: [] }).thenTypes('DeclarationRejected')
    assert.equal(status(opened, submitted, ...rejected), 'REJECTED')
    history(opened, submitted, ...rejected)
      .when({ type: 'UseChunk', chunk: 1 })
      .thenEvents(chunkAdded)
    history(opened, submitted, ...rejected)
      .when({ type: 'Submit' })
      .thenTypes('DeclarationSubmitted')
  })
  test('G-07 nothing changes after it was handed in; chunks come one after the other', () => {
    history(opened, submitted).when({ type: 'UseChunk', chunk: 1 }).thenRefused('NOT_OPEN_FOR_CHANGE')
    history(opened).when({ type: 'UseChunk', chunk: 2 }).thenRefused('BAD_CHUNK')
    history(opened).when({ type: 'UseChunk', chunk: 0 }).thenRefused('BAD_CHUNK')
    history(opened, chunkAdded).when({ type: 'UseChunk', chunk: 1 }).thenNothing()
  })
  test('O§2.2 handed in after the last day is marked late', () => {
    const [event] = history(opened).when({ type: 'Submit' }, later('2025-07-16')).thenTypes('DeclarationSubmitted')
    assert.equal(event?.type === 'DeclarationSubmitted' && event.data.late, true)
  })
  test('C-10 ASSESSED → PART_PAID → PAID; nothing more is taken', () => {
    const half = history(opened, submitted, assessed).when(pay(1_000_000n, '2025-07-20')).thenTypes('PaymentAllocated')
    assert.equal(status(opened, submitted, assessed, ...half), 'PART_PAID')
    const whole = history(opened, submitted, assessed, ...half)
      .when(pay(9_000_000n, '2025-07-21'))
      .thenTypes('PaymentAllocated')
    const all = [opened, submitted, assessed, ...half, ...whole]
    assert.equal(status(...all), 'PAID')
    history(...all)
      .when(pay(1n, '2025-07-22'))
      .thenNothing()
    const state = history(...all).state()
    assert.equal(state.status === 'open' && paidTotal(state.bill), 2_269_492n)
  })
  test('S-01 OVERDUE from the day after the due day, once; paid late it bears a late fee (E2: 419.86)', () => {
    const bill = [opened, submitted, assessed]
    history(...bill)
      .when({ type: 'PassDueDay' }, later('2025-07-31'))
      .thenNothing()
    const began = history(...bill)
      .when({ type: 'PassDueDay' }, later('2025-08-01'))
      .thenTypes('ArrearsBegan')
    assert.equal(status(...bill, ...began), 'OVERDUE')
    history(...bill, ...began)
      .when({ type: 'PassDueDay' }, later('2025-08-02'))
      .thenNothing()
    const paid = history(...bill, ...began)
      .when(pay(2_269_492n + 41_986n, '2025-09-06'))
      .thenTypes('LateFeeCharged', 'PaymentAllocated')
    assert.equal(status(...bill, ...began, ...paid), 'PAID')
  })
  test('DC-10 principal before late fee: a fee that is not paid stays owed and does not grow', () => {
    const bill = [opened, submitted, assessed]
    const paid = history(...bill)
      .when(pay(2_269_492n, '2025-09-06'))
      .thenTypes('LateFeeCharged', 'PaymentAllocated')
    assert.equal(status(...bill, ...paid), 'PART_PAID')
    const fee = history(...bill, ...paid)
      .when(pay(99_999_999n, '2026-01-05'))
      .thenTypes('PaymentAllocated')
    const money = fee.flatMap((one) => (one.type === 'PaymentAllocated' ? one.data.lines : []))
    assert.equal(
      money.reduce((sum, one) => sum + one.lateFeeFen, 0n),
      41_986n,
    )
    assert.equal(
      money.reduce((sum, one) => sum + one.principalFen, 0n),
      0n,
    )
  })
  test('O§7.6 PAID → CLOSED; a month that is not paid is not closed', () => {
    const paid = history(opened, submitted, assessed).when(pay(2_269_492n, '2025-07-20')).events()
    const all = [opened, submitted, assessed, ...paid]
    history(opened, submitted, assessed).when({ type: 'Close' }).thenRefused('NOT_PAID')
    history(opened).when({ type: 'Close' }).thenRefused('NOT_ASSESSED')
    const closed = history(...all)
      .when({ type: 'Close' })
      .thenTypes('DeclarationClosed')
    assert.equal(status(...all, ...closed), 'CLOSED')
    history(...all, ...closed)
      .when({ type: 'Close' })
      .thenNothing()
  })
  test('C-21 a plan that is too old is refused', () => {
    const data = { receiptId: 'r1', receivedOn: '2025-07-20', restFen: 100n, named: [], takeFen: 90n }
    history(opened, submitted, assessed).when({ type: 'ReceivePayment', data }).thenRefused('CHANGED_MEANWHILE')
  })
})

describe('C-7 S-06 estimate', () => {
  test('C-7 none by the due day → ESTIMATED at 110 %: 24,964.41 (E2)', () => {
    history().when(estimate, later('2025-07-15')).thenRefused('NOT_YET_OVERDUE')
    const events = history().when(estimate, later('2025-07-16')).thenTypes('DeclarationOpened', 'ContributionEstimated')
    const [, bill] = events
    assert.equal(bill?.type === 'ContributionEstimated' && bill.data.totalFen, 2_496_441n)
    assert.equal(status(...events), 'ESTIMATED')
    history(...events)
      .when(estimate, later('2025-07-17'))
      .thenNothing()
  })
  test('C-7 who has declared is not estimated; without a bill of the month before an officer must', () => {
    history(opened, submitted).when(estimate, later('2025-07-16')).thenRefused('ALREADY_DECLARED')
    history(opened)
      .when({ ...estimate, previous: [] }, later('2025-07-16'))
      .thenRefused('NO_PREVIOUS_BILL')
  })
  test('E2 C-7 collected and then truly declared: 2,269.49 are the employer’s credit, the rest reaches the persons', () => {
    const bill = [opened, ...estimated()]
    const paid = history(...bill)
      .when(pay(2_496_441n, '2025-07-30'))
      .thenTypes('PaymentAllocated')
    assert.equal(status(...bill, ...paid), 'PAID')
    const settled = history(...bill, ...paid)
      .when(assess, later('2025-08-05'))
      .thenTypes('DeclarationSubmitted', 'DeclarationAssessed', 'EstimateSettled')
    const settlement = settled.find((one) => one.type === 'EstimateSettled')!.data
    assert.equal(settlement.creditFen, 226_949n)
    assert.equal(settlement.estimatedFen - settlement.assessedFen, 226_949n)
    const placed = settlement.chunks.flatMap(({ lines }) => lines).reduce((sum, one) => sum + one.principalFen, 0n)
    assert.equal(placed, 2_269_492n)
    assert.equal(status(...bill, ...paid, ...settled), 'PAID')
  })
  test('E2 C-7 truly declared and paid 37 days late: the fee is on the true amount, 419.86', () => {
    const bill = [opened, ...estimated()]
    const settled = history(...bill)
      .when(assess, later('2025-08-05'))
      .events()
    const paid = history(...bill, ...settled)
      .when(pay(99_999_999n, '2025-09-06'))
      .thenTypes('LateFeeCharged', 'PaymentAllocated')
    const lines = paid.flatMap((one) => (one.type === 'PaymentAllocated' ? one.data.lines : []))
    assert.equal(
      lines.reduce((sum, one) => sum + one.lateFeeFen, 0n),
      41_986n,
    )
  })
})
