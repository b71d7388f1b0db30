// The monthly pension (P§2.4 to P§2.8): basic, account and transitional part, local additions, total.
import {
  type Calc,
  CEIL_JIAO,
  completedMonths,
  firstDay,
  HALF_UP_FEN,
  label,
  type Month,
  type Policy,
  type PolicyOn,
  type Val,
  yuan,
} from '@jinbao/core'
import type { Indexes } from './average-index.ts'
import { lastPublished, type OfYear, yearOf } from './dated.ts'
import { type CountedMonths, countedMonths } from './entitlement.ts'
import { payoutMonths } from './payout.ts'
import { transitional } from './transitional.ts'
import { yearsOf } from './years.ts'

const names = {
  months: label('months.counted', 'P-4', 'MONTHS', '缴费月数（实际和视同）', 'months that count, paid and deemed'),
  years: label('years', 'P§2.4', 'YEARS', '缴费年限', 'contribution years'),
  indexed: label('indexedWage', 'P§2.4', 'CNY', '本人指数化月平均缴费工资', 'indexed monthly wage'),
  mean: label('mean', 'P§2.4', 'CNY', '计发基数与指数化工资的平均数', 'mean of pension base and indexed wage'),
  basic: label('basic', 'P§2.4', 'CNY', '基础养老金', 'basic pension'),
  balance: label('balance', 'P§2.6', 'CNY', '个人账户储存额', 'account balance at retirement'),
  account: label('accountPension', 'P§2.6', 'CNY', '个人账户养老金', 'account pension'),
  additionRule: label('addition.strategy', 'P§2.7', 'WORD', '地方增发算法', 'formula of the local addition'),
  addition: label('addition', 'P§2.7', 'CNY', '地方增发养老金', 'local addition'),
  rounding: label('total.rounding', 'P§2.8', 'WORD', '合计取整', 'rounding of the total'),
  total: label('total', 'P§2.8', 'CNY', '月基本养老金', 'monthly pension'),
}

export interface AwardFacts {
  /** Where months and balance are recorded. */
  readonly stream: string
  readonly birthMonth: Month
  readonly retirementMonth: Month
  readonly counted: CountedMonths
  readonly balanceFen: bigint
  /** The region's special addition for early cases holds. */
  readonly special: boolean
}

export interface Awarded {
  readonly basic: Val
  readonly account: Val
  readonly transitional: Val
  readonly additions: Val
  readonly total: Val
  readonly years: Val
  readonly payout: Val
  readonly base: OfYear
  /** The base of the year of retirement is not published: to be reassessed. */
  readonly provisional: boolean
}

export function award(calc: Calc, policyOn: PolicyOn, facts: AwardFacts, { index, actualIndex }: Indexes): Awarded {
  const { retirementMonth, stream } = facts
  const policy = policyOn(firstDay(retirementMonth))
  const base = lastPublished(policyOn, 'pension.base', yearOf(retirementMonth))
  const baseForIndex = lastPublished(policyOn, 'pension.baseForIndex', yearOf(retirementMonth))
  const all = countedMonths(facts.counted, retirementMonth)
  const years = yearsOf(calc, policy, calc.months(names.months, all, { stream }), names.years)
  const indexedWage = calc.round(calc.mul(baseForIndex.value, index), HALF_UP_FEN, names.indexed)
  const mean = calc.div(calc.add(base.value, indexedWage), calc.literal(2), names.mean)
  const basic = calc.round(calc.mul(calc.mul(mean, years), policy.value('pension.accrual')), HALF_UP_FEN, names.basic)
  const payout = payoutMonths(calc, policy, completedMonths(facts.birthMonth, retirementMonth), { stream })
  const balance = calc.input(names.balance, yuan(facts.balanceFen), { stream })
  const account = calc.round(calc.div(balance, payout), HALF_UP_FEN, names.account)
  const middle = transitional(calc, {
    stream,
    policy,
    actual: facts.counted.actual,
    deemed: facts.counted.deemed.minus(facts.counted.actual),
    base: base.value,
    baseForIndex: baseForIndex.value,
    indexedWage,
    index,
    actualIndex,
  })
  const additions = localAddition(calc, policy, indexedWage, years, facts.special)
  const total = rounded(calc, policy, [basic, account, middle, additions])
  const provisional = base.provisional || baseForIndex.provisional
  return { basic, account, transitional: middle, additions, total, years, payout, base, provisional }
}

function localAddition(calc: Calc, policy: Policy, indexedWage: Val, years: Val, special: boolean): Val {
  const strategy = calc.word(names.additionRule, policy.word('pension.addition.strategy', ['NONE', 'INDEXED_YEARS']))
  if (strategy === 'NONE') return calc.literal(0)
  const rate = policy.value(special ? 'pension.addition.specialRate' : 'pension.addition.rate')
  return calc.round(calc.mul(calc.mul(indexedWage, rate), years), HALF_UP_FEN, names.addition)
}

/** The parts are rounded to the fen already; some regions round their sum up to the jiao (见分进角). */
function rounded(calc: Calc, policy: Policy, parts: readonly Val[]): Val {
  const rounding = calc.word(names.rounding, policy.word('pension.totalRounding', ['CENT_HALF_UP', 'JIAO_CEIL']))
  return rounding === 'JIAO_CEIL' ? calc.round(calc.sum(parts), CEIL_JIAO, names.total) : calc.sum(parts, names.total)
}
