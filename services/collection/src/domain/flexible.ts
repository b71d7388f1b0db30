// Flexible workers 灵活就业人员: a base of their own choice between the bounds (C-13, C-14), 20 % of which 8 points go to
// the account (C-15).
import {
  type Calc,
  HALF_UP_FEN,
  label,
  type PolicyTable,
  type PolicyValue,
  type PolicyWord,
  type Source,
  type Val,
  yuan,
} from '@jinbao/core'
import { type BaseRounding, type BaseTerms, roundings } from './terms.ts'

const names = {
  chosen: label('chosen', 'C-14', 'CNY', '自选缴费基数', 'base chosen'),
  tier: label('tier', 'C-14', 'RATE', '缴费档次', 'tier'),
  share: label('tierAmount', 'C-14', 'CNY', '档次对应金额', 'share of the average wage'),
  rounding: label('rounding', 'C-5', 'WORD', '缴费基数取整', 'rounding of the base'),
  rounded: label('rounded', 'C-5', 'CNY', '取整后的档次金额', 'tier amount, rounded'),
  base: label('base', 'C-14', 'CNY', '缴费基数', 'contribution base'),
  total: label('total', 'C-15', 'CNY', '应缴额', 'to pay'),
  account: label('account', 'C-15', 'CNY', '记入个人账户', 'credited to the account'),
  pool: label('pool', 'C-15', 'CNY', '记入统筹基金', 'to the pool'),
}

export interface TierTerms extends BaseTerms {
  readonly average: PolicyValue
  readonly tiers: PolicyTable
  readonly rounding: PolicyWord<BaseRounding>
}

/** C-14: a tier is a share of the average wage, rounded as bases are, then kept between floor and ceiling. */
export function tierBase(calc: Calc, terms: TierTerms, tier: string): Val {
  const amount = calc.mul(terms.average, calc.lookup(terms.tiers, tier, names.tier), names.share)
  const rounded = calc.round(amount, roundings[calc.word(names.rounding, terms.rounding)], names.rounded)
  return calc.clamp(rounded, terms.floor, terms.ceiling, names.base)
}

export function chosenBase(calc: Calc, baseFen: bigint, source: Source): Val {
  return calc.input(names.chosen, yuan(baseFen), source)
}

/** C-15: the whole and the account part are each rounded once; the pool has the rest. */
export function flexibleAmounts(
  calc: Calc,
  base: Val,
  rates: { readonly total: PolicyValue; readonly account: PolicyValue },
): { readonly total: Val; readonly account: Val; readonly pool: Val } {
  const total = calc.round(calc.mul(base, rates.total), HALF_UP_FEN, names.total)
  const account = calc.round(calc.mul(base, rates.account), HALF_UP_FEN, names.account)
  return { total, account, pool: calc.sub(total, account, names.pool) }
}
