// Transitional pension (P§2.7): delegated to the provinces, so a formula a region, and none for whoever has no deemed
// months.
import { type Calc, HALF_UP_FEN, label, type MonthSet, monthOf, type Policy, type Val } from '@jinbao/core'
import { refuse } from './refusals.ts'
import { yearsOf } from './years.ts'

const TRANSITIONAL = 'P§2.7'
const names = {
  strategy: label(
    'transitional.strategy',
    TRANSITIONAL,
    'WORD',
    '过渡性养老金算法',
    'formula of the transitional pension',
  ),
  deemed: label('months.deemed.before', TRANSITIONAL, 'MONTHS', '视同缴费月数', 'deemed months'),
  deemedYears: label('years.deemed', TRANSITIONAL, 'YEARS', '视同缴费年限', 'deemed years'),
  actual: label('months.transition', TRANSITIONAL, 'MONTHS', '过渡期实际缴费月数', 'actual months of the transition'),
  actualYears: label('years.transition', TRANSITIONAL, 'YEARS', '过渡期实际缴费年限', 'actual years of the transition'),
  deemedPart: label('transitional.deemed', TRANSITIONAL, 'CNY', '视同缴费部分', 'part of the deemed years'),
  actualPart: label('transitional.actual', TRANSITIONAL, 'CNY', '实际缴费部分', 'part of the actual years'),
  paid: label('months.paid', TRANSITIONAL, 'MONTHS', '实际缴费月数', 'actual months'),
  long: label('transitional.long', TRANSITIONAL, 'FLAG', '实际缴费超过界限', 'actual months above the limit'),
  coefficient: label('transitional.coefficient', TRANSITIONAL, 'RATE', '过渡系数', 'coefficient'),
  pension: label('transitional', TRANSITIONAL, 'CNY', '过渡性养老金', 'transitional pension'),
}

const STRATEGIES = ['LINEAR', 'BEIJING_2007', 'SICHUAN', 'JILIN', 'SHANGHAI'] as const

export interface TransitionalFacts {
  readonly stream: string
  readonly policy: Policy
  readonly actual: MonthSet
  /** Deemed months that are not paid ones too. */
  readonly deemed: MonthSet
  readonly base: Val
  readonly baseForIndex: Val
  readonly indexedWage: Val
  readonly index: Val
  readonly actualIndex: Val
}

export function transitional(calc: Calc, facts: TransitionalFacts): Val {
  if (facts.deemed.size === 0) return calc.literal(0)
  const strategy = calc.word(names.strategy, facts.policy.word('pension.transitional.strategy', STRATEGIES))
  const exact = exactly(calc, strategy, facts)
  return calc.round(exact, HALF_UP_FEN, names.pension)
}

function exactly(calc: Calc, strategy: (typeof STRATEGIES)[number], facts: TransitionalFacts): Val {
  switch (strategy) {
    case 'LINEAR':
      return calc.mul(calc.mul(facts.indexedWage, deemedYears(calc, facts, facts.deemed)), coefficient(facts))
    case 'BEIJING_2007':
      return beijing(calc, facts)
    case 'SICHUAN':
      return sichuan(calc, facts)
    case 'JILIN':
      return jilin(calc, facts)
    default:
      return refuse('FORMULA_NOT_KNOWN', { strategy })
  }
}

const coefficient = ({ policy }: TransitionalFacts) => policy.value('pension.transitional.coefficient')
const monthValue = (policy: Policy, key: string) => monthOf(Number(policy.value(key).n))

function deemedYears(calc: Calc, { stream, policy }: TransitionalFacts, months: MonthSet): Val {
  return yearsOf(calc, policy, calc.months(names.deemed, months, { stream }), names.deemedYears)
}

/** 京劳社养发〔2007〕21号: deemed years before the account start at index 1, actual years of the transition at the
 * actual index; both terms exact, rounded once as one component. */
function beijing(calc: Calc, facts: TransitionalFacts): Val {
  const { policy, stream, base } = facts
  const start = monthValue(policy, 'account.start')
  const transition = facts.actual.from(start).minus(facts.actual.from(nextOf(policy)))
  const index = policy.value('pension.index.deemed')
  const early = calc.mul(calc.mul(base, index), deemedYears(calc, facts, facts.deemed.before(start)))
  const count = calc.months(names.actual, transition, { stream })
  const years = yearsOf(calc, policy, count, names.actualYears)
  const late = calc.mul(calc.mul(base, facts.actualIndex), years)
  const rate = coefficient(facts)
  return calc.add(calc.mul(early, rate, names.deemedPart), calc.mul(late, rate, names.actualPart))
}

const nextOf = (policy: Policy) => monthOf(Number(policy.value('pension.transitional.lastMonth').n) + 1)

/** Mean of base and indexed wage, by the years before the account start. */
function sichuan(calc: Calc, facts: TransitionalFacts): Val {
  const mean = calc.div(calc.add(facts.base, facts.indexedWage), calc.literal(2))
  const before = facts.deemed.before(monthValue(facts.policy, 'account.start'))
  return calc.mul(calc.mul(mean, deemedYears(calc, facts, before)), coefficient(facts))
}

/** Provincial base by deemed years and index; a higher coefficient after more than the given actual months. */
function jilin(calc: Calc, facts: TransitionalFacts): Val {
  const { policy } = facts
  const paid = calc.months(names.paid, facts.actual, { stream: facts.stream })
  const long = calc.compare(paid, 'gt', policy.value('pension.transitional.longAfterMonths'), names.long)
  const rate = calc.choose(
    long,
    policy.value('pension.transitional.longCoefficient'),
    coefficient(facts),
    names.coefficient,
  )
  const wage = calc.mul(facts.baseForIndex, facts.index)
  return calc.mul(calc.mul(wage, deemedYears(calc, facts, facts.deemed)), rate)
}
