// Entitlement to a monthly pension (P-1 to P-6) and the choice of the month (F-1 to F-6).
import {
  addMonths,
  type Day,
  daysInMonth,
  firstDay,
  type Month,
  type MonthSet,
  monthIndex,
  type PolicyOn,
  type PolicyValue,
} from '@jinbao/core'
import { type Application, RetirementKind } from '@jinbao/proto/pension/v1/events.ts'
import { minimumMonths, type RetirementDates } from './age.ts'
import { refuse } from './refusals.ts'

/** What is open to someone who reached the age short of months (P-5). */
export type Shortfall = 'PAY_ON' | 'LUMP_SUM' | 'RESIDENTS_SCHEME' | 'CASH_OUT'

export interface Entitlement {
  readonly months: number
  readonly minimumMonths: number
  /** Months still missing; 0 when entitled. */
  readonly short: number
  readonly options: readonly Shortfall[]
}

export interface CountedMonths {
  /** Fully paid months (C-10), the retirement month included when paid. */
  readonly actual: MonthSet
  readonly deemed: MonthSet
}

/** Months that count by the retirement month: paid and deemed, duplicates once (P-4). */
export function countedMonths({ actual, deemed }: CountedMonths, retirement: Month): MonthSet {
  return actual.union(deemed).before(addMonths(retirement, 1))
}

/** Which year's minimum binds: early retirement that of the chosen month, else that of the statutory month (P-3). */
export function minimumFor(policyOn: PolicyOn, kind: RetirementKind, retirement: Month, statutory: Month): number {
  return minimumMonths(policyOn, kind === RetirementKind.EARLY ? retirement : statutory)
}

export function entitlement(
  policyOn: PolicyOn,
  counted: CountedMonths,
  kind: RetirementKind,
  retirement: Month,
  statutory: Month,
): Entitlement {
  const months = countedMonths(counted, retirement).size
  const minimum = minimumFor(policyOn, kind, retirement, statutory)
  const short = Math.max(0, minimum - months)
  return {
    months,
    minimumMonths: minimum,
    short,
    options: short > 0 ? ways(policyOn, counted, retirement, statutory) : [],
  }
}

function ways(policyOn: PolicyOn, { actual }: CountedMonths, retirement: Month, statutory: Month): Shortfall[] {
  const policy = policyOn(firstDay(retirement))
  const first = actual.first()
  const options: Shortfall[] = ['PAY_ON', 'RESIDENTS_SCHEME', 'CASH_OUT']
  if (first === undefined || !policy.has('retirement.extraPaymentMonths')) return options
  const extra = policy.value('retirement.extraPaymentMonths')
  // Insured before the Law came into force and still short after five more years: the rest may be paid at once.
  const insuredBefore = firstDay(first) < extra.policy.from
  const paidOn = monthIndex(retirement) - monthIndex(statutory) >= whole(extra)
  return insuredBefore && paidOn ? [...options, 'LUMP_SUM'] : options
}

const whole = ({ n, d }: PolicyValue): number => Number(n / d)

/** The retirement month asked for, tested against age, window and notice. */
export function chosenMonth(policyOn: PolicyOn, dates: RetirementDates, application: Application, day: Day): Month {
  const { kind } = application
  const month = application.retirementMonth || dates.statutory
  switch (kind) {
    case RetirementKind.STATUTORY:
      if (month !== dates.statutory) refuse('NOT_THE_STATUTORY_MONTH', { statutory: dates.statutory })
      return month
    case RetirementKind.EXTENDED:
      if (month <= dates.statutory) refuse('NOT_THE_STATUTORY_MONTH', { statutory: dates.statutory })
      return month
    case RetirementKind.EARLY:
      early(policyOn, dates, application, month)
      return month
    case RetirementKind.DELAYED:
      delayed(policyOn, dates, application, month)
      return month
    default:
      return refuse('KIND_MISSING', { day })
  }
}

/** F-4: only for those whose original month is not before the reform. */
const windowOf = ({ window }: RetirementDates) => window ?? refuse('NO_FLEXIBLE_WINDOW')

/** F-1: voluntary, at most 36 months, never below the original age, written notice three months before. */
function early(policyOn: PolicyOn, dates: RetirementDates, one: Application, month: Month): void {
  const { statutory } = dates
  const window = windowOf(dates)
  if (month < window.earliest) refuse('TOO_EARLY', { earliest: window.earliest })
  if (month >= statutory) refuse('NOT_THE_STATUTORY_MONTH', { statutory })
  const chosen = dayIn(month, one.birthDay)
  notice(one.noticeOn, chosen, whole(policyOn(chosen).value('retirement.flexible.noticeEarly')))
}

/** F-2: agreed in writing a month before the statutory day, at most 36 months; F-3, F-6: who may not. */
function delayed(policyOn: PolicyOn, dates: RetirementDates, one: Application, month: Month): void {
  const { statutory } = dates
  const window = windowOf(dates)
  if (one.mayNotDelay) refuse('DELAY_EXCLUDED')
  if (one.flexible) refuse('NO_EMPLOYER_TO_AGREE')
  if (month > window.latest) refuse('TOO_LATE', { latest: window.latest })
  if (month <= statutory) refuse('NOT_THE_STATUTORY_MONTH', { statutory })
  const due = dayIn(statutory, one.birthDay)
  notice(one.noticeOn, due, whole(policyOn(due).value('retirement.flexible.noticeLate')))
}

/** The day of the month, or the month's last; the first where the day is not known. */
export function dayIn(month: Month, day: number): Day {
  const last = daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5, 7)))
  return `${month}-${String(Math.min(Math.max(day, 1), last)).padStart(2, '0')}`
}

/** Months of notice are calendar months, clipped to the month's end; the same day is in time. */
export function lastNotice(day: Day, months: number): Day {
  return dayIn(addMonths(day.slice(0, 7), -months), Number(day.slice(8)))
}

function notice(given: Day, day: Day, months: number): void {
  const last = lastNotice(day, months)
  if (given === '' || given > last) refuse('NOTICE_TOO_SHORT', { last, notice: given || '–' })
}
