// Statutory retirement age (P§3): the gradual delay by month of birth, and the window of flexible retirement (P§2.9).
import { type Calc, floorTo, label, type Month, monthIndex, monthOf, type PolicyOn, q, type Val } from '@jinbao/core'
import { RetirementGroup } from '@jinbao/proto/pension/v1/events.ts'
import { yearOf } from './dated.ts'
import { refuse } from './refusals.ts'

const NEW_AGES = 'P§3'
const names = {
  birth: label('birth', NEW_AGES, 'NUMBER', '出生月（序数）', 'birth month (ordinal)'),
  since: label('since', NEW_AGES, 'MONTHS', '晚于起始出生月的月数', 'months after the first birth month affected'),
  before: label('before', NEW_AGES, 'FLAG', '早于起始出生月', 'born before the first month affected'),
  steps: label('steps', NEW_AGES, 'MONTHS', '延迟月数（未封顶）', 'months of delay before the cap'),
  delay: label('delay', NEW_AGES, 'MONTHS', '延迟月数', 'months of delay'),
  age: label('age', NEW_AGES, 'MONTHS', '法定退休年龄（月）', 'statutory retirement age in months'),
  retires: label('retires', NEW_AGES, 'NUMBER', '法定退休月（序数）', 'statutory retirement month (ordinal)'),
  earliest: label('earliest', 'F-1', 'NUMBER', '最早退休月（序数）', 'earliest retirement month (ordinal)'),
  earliestAge: label('earliestAge', 'F-1', 'MONTHS', '最早退休年龄（月）', 'earliest retirement age in months'),
  latest: label('latest', 'F-2', 'NUMBER', '最迟退休月（序数）', 'latest retirement month (ordinal)'),
}

export type Group = 'M60' | 'F55' | 'F50'

export function groupOf(group: RetirementGroup): Group {
  return group === RetirementGroup.M60 || group === RetirementGroup.F55 || group === RetirementGroup.F50
    ? group
    : refuse('GROUP_MISSING')
}

/** When a person reaches the age, and between which months she may choose. */
export interface RetirementDates {
  readonly delayMonths: number
  readonly ageMonths: number
  readonly originalAgeMonths: number
  readonly statutory: Month
  /** Absent where the original month is before the reform (F-4). */
  readonly window?: { readonly earliest: Month; readonly latest: Month }
  /** Minimum contribution months at the statutory month (P-2). */
  readonly minimumMonths: number
}

/** Minimum contribution months of a year of retirement (P-2). */
export function minimumMonths(policyOn: PolicyOn, month: Month): number {
  return whole(policyOn(`${yearOf(month)}-12-31`).value('pension.minimumMonths'))
}

const whole = ({ n, d }: q.Rational): number => Number(n / d)

/** `day`: whose day's law is asked, the day of the question. */
export function retirementDates(
  calc: Calc,
  policyOn: PolicyOn,
  day: string,
  birthMonth: Month,
  group: Group,
): RetirementDates {
  const policy = policyOn(day)
  const of = (what: string) => policy.value(`retirement.group.${group}.${what}`)
  const original = of('original')
  const birth = calc.input(names.birth, q.integer(monthIndex(birthMonth)), { document: 'birth' })
  const { delay, affected } = policy.has(`retirement.group.${group}.start`)
    ? delayOf(calc, birth, of('start'), of('step'), of('cap'))
    : { delay: calc.literal(0), affected: false }
  const age = calc.add(original, delay, names.age)
  const statutory = monthOf(whole(calc.add(birth, age, names.retires)))
  const dates = {
    delayMonths: whole(delay),
    ageMonths: whole(age),
    originalAgeMonths: whole(original),
    statutory,
    minimumMonths: minimumMonths(policyOn, statutory),
  }
  if (!affected) return dates
  const early = calc.max(original, calc.sub(age, policy.value('retirement.flexible.maxEarly')), names.earliestAge)
  const late = calc.add(age, policy.value('retirement.flexible.maxLate'))
  const earliest = monthOf(whole(calc.add(birth, early, names.earliest)))
  const latest = monthOf(whole(calc.add(birth, late, names.latest)))
  return { ...dates, window: { earliest, latest } }
}

function delayOf(calc: Calc, birth: Val, start: Val, step: Val, cap: Val): { delay: Val; affected: boolean } {
  const since = calc.sub(birth, start, names.since)
  const before = calc.compare(since, 'lt', calc.literal(0), names.before)
  const steps = calc.add(calc.round(calc.div(since, step), floorTo(0)), calc.literal(1), names.steps)
  const delay = calc.choose(before, calc.literal(0), calc.min(steps, cap), names.delay)
  return { delay, affected: before.n === 0n }
}
