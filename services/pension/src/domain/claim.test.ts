import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Explanation, MonthSet, type World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { Application, RetirementGroup, RetirementKind } from '@jinbao/proto/pension/v1/events.ts'
import { careerOf } from './average-index.ts'
import { type ClaimCommand, type ClaimEvent, type ClaimState, claimDecider } from './claim.ts'
import type { RetirementRecord } from './decision.ts'
import { beijing, type Law, lawWith } from './testing.ts'

const worldOn = (today: string, subject = 'officer-1', law: Law = beijing): World => ({
  now: `${today}T02:00:00Z`,
  today,
  place: '110000',
  policyOn: lawWith(law, today),
  by: { subject, roles: ['officer'] },
})
const july = worldOn('2026-07-20')
const second = worldOn('2026-07-22', 'officer-2')
const history = story(claimDecider, july)

/** The man of EX-7: 372 paid months at the index 1.1052. */
const actual = MonthSet.range('1995-08', '2026-07')
const record: RetirementRecord = {
  career: careerOf(
    'pension-account-p1',
    [...actual].map((month) => [month, { baseFen: 0n, indexTenThousandths: 11_052n }]),
  ),
  counted: { actual, deemed: MonthSet.empty },
  balanceFen: 18_642_037n,
}
const application = Application.create({ group: RetirementGroup.M60, kind: RetirementKind.STATUTORY, birthDay: 5 })
const apply: ClaimCommand & { type: 'Apply' } = {
  type: 'Apply',
  claimId: 'k1',
  personId: 'p1',
  birthMonth: '1966-03',
  sex: Sex.MALE,
  application,
}
const check: ClaimCommand = { type: 'Check', counted: record.counted }
const decide: ClaimCommand = { type: 'Decide', record }
const approve: ClaimCommand = { type: 'Approve' }
const payDue: ClaimCommand = { type: 'PayDue' }

const filed = history().when(apply).events()
const checked = [
  ...filed,
  ...history(...filed)
    .when(check)
    .events(),
]
const decided = [
  ...checked,
  ...history(...checked)
    .when(decide)
    .events(),
]
const awarded = [
  ...decided,
  ...history(...decided)
    .when(approve, second)
    .events(),
]
const paidTo = (today: string, events: readonly ClaimEvent[] = awarded) => [
  ...events,
  ...history(...events)
    .when(payDue, worldOn(today))
    .events(),
]
const dataOf = <T extends ClaimEvent['type']>(events: readonly ClaimEvent[], type: T) =>
  events.flatMap((event) => (event.type === type ? [event.data as (ClaimEvent & { type: T })['data']] : []))
const stateOf = (events: readonly ClaimEvent[]): ClaimState => history(...events).state()

