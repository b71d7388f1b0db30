import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { story } from '@jinbao/core/story.ts'
import { DeclareFlexibleRequest } from '@jinbao/proto/collection/v1/collection.ts'
import type { ContributionsReceived } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import { type FlexibleCommand, type FlexibleFacts, flexibleDecider } from './flexibleMonths.ts'
import { worldOf } from './journey.example.ts'

const history = story(flexibleDecider, worldOf('650000', '2025-03-10'))
const facts: FlexibleFacts = { birthMonth: '1980-01', diedOn: '', pensionFrom: '', employed: new Set() }
const declare = (data: Partial<DeclareFlexibleRequest>, who: FlexibleFacts | undefined = facts): FlexibleCommand => ({
  type: 'Declare',
  data: DeclareFlexibleRequest.create({
    personId: 'p1',
    fromMonth: '2025-01',
    toMonth: '2025-12',
    tier: '60',
    ...data,
  }),
  facts: who,
})
const pay = (amountFen: bigint): FlexibleCommand => ({
  type: 'Receive',
  data: { receiptId: 'r1', receivedOn: '2025-03-10', amountFen },
})
const year = history().when(declare({})).events()

test('C-17 where the region asks for residence, a proof must be named; elsewhere not', () => {
  const beijing = story(flexibleDecider, worldOf('110000', '2025-09-10'))
  const months = { fromMonth: '2025-09', toMonth: '2025-09' }
  beijing().when(declare(months)).thenRefused('RESIDENCE_PROOF_MISSING')
  beijing()
    .when(declare({ ...months, residenceProofId: 'doc-1' }))
    .thenTypes('FlexibleMonthDeclared')
  history().when(declare({})).events()
})

describe('C-13 flexible workers', () => {
  test('EX-2 C-15 a year at the 60 % tier: twelve months of 1,013.80, 12,165.60 in all', () => {
    const dues = year.map((one) => (one.type === 'FlexibleMonthDeclared' ? one.data.lines[0]!.employeeFen : 0n))
    assert.equal(dues.length, 12)
    assert.equal(
      dues.reduce((a, b) => a + b, 0n),
      1_216_560n,
    )
    history(...year)
      .when(declare({}))
      .thenNothing()
  })
  test('C-10 C-16 paid for the year: each month is credited, 405.52 to the account, oldest first', () => {
    const events = history(...year)
      .when(pay(1_216_560n))
      .events()
    const received = events
      .filter((one) => one.type === 'ContributionsReceived')
      .map(({ data }) => data as ContributionsReceived)
    assert.deepEqual(
      received.map((one) => one.month),
      Array.from({ length: 12 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`),
    )
    const [person] = received[0]!.persons
    assert.deepEqual(
      [person!.insured, person!.lines[0]!.accountFen, received[0]!.employerId],
      ['FLEXIBLE', 40_552n, ''],
    )
  })
  test('C-10 a month half paid counts only when it is full; C-18 without a late fee', () => {
    const half = history(...year)
      .when(pay(50_000n))
      .thenTypes('FlexiblePaymentTaken')
    const rest = history(...year, ...half)
      .when(pay(51_380n))
      .thenTypes('FlexiblePaymentTaken', 'ContributionsReceived')
    assert.ok(
      rest.every(
        (one) => one.type !== 'FlexiblePaymentTaken' || one.data.lines.every((line) => line.lateFeeFen === 0n),
      ),
    )
  })
  test('C-14 an amount of one’s own lies between floor and ceiling', () => {
    history()
      .when(declare({ tier: '', baseFen: 600_000n }))
      .thenTypes(...year.map((one) => one.type))
    history()
      .when(declare({ tier: '', baseFen: 506_899n }))
      .thenRefused('BASE_OUT_OF_BOUNDS')
    history()
      .when(declare({ tier: '', baseFen: 2_534_401n }))
      .thenRefused('BASE_OUT_OF_BOUNDS')
    history()
      .when(declare({ tier: '70' }))
      .thenRefused('TIER_UNKNOWN')
    history()
      .when(declare({ tier: '' }))
      .thenRefused('TIER_OR_BASE')
    history()
      .when(declare({ baseFen: 600_000n }))
      .thenRefused('TIER_OR_BASE')
  })
  test('C-16 no payment for past contribution years, none beyond this one', () => {
    history()
      .when(declare({ fromMonth: '2024-12' }))
      .thenRefused('NO_BACK_PAYMENT')
    history()
      .when(declare({ toMonth: '2026-01' }))
      .thenRefused('BEYOND_CONTRIBUTION_YEAR')
  })
  test('DC-11 DC-07 who may not join', () => {
    history()
      .when({ ...declare({}), facts: undefined } as FlexibleCommand)
      .thenRefused('PERSON_UNKNOWN')
    history()
      .when(declare({}, { ...facts, diedOn: '2025-02-01' }))
      .thenRefused('PERSON_DEAD')
    history()
      .when(declare({}, { ...facts, birthMonth: '2010-01' }))
      .thenRefused('UNDER_AGE')
    history()
      .when(declare({}, { ...facts, pensionFrom: '2025-06' }))
      .thenRefused('DRAWING_PENSION')
    history()
      .when(declare({}, { ...facts, employed: new Set(['2025-04']) }))
      .thenRefused('DECLARED_ELSEWHERE')
    history()
      .when(declare({ lines: [Line.UNEMPLOYMENT] }))
      .thenRefused('LINE_NOT_FLEXIBLE')
    history()
      .when(declare({ fromMonth: '2025-1' }))
      .thenRefused('BAD_MONTH')
  })
  test('C-16 unpaid months may be taken back or chosen anew, paid ones not', () => {
    const withdraw: FlexibleCommand = { type: 'Withdraw', data: { personId: 'p1', fromMonth: '2025-12', toMonth: '' } }
    history(...year)
      .when(withdraw)
      .thenTypes('FlexibleMonthWithdrawn')
    const paid = history(...year)
      .when(pay(101_380n))
      .events()
    const january: FlexibleCommand = { type: 'Withdraw', data: { personId: 'p1', fromMonth: '2025-01', toMonth: '' } }
    history(...year, ...paid)
      .when(january)
      .thenRefused('FLEXIBLE_MONTH_PAID')
    history(...year, ...paid)
      .when(declare({ tier: '100' }))
      .thenRefused('FLEXIBLE_MONTH_PAID')
  })
})
