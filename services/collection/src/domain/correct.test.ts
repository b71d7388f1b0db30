import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ContributionsCorrected } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import { correct } from './correct.ts'
import { statusOf } from './declarationState.ts'
import { Journey, tariff, wage, worldOf } from './journey.example.ts'
import type { OpenChunk } from './lines.ts'
import { receiptDecider } from './receipt.ts'

const month = '2025-07'
const paidUp = () => {
  const journey = new Journey('310000', '2025-08-15')
  journey.declare(month, [[wage('p1', 1_000_000n), wage('p2', 2_000_000n)]])
  const bill = journey.headerState(month)
  assert.ok(bill.status === 'open')
  journey.receipt(99_999_999n, '2025-07-30')
  return journey
}
const pensionOf = (data: ContributionsCorrected | undefined) => {
  const [person] = data?.persons ?? []
  const due = person?.lines.find((one) => one.line === Line.PENSION)
  return due && [person?.personId, person?.baseFen, due.employerFen, due.employeeFen, due.accountFen]
}

describe('G-07 corrections are differences', () => {
  test('G-07 more wage: a supplement is owed; credited as a difference when it is paid (C-10)', () => {
    const journey = paidUp()
    journey.correct(month, 1, [wage('p1', 1_100_000n)])
    assert.equal(journey.types('ContributionsCorrected').length, 0)
    assert.equal(statusOf(journey.headerState(month)), 'PART_PAID')
    journey.receipt(99_999_999n, '2025-08-14')
    assert.deepEqual(pensionOf(journey.types('ContributionsCorrected').at(-1)?.data), [
      'p1',
      100_000n,
      16_000n,
      8_000n,
      8_000n,
    ])
    assert.equal(statusOf(journey.headerState(month)), 'CORRECTED')
  })
  test('C-21 a supplement for wages that were not declared bears a late fee from the month’s own due day', () => {
    const journey = paidUp()
    journey.correct(month, 1, [wage('p1', 1_100_000n)])
    journey.receipt(99_999_999n, '2025-08-14')
    const fees = journey.types('LateFeeCharged').flatMap(({ data }) => data.lines)
    // Pension: 240.00 × 0.0005 × 14 days.
    assert.equal(fees.find((one) => one.line === Line.PENSION)?.lateFeeFen, 168n)
  })
  test('G-07 less wage: the difference is taken back at once, and the money is the employer’s credit', () => {
    const journey = paidUp()
    journey.correct(month, 1, [wage('p1', 900_000n)], [], 'fix1')
    assert.deepEqual(pensionOf(journey.types('ContributionsCorrected')[0]?.data), [
      'p1',
      -100_000n,
      -16_000n,
      -8_000n,
      -8_000n,
    ])
    const credit = journey.state(receiptDecider, 'credit-fix1-1')
    // 24 % + 11 % + 1 % + 0.16 % of 1,000.00
    assert.equal(credit.status === 'recorded' && credit.suspenseFen, 36_160n)
    assert.equal(statusOf(journey.headerState(month)), 'CORRECTED')
  })
  test('C-10 a person taken out no longer counts as paid', () => {
    const journey = paidUp()
    journey.correct(month, 1, [], ['p2'])
    const [withdrawn] = journey.types('ContributionsCorrected')
    assert.equal(withdrawn?.data.withdrawn, true)
    assert.equal(withdrawn?.data.persons[0]?.lines.length, 4)
  })
  test('G-07 a person forgotten is added; a person not declared cannot be taken out', () => {
    const journey = paidUp()
    journey.correct(month, 1, [wage('p3', 1_000_000n)])
    journey.receipt(99_999_999n, '2025-08-14')
    assert.deepEqual(
      journey
        .types('ContributionsReceived')
        .at(-1)
        ?.data.persons.map((one) => one.personId),
      ['p3'],
    )
    assert.throws(() => journey.correct(month, 1, [], ['p9']), { reason: 'PERSON_NOT_DECLARED' })
  })
  test('G-07 the same amounts again: nothing; an old plan is refused', () => {
    const journey = paidUp()
    assert.deepEqual(journey.correct(month, 1, [wage('p1', 1_000_000n)]), [])
    const chunk = journey.chunkState(month, 1) as OpenChunk
    const data = { correctionId: 'x', reason: 'AUDIT', revision: 0, again: false, tariff, lines: [], remove: [] }
    assert.throws(() => correct(chunk, data, worldOf('310000', '2025-08-15')), { reason: 'CHANGED_MEANWHILE' })
  })
})

test('C-6 DC-04 a floor published late: one difference per person, line, side and month, of rounded amounts', () => {
  const journey = new Journey('310000', '2025-09-15')
  journey.declare(month, [[wage('p1', 500_000n), wage('p2', 2_000_000n)]])
  journey.receipt(99_999_999n, '2025-07-30')
  const chunk = journey.chunkState(month, 1) as OpenChunk
  const world = worldOf('310000', '2025-09-15')
  const raised = { ...world, policyOn: raisingFloor(world.policyOn) }
  const data = {
    correctionId: 'bounds',
    reason: 'BOUNDS',
    revision: chunk.revision,
    again: true,
    tariff,
    lines: [],
    remove: [],
  }
  const { differences, released, events } = correct(chunk, data, raised)
  assert.deepEqual(released, [])
  assert.deepEqual(
    events.flatMap((one) =>
      one.type === 'LinesCorrected' ? one.data.lines.map((line) => [line.wage?.personId, line.baseFen]) : [],
    ),
    [['p1', 750_000n]],
  )
  // 7,500 − 7,460 = 40: 6.40 and 3.20 pension, 3.60 and 0.80 medical, 0.20 and 0.20 unemployment, 0.06 injury (12.00 − 11.94).
  assert.deepEqual(
    differences.map((one) => [one.line, one.employerFen, one.employeeFen]),
    [
      [Line.PENSION, 640n, 320n],
      [Line.MEDICAL, 360n, 80n],
      [Line.UNEMPLOYMENT, 20n, 20n],
      [Line.INJURY, 6n, 0n],
    ],
  )
})

/** The law as it is known later: the floor is 7,500. */
function raisingFloor(policyOn: ReturnType<typeof worldOf>['policyOn']): typeof policyOn {
  return (day, place) => {
    const law = policyOn(day, place)
    const value = (key: string) =>
      key === 'contribution.base.floor' ? { ...law.value(key), n: 7_500n, d: 1n } : law.value(key)
    return Object.assign(Object.create(law), {
      value,
      word: law.word.bind(law),
      table: law.table.bind(law),
      has: law.has.bind(law),
    })
  }
}
