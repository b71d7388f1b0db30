import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Explanation, MonthSet } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { RetirementGroup, RetirementKind } from '@jinbao/proto/pension/v1/events.ts'
import type { ClaimCommand, ClaimEvent } from './claim.ts'
import {
  application,
  apply,
  approve,
  awarded,
  check,
  checked,
  dataOf,
  decide,
  decided,
  filed,
  history,
  paidTo,
  payDue,
  record,
  second,
  worldOn,
} from './fixtures/claim.ts'

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