describe('claim', () => {
  test('EX-7 P-6 applied, checked, decided by one officer, approved by a second, paid from the month after', () => {
    const [application] = dataOf(filed, 'PensionAppliedFor')
    // 20 working days after Monday 2026-07-20.
    assert.deepEqual([application!.retirementMonth, application!.dueOn], ['2026-07', '2026-08-17'])
    const [checkedBy] = dataOf(checked, 'ClaimChecked')
    assert.deepEqual([checkedBy!.actualMonths, checkedBy!.minimumMonths], ['1995-08..2026-07', 180])
    const [decision] = dataOf(decided, 'ClaimDecided')
    const award = decision!.award!
    const document = JSON.parse(decision!.explanation) as Explanation
    assert.deepEqual(
      [award.basicFen, award.accountFen, award.totalFen, award.provisional],
      [393_166n, 136_372n, 529_538n, true],
    )
    assert.equal(document.amounts.find(({ name }) => name === 'total')?.amountFen, '529538')
    assert.deepEqual(document.subject, { person: 'p1', claim: 'k1' })
    const [granted] = dataOf(awarded, 'PensionAwarded')
    assert.deepEqual([granted!.firstMonth, granted!.totalFen, granted!.approvedBy], ['2026-08', 529_538n, 'officer-2'])
    const paid = dataOf(paidTo('2026-08-10'), 'PensionPaid')
    assert.deepEqual(
      paid.map((one) => [one.month, one.amountFen, one.accountFen]),
      [['2026-08', 529_538n, 136_372n]],
    )
  })
  test('P-6 four eyes: who decided cannot approve', () => {
    history(...decided)
      .when(approve)
      .thenRefused('SAME_OFFICER')
    history(...awarded)
      .when(approve, second)
      .thenNothing()
    history(...checked)
      .when(approve, second)
      .thenRefused('WRONG_STEP')
  })
  test('P-6 doing a step twice does nothing; steps follow each other', () => {
    history(...filed)
      .when(apply)
      .thenNothing()
    history(...checked)
      .when(check)
      .thenNothing()
    history(...decided)
      .when(decide)
      .thenNothing()
    history().when(check).thenRefused('WRONG_STEP')
    history(...filed)
      .when(decide)
      .thenRefused('WRONG_STEP')
    history(...filed)
      .when(payDue)
      .thenRefused('WRONG_STEP')
  })
  test('P-6 the second officer sends back with a reason; deciding again follows the account', () => {
    history(...decided)
      .when({ type: 'Return', reason: ' ' }, second)
      .thenRefused('REASON_MISSING')
    const back = history(...decided)
      .when({ type: 'Return', reason: '余额待核' }, second)
      .thenTypes('ClaimReturned')
    history(...decided, ...back)
      .when(approve, second)
      .thenRefused('WRONG_STEP')
    const again = { type: 'Decide', record: { ...record, balanceFen: 18_600_000n } } as const
    history(...decided, ...back)
      .when(again)
      .thenTypes('ClaimDecided')
    history(...decided)
      .when(again)
      .thenTypes('ClaimDecided')
  })
  test('P-6 a refusal has a reason; a refused claim takes no further step', () => {
    const reject: ClaimCommand = { type: 'Reject', reason: 'DOCUMENTS_MISSING', text: '缺少档案' }
    const events = history(...filed)
      .when(reject)
      .thenTypes('ClaimRejected')
    history(...filed, ...events)
      .when(reject)
      .thenNothing()
    history(...filed, ...events)
      .when(check)
      .thenRefused('WRONG_STEP')
    history(...filed)
      .when({ ...reject, reason: '' })
      .thenRefused('REASON_MISSING')
    history(...awarded)
      .when(reject)
      .thenRefused('WRONG_STEP')
  })
  test('P-6 reminded on the last day, escalated after it, each once', () => {
    const on = (today: string, events: readonly ClaimEvent[]) =>
      history(...events).when({ type: 'Remind' }, worldOn(today))
    on('2026-08-14', filed).thenNothing()
    const due = [...filed, ...on('2026-08-17', filed).thenTypes('ClaimReminded')]
    on('2026-08-17', due).thenNothing()
    const late = on('2026-08-18', due).events()
    assert.deepEqual(
      dataOf(late, 'ClaimReminded').map((one) => one.overdue),
      [true],
    )
    on('2026-08-19', [...due, ...late]).thenNothing()
    on('2026-08-18', awarded).thenNothing()
  })

  test('P-1 not before the age; the group has to fit the sex', () => {
    history().when(apply, worldOn('2026-06-30')).thenRefused('AGE_NOT_REACHED')
    history()
      .when({ ...apply, sex: Sex.FEMALE })
      .thenRefused('GROUP_MISSING')
    history()
      .when({ ...apply, application: { ...application, group: RetirementGroup.F50 } })
      .thenRefused('GROUP_MISSING')
  })
  test('P-2 P-5 short of the minimum: refused, with the ways that are open', () => {
    const counted = { actual: MonthSet.range('2012-01', '2026-07'), deemed: MonthSet.empty }
    const problem = history(...filed)
      .when({ type: 'Check', counted })
      .thenRefused('MINIMUM_NOT_REACHED')
    assert.match(problem.message, /175 months paid, 180 needed.*PAY_ON, RESIDENTS_SCHEME, CASH_OUT/)
  })
  test('P-5 extended: only for who was short at the statutory month', () => {
    const extended = { ...application, kind: RetirementKind.EXTENDED, retirementMonth: '2026-12' }
    const later = worldOn('2026-12-20')
    const events = history()
      .when({ ...apply, application: extended }, later)
      .events()
    const short = { actual: MonthSet.range('2012-01', '2026-12'), deemed: MonthSet.empty }
    history(...events)
      .when({ type: 'Check', counted: short }, later)
      .thenTypes('ClaimChecked')
    history(...events)
      .when(check, later)
      .thenRefused('NOT_SHORT')
  })
})

