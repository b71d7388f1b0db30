import { type Calc, halfUp, type Label, label, type Policy, type Val } from '@jinbao/core'

const precision = label('years.precision', 'P§2.4', 'WORD', '缴费年限精度', 'how months become years')

/** Months as years, by the region's precision (P§2.4). */
export function yearsOf(calc: Calc, policy: Policy, months: Val, name: Label): Val {
  const exact = calc.div(months, calc.literal(12), { ...name, id: `${name.id}.exact` })
  return calc.word(precision, policy.word('pension.yearsPrecision', ['2DP', 'EXACT'])) === 'EXACT'
    ? exact
    : calc.round(exact, halfUp(2), name)
}
