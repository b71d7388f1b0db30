// Payout months (P§2.6): the national table has whole ages; the region says what holds between them.
import { type Calc, halfUp, label, type Policy, q, type Source, type Val, yearsAndMonths } from '@jinbao/core'
import { refuse } from './refusals.ts'

const PAYOUT = 'P§2.6'
const names = {
  rule: label('payout.rule', PAYOUT, 'WORD', '非整岁计发月数取法', 'payout months between two whole ages'),
  at: label('payout.at', PAYOUT, 'MONTHS', '本岁计发月数', 'payout months at the whole age'),
  next: label('payout.next', PAYOUT, 'MONTHS', '下一岁计发月数', 'payout months at the next whole age'),
  age: label('payout.age', 'F-5', 'MONTHS', '实际退休时年龄（月）', 'age in months at the actual retirement month'),
  payout: label('payout', PAYOUT, 'MONTHS', '计发月数', 'payout months'),
}

/** By the age at the actual retirement month, early, statutory or delayed, without bonus or penalty (F-5). */
export function payoutMonths(calc: Calc, policy: Policy, ageMonths: number, source: Source = {}): Val {
  const age = calc.input(names.age, q.integer(ageMonths), source)
  const table = policy.table('pension.payoutMonths')
  const rule = calc.word(
    names.rule,
    policy.word('pension.payoutMonths.fractionalRule', ['LINEAR_1DP', 'FLOOR_AGE', 'TABLE']),
  )
  const { years, months } = yearsAndMonths(ageMonths)
  const row = (key: string, name = names.payout) => {
    if (!table.rows.has(key)) refuse('PAYOUT_AGE_OUT_OF_RANGE', { age: `${years}y${months}m` })
    return calc.lookup(table, key, name, age)
  }
  if (months === 0 || rule === 'FLOOR_AGE') return row(String(years))
  if (rule === 'TABLE') return row(`${years}y${months}m`)
  const at = row(String(years), names.at)
  const step = calc.sub(row(String(years + 1), names.next), at)
  const exact = calc.add(at, calc.div(calc.mul(step, calc.literal(months)), calc.literal(12)))
  return calc.round(exact, halfUp(1), names.payout)
}