describe('pension in payment', () => {
  const published: Law = {
    ...beijing,
    'pension.base': [{ from: '2026-01-01', value: 12_300 }],
    'pension.baseForIndex': [{ from: '2026-01-01', value: 12_300 }],
  }
  const lower: Law = {
    ...beijing,
    'pension.base': [{ from: '2026-01-01', value: 12_000 }],
    'pension.baseForIndex': [{ from: '2026-01-01', value: 12_000 }],
  }
  const reassess: ClaimCommand = { type: 'Reassess', record }

  test('P-6 months are paid in order, once; a late decision pays several', () => {
    const events = paidTo('2026-10-10')
    assert.deepEqual(
      dataOf(events, 'PensionPaid').map((one) => one.month),
      ['2026-08', '2026-09', '2026-10'],
    )
    history(...events)
      .when(payDue, worldOn('2026-10-31'))
      .thenNothing()
    const pay = (month: string) => history(...awarded).when({ type: 'PayMonth', month }, worldOn('2026-09-10'))
    pay('2026-08').thenTypes('PensionPaid')
    pay('2026-09').thenRefused('MONTH_NOT_DUE')
    pay('2026-07').thenRefused('MONTH_NOT_DUE')
    history(...events)
      .when({ type: 'PayMonth', month: '2026-09' })
      .thenNothing()
  })
  test('P§2.4 the base is published: the difference of rounded totals for the months paid goes out with the next', () => {
    const five = paidTo('2026-12-10')
    const world = worldOn('2026-12-20', 'service', published)
    const events = history(...five)
      .when(reassess, world)
      .thenTypes('PensionReassessed')
    const [one] = dataOf(events, 'PensionReassessed')
    // (12,300 + 13,593.96) / 2 × 31 % = 4,013.56; 5,377.28 a month instead of 5,295.38.
    assert.deepEqual([one!.award!.basicFen, one!.award!.totalFen, one!.award!.provisional], [401_356n, 537_728n, false])
    assert.deepEqual(
      [one!.oldTotalFen, one!.monthsPaid, one!.backPayFen, one!.recoverableFen],
      [529_538n, 5, 40_950n, 0n],
    )
    const all = [...five, ...events]
    history(...all)
      .when(reassess, world)
      .thenNothing()
    const [next] = dataOf(
      history(...all)
        .when(payDue, worldOn('2027-01-10'))
        .events(),
      'PensionPaid',
    )
    assert.deepEqual([next!.amountFen, next!.backPayFen], [537_728n, 40_950n])
    const [then] = dataOf(
      history(...paidTo('2027-01-10', all))
        .when(payDue, worldOn('2027-02-10'))
        .events(),
      'PensionPaid',
    )
    assert.equal(then!.backPayFen, 0n)
  })
  test('P§2.4 a lower base makes a recoverable, paid back against receipts, never a silent cut', () => {
    const two = paidTo('2026-09-10')
    const events = [
      ...two,
      ...history(...two)
        .when(reassess, worldOn('2026-12-20', 'service', lower))
        .events(),
    ]
    const [one] = dataOf(events, 'PensionReassessed')
    assert.equal(one!.backPayFen, 0n)
    assert.equal(one!.recoverableFen, (529_538n - one!.award!.totalFen) * 2n)
    const recover = (amountFen: bigint, receiptId = 'b1'): ClaimCommand => ({
      type: 'Recover',
      amountFen,
      receiptId,
      on: '2027-01-05',
    })
    history(...events)
      .when(recover(one!.recoverableFen + 1n))
      .thenRefused('NOTHING_TO_RECOVER')
    const back = history(...events)
      .when(recover(one!.recoverableFen))
      .thenTypes('RecoveryReceived')
    history(...events, ...back)
      .when(recover(one!.recoverableFen))
      .thenNothing()
    history(...events, ...back)
      .when(recover(1n, 'b2'))
      .thenRefused('NOTHING_TO_RECOVER')
  })
  test('P-6 suspended months are not paid; on resumption they are made up where the officer says so', () => {
    const one = paidTo('2026-08-10')
    const suspended = [
      ...one,
      ...history(...one)
        .when({ type: 'Suspend', from: '2026-10', reason: 'NO_PROOF_OF_LIFE' })
        .events(),
    ]
    const stopped = paidTo('2026-12-10', suspended)
    assert.deepEqual(
      dataOf(stopped, 'PensionPaid').map((paid) => paid.month),
      ['2026-08', '2026-09'],
    )
    const resumed = (payMissed: boolean) => {
      const events = [
        ...stopped,
        ...history(...stopped)
          .when({ type: 'Resume', from: '2027-01', payMissed })
          .events(),
      ]
      return dataOf(paidTo('2027-01-10', events), 'PensionPaid').map((paid) => paid.month)
    }
    assert.deepEqual(resumed(false), ['2026-08', '2026-09', '2027-01'])
    assert.deepEqual(resumed(true), ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'])
    history(...one)
      .when({ type: 'Suspend', from: '2026-08', reason: 'PRISON' })
      .thenRefused('MONTH_NOT_DUE')
    history(...one)
      .when({ type: 'Suspend', from: '2026-10', reason: 'x' })
      .thenRefused('REASON_MISSING')
    history(...suspended)
      .when({ type: 'Resume', from: '2026-09', payMissed: true })
      .thenRefused('MONTH_NOT_DUE')
    history(...one)
      .when({ type: 'Resume', from: '2026-09', payMissed: true })
      .thenNothing()
  })
  test('D-9 death: due to its month, later months are recovered; an error restores the pension', () => {
    const five = paidTo('2026-12-10')
    const death: ClaimCommand = { type: 'RegisterDeath', diedOn: '2026-10-03' }
    const ended = [
      ...five,
      ...history(...five)
        .when(death)
        .thenTypes('PensionEnded'),
    ]
    const [one] = dataOf(ended, 'PensionEnded')
    assert.deepEqual([one!.lastMonth, one!.recoverableFen], ['2026-10', 2n * 529_538n])
    history(...ended)
      .when(payDue, worldOn('2027-03-10'))
      .thenNothing()
    history(...ended)
      .when(death)
      .thenNothing()
    history(...ended)
      .when({ type: 'Suspend', from: '2027-01', reason: 'PRISON' })
      .thenRefused('PERSON_DEAD')
    const restored = [
      ...ended,
      ...history(...ended)
        .when({ type: 'RevokeDeath' })
        .thenTypes('PensionRestored'),
    ]
    const state = stateOf(restored) as ClaimState & { status: 'paying' }
    assert.deepEqual([state.status, state.recoverableFen, state.nextMonth], ['paying', 0n, '2027-01'])
  })
  test('D-9 what was due to the month of death and not yet paid is still paid', () => {
    const ended = [
      ...awarded,
      ...history(...awarded)
        .when({ type: 'RegisterDeath', diedOn: '2026-09-30' })
        .events(),
    ]
    assert.deepEqual(
      dataOf(paidTo('2026-12-10', ended), 'PensionPaid').map((paid) => paid.month),
      ['2026-08', '2026-09'],
    )
  })
  test('D-9 an applicant who dies before the award: the claim ends refused', () => {
    const [event] = history(...checked)
      .when({ type: 'RegisterDeath', diedOn: '2026-07-21' })
      .events()
    assert.equal((event!.data as { reason: string }).reason, 'PERSON_DEAD')
    history().when({ type: 'RegisterDeath', diedOn: '2026-07-21' }).thenNothing()
  })
})
