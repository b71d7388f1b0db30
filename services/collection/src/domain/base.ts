// Contribution base 缴费基数: the average wage, rounded, then clamped (C-1 to C-5, DC-02 to DC-04).
import { type Calc, label, q, type Source, type Val, yuan } from '@jinbao/core'
import { type BaseTerms, roundings } from './terms.ts'

const names = {
  wages: label('wages', 'C-1', 'CNY', '工资总额', 'wages'),
  months: label('months', 'C-1', 'MONTHS', '工资月数', 'months they were earned in'),
  average: label('average', 'C-1', 'CNY', '月平均工资', 'average monthly wage'),
  rounding: label('rounding', 'C-5', 'WORD', '缴费基数取整', 'rounding of the base'),
  rounded: label('rounded', 'C-5', 'CNY', '取整后的月平均工资', 'average wage, rounded'),
  base: label('base', 'C-3', 'CNY', '缴费基数', 'contribution base'),
}

export interface Wage {
  readonly wageFen: bigint
  /** 0 is read as 1: the proto's zero value. */
  readonly months: number
}

/** C-1: last calendar year's average wage, an exact quotient; a newcomer's agreed wage. */
export function averageWage(calc: Calc, { wageFen, months }: Wage, source: Source): Val {
  const wages = calc.input(names.wages, yuan(wageFen), source)
  return months <= 1 ? wages : calc.div(wages, calc.input(names.months, q.integer(months), source), names.average)
}

/** C-5: rounded as the region does it, not yet clamped. */
export function roundedWage(calc: Calc, terms: BaseTerms, average: Val): Val {
  return calc.round(average, roundings[calc.word(names.rounding, terms.rounding)], names.rounded)
}

/** C-3, DC-03, DC-04: between the published bounds. */
export function clampedBase(calc: Calc, terms: BaseTerms, rounded: Val): Val {
  return calc.clamp(rounded, terms.floor, terms.ceiling, names.base)
}
