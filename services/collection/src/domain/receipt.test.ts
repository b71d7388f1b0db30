import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { story } from '@jinbao/core/story.ts'
import { ReceiptRecorded } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import { employerId, Journey, wage, worldOf } from './journey.example.ts'
import { type ReceiptCommand, receiptDecider } from './receipt.ts'

const history = story(receiptDecider, worldOf('110000', '2025-07-10'))
const record = (data: Partial<ReceiptRecorded>): ReceiptCommand => ({
  type: 'Record',
  data: ReceiptRecorded.create({ receiptId: 'r1', employerId, amountFen: 100n, receivedOn: '2025-07-10', ...data }),
})

describe('C-9 receipts', () => {
  test('C-9 recorded once; the same voucher with other content is refused', () => {
    const events = history().when(record({})).thenTypes('ReceiptRecorded')
    history(...events)
      .when(record({}))
      .thenNothing()
    history(...events)
      .when(record({ amountFen: 101n }))
      .thenRefused('RECEIPT_DIFFERS')
  })
  test('G-01 C-11 what no receipt can be', () => {
    history()
      .when(record({ amountFen: 0n }))
      .thenRefused('BAD_AMOUNT')
    history()
      .when(record({ employerId: '' }))
      .thenRefused('PAYER_MISSING')
    history()
      .when(record({ personId: 'p1' }))
      .thenRefused('PAYER_MISSING')
    history()
      .when(record({ receivedOn: '2025-07-11' }))
      .thenRefused('RECEIVED_IN_FUTURE')
    history()
      .when(record({ receivedOn: '2025-02-30' }))
      .thenRefused('BAD_DAY')
    const row = { personId: 'p1', month: '2025-06', line: Line.LINE_UNSPECIFIED, amountFen: 101n }
    history()
      .when(record({ rows: [row] }))
      .thenRefused('ROWS_EXCEED_AMOUNT')
    history()
      .when(record({ rows: [{ ...row, month: 'June' }] }))
      .thenRefused('BAD_MONTH')
    history().when({ type: 'Match', months: [], suspenseBeforeFen: 0n }).thenRefused('RECEIPT_UNKNOWN')
  })
})

test('EX-3 C-11 C-22 three months paid on 2025-07-10: principal 5,760.00 and late fee 291.84 of the pension line', () => {
  const journey = new Journey('110000', '2025-07-10')
  for (const month of ['2025-02', '2025-03', '2025-04']) journey.declare(month, [[wage('p1', 800_000n)]])
  const receiptId = journey.receipt(99_999_999n, '2025-07-10')
  const pension = journey
    .types('PaymentAllocated')
    .flatMap(({ data }) => data.lines)
    .filter((one) => one.line === Line.PENSION)
  assert.deepEqual(
    pension.map((one) => [one.principalFen, one.lateFeeFen]),
    [
      [192_000n, 12_672n],
      [192_000n, 9_696n],
      [192_000n, 6_816n],
    ],
  )
  const received = journey.types('ContributionsReceived').map(({ data }) => data)
  assert.deepEqual(
    received.map((one) => [one.month, one.dueOn, one.receivedOn, one.persons[0]!.lines[0]!.accountFen]),
    [
      ['2025-02', '2025-02-28', '2025-07-10', 64_000n],
      ['2025-03', '2025-03-31', '2025-07-10', 64_000n],
      ['2025-04', '2025-04-30', '2025-07-10', 64_000n],
    ],
  )
  const state = journey.state(receiptDecider, receiptId)
  assert.ok(state.status === 'recorded' && state.suspenseFen > 0n)
})

test('DC-10 money is short: the oldest month is filled first, the newest stays owed', () => {
  const journey = new Journey('110000', '2025-04-10')
  for (const month of ['2025-03', '2025-02']) journey.declare(month, [[wage('p1', 800_000n)]])
  journey.receipt(320_000n, '2025-02-20')
  assert.deepEqual(
    journey.types('ContributionsReceived').map(({ data }) => data.month),
    ['2025-02'],
  )
  assert.deepEqual(
    [...new Set(journey.types('PaymentAllocated').map(({ data }) => data.month))],
    ['2025-02', '2025-03'],
  )
})

test('C-10 rows of the tax side: the persons they name are credited, the others stay owed, the rest waits', () => {
  const journey = new Journey('310000', '2025-07-31')
  journey.declare('2025-07', [[wage('p1', 500_000n), wage('p2', 1_800_050n)]])
  const rows = [{ personId: 'p2', month: '2025-07', line: Line.LINE_UNSPECIFIED, amountFen: 650_898n }]
  journey.receipt(650_898n, '2025-07-30', rows)
  assert.deepEqual(
    journey.types('ContributionsReceived').flatMap(({ data }) => data.persons.map((one) => one.personId)),
    ['p2'],
  )
  const more = [{ personId: 'p2', month: '2025-07', line: Line.PENSION, amountFen: 500n }]
  const receiptId = journey.receipt(500n, '2025-07-31', more)
  const state = journey.state(receiptDecider, receiptId)
  assert.equal(state.status === 'recorded' && state.suspenseFen, 500n)
})
