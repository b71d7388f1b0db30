// When a person is covered (O§3.2): paid months, gaps, waiting periods, lifetime cover after retirement.
import {
  addMonths,
  type Day,
  firstDay,
  type Month,
  MonthSet,
  monthIndex,
  monthOfDay,
  type PolicyOn,
} from '@jinbao/core'

/** A paid month and the month in which the money came. */
export interface PaidMonth {
  readonly month: Month
  readonly paidIn: Month
}

export interface CoverFacts {
  readonly paid: readonly PaidMonth[]
  /** Months in the resident scheme or in another region. */
  readonly elsewhere: MonthSet
  readonly lifetimeFrom: Month | ''
  readonly diedOn: Day | ''
}

export interface Cover {
  readonly months: MonthSet
  /** First month after the last waiting period; empty without one. */
  readonly waitingUntil: Month | ''
}

const months = (policyOn: PolicyOn, day: Day, key: string): number => {
  const value = policyOn(day).value(key)
  return Number(value.n / value.d)
}

/** MED-13: the region's waiting period, never longer than the law allows. */
const waiting = (policyOn: PolicyOn, paidIn: Month): number => {
  const day = firstDay(paidIn)
  return Math.min(months(policyOn, day, 'medical.wait.months'), months(policyOn, day, 'medical.waitMaximum'))
}

/** MED-12: a run of months elsewhere, long enough to count as cover before this one; its last month. */
function switchedFrom({ elsewhere }: CoverFacts, paidIn: Month, policyOn: PolicyOn): number | undefined {
  const run = elsewhere.runs.findLast(([from]) => from < monthIndex(paidIn))
  if (!run) return undefined
  const needed = months(policyOn, firstDay(paidIn), 'medical.switchMonths')
  return run[1] - run[0] + 1 >= needed ? run[1] : undefined
}

/** MED-10: first cover begins in the month of payment or the next. */
const firstCover = (policyOn: PolicyOn, paidIn: Month): number => {
  const words = ['PAYMENT_MONTH', 'NEXT_MONTH'] as const
  const { word } = policyOn(firstDay(paidIn)).word('medical.cover.start', words)
  return monthIndex(paidIn) + (word === 'NEXT_MONTH' ? 1 : 0)
}

const byPayment = (paid: readonly PaidMonth[]) =>
  [...Map.groupBy(paid, (one) => one.paidIn)].sort(([a], [b]) => (a < b ? -1 : 1))

/**
 * Payments in the order in which they came. MED-11: a gap up to three months that is paid back is covered after all;
 * one that is not stays open. MED-13: after a longer gap cover waits, counted from the month of payment.
 */
export function coverOf(facts: CoverFacts, policyOn: PolicyOn): Cover {
  let last: number | undefined
  let opensAt = 0
  let waitingUntil: Month | '' = ''
  let covered = MonthSet.empty
  for (const [paidIn, group] of byPayment(facts.paid)) {
    const now = monthIndex(paidIn)
    const before = last ?? switchedFrom(facts, paidIn, policyOn)
    if (before === undefined) opensAt = firstCover(policyOn, paidIn)
    else if (now - 1 - before > months(policyOn, firstDay(paidIn), 'medical.gapMonths')) {
      waitingUntil = addMonths(paidIn, waiting(policyOn, paidIn))
      opensAt = monthIndex(waitingUntil)
    }
    const open = group.map(({ month }) => month).filter((month) => monthIndex(month) >= opensAt)
    covered = covered.union(MonthSet.of(open))
    last = Math.max(before ?? 0, ...group.map(({ month }) => monthIndex(month)))
  }
  return { months: covered, waitingUntil }
}

export interface Covered {
  readonly covered: boolean
  readonly reason: '' | 'DEAD' | 'NEVER_INSURED' | 'WAITING_PERIOD' | 'MONTH_NOT_PAID'
  readonly retired: boolean
}

/** MED-14: from the month of lifetime cover on without paying. O§1.7: cover ends on the day of death. */
export function coveredOn(facts: CoverFacts, day: Day, policyOn: PolicyOn): Covered {
  const retired = facts.lifetimeFrom !== '' && monthOfDay(day) >= facts.lifetimeFrom
  if (facts.diedOn && day > facts.diedOn) return { covered: false, reason: 'DEAD', retired }
  if (retired) return { covered: true, reason: '', retired }
  const { months: covered, waitingUntil } = coverOf(facts, policyOn)
  if (covered.has(monthOfDay(day))) return { covered: true, reason: '', retired }
  const paid = facts.paid.some(({ month }) => month === monthOfDay(day))
  if (facts.paid.length === 0) return { covered: false, reason: 'NEVER_INSURED', retired }
  const waits = paid && waitingUntil !== '' && monthOfDay(day) < waitingUntil
  return { covered: false, reason: waits ? 'WAITING_PERIOD' : 'MONTH_NOT_PAID', retired }
}
