// Steps 3 to 5 (O§3.7): each row by its class, then what lies within the policy's scope.
import { type Arg, type Calc, HALF_UP_FEN, label, parseRational, type Rational, type Val, yuan } from '@jinbao/core'
import { ItemClass, type PricedItem } from '@jinbao/proto/medical/v1/events.ts'
import type { BillFacts, Scope } from './figures.ts'

const names = {
  amount: label('item', 'O§3.7', 'CNY', '项目金额', 'charged for a row'),
  ceiling: label('item.ceiling', 'MED-23', 'CNY', '支付标准', 'price ceiling of a row'),
  over: label('item.over', 'MED-23', 'CNY', '超支付标准', 'above the ceiling'),
  share: label('item.share', 'MED-22', 'RATE', '先行自付比例', 'share paid first'),
  first: label('item.firstPay', 'MED-22', 'CNY', '先行自付', 'paid first'),
  total: label('T', 'O§3.7', 'CNY', '总费用', 'charged in all'),
  outOfScope: label('C', 'MED-22', 'CNY', '目录外费用', 'outside the catalogue'),
  overCeiling: label('L', 'MED-23', 'CNY', '超限价费用', 'above price ceilings'),
  firstPay: label('B', 'MED-22', 'CNY', '乙类先行自付', 'paid first on class B'),
  eligible: label('E', 'O§3.7', 'CNY', '政策范围内费用', "within the policy's scope"),
}

const shares = new Map<string, Rational>()
/** Catalogues have few different shares. */
export function shareOf(text: string): Rational {
  const known = shares.get(text)
  if (known) return known
  const share = parseRational(text)
  if (shares.size < 10_000) shares.set(text, share)
  return share
}

interface Sums {
  readonly all: Val[]
  readonly c: Val[]
  readonly l: Val[]
  readonly b: Val[]
}

/** Step 4 for one row; the ceiling is the row's (reading on MED-23). */
function classify(calc: Calc, item: PricedItem, sums: Sums, rates: Map<string, Val>): void {
  const source = { document: `${item.code} ${item.catalogue}` }
  const amount = calc.input(names.amount, yuan(item.amountFen), source)
  sums.all.push(amount)
  if (item.class === ItemClass.CLASS_C) {
    sums.c.push(amount)
    return
  }
  let within: Arg = amount
  if (item.ceilingFen > 0n) {
    const ceiling = calc.input(names.ceiling, yuan(item.ceilingFen), source)
    const over = calc.max(calc.sub(amount, ceiling), calc.literal(0), names.over)
    sums.l.push(over)
    within = calc.sub(amount, over)
  }
  if (item.class !== ItemClass.CLASS_B) return
  const share = rates.get(item.firstPay) ?? calc.input(names.share, shareOf(item.firstPay), source)
  rates.set(item.firstPay, share)
  sums.b.push(calc.round(calc.mul(within, share), HALF_UP_FEN, names.first))
}

export function scopeOf(calc: Calc, { items }: Pick<BillFacts, 'items'>): Scope {
  const sums: Sums = { all: [], c: [], l: [], b: [] }
  const rates = new Map<string, Val>()
  for (const item of items) classify(calc, item, sums, rates)
  const total = calc.sum(sums.all, names.total)
  const outOfScope = calc.sum(sums.c, names.outOfScope)
  const overCeiling = calc.sum(sums.l, names.overCeiling)
  const firstPay = calc.sum(sums.b, names.firstPay)
  const eligible = calc.sub(calc.sub(calc.sub(total, outOfScope), overCeiling), firstPay, names.eligible)
  return { total, outOfScope, overCeiling, firstPay, eligible }
}
