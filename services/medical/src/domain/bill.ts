// A bill as it comes in: checked row by row, classed by the catalogue of each row's day, split at new year where the
// region says so (O§3.7 steps 2 and 3).
import { addDays, type Day, isDay, type Policy, parseRational, type Rational, roundToInteger } from '@jinbao/core'
import { type BillItem, type PricedItem, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import type { Bill } from '@jinbao/proto/medical/v1/medical.ts'
import type { Catalogue } from './catalogue.ts'
import { refuse } from './refusals.ts'

export const MAX_ITEMS = 2_000
const MAX_FEN = 100_000_000_00n

const field = (name: string, reason: string, message: string) => [{ field: name, reason, message }]

export function checkBill(bill: Bill, today: Day): void {
  if (!bill.billNumber) refuse('BILL_NUMBER_MISSING')
  if (bill.treatment === Treatment.TREATMENT_UNSPECIFIED) refuse('TREATMENT_MISSING')
  for (const name of ['from', 'to'] as const)
    if (!isDay(bill[name])) refuse('BAD_DAY', { field: name, value: bill[name] }, field(name, 'BAD_DAY', bill[name]))
  if (bill.to < bill.from) refuse('STAY_REVERSED')
  if (bill.to > today) refuse('DAY_IN_FUTURE', { field: 'to', value: bill.to })
  if (bill.treatment !== Treatment.INPATIENT && bill.from !== bill.to) refuse('VISIT_TOO_LONG')
  if (bill.items.length === 0) refuse('BILL_EMPTY')
  if (bill.items.length > MAX_ITEMS) refuse('BILL_TOO_LONG', { max: MAX_ITEMS })
}

function quantityOf({ line, quantity }: BillItem, at: string): Rational {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(quantity) || /^[0.]+$/.test(quantity))
    refuse('BAD_QUANTITY', { line, value: quantity }, field(`${at}.quantity`, 'BAD_QUANTITY', quantity))
  return parseRational(quantity)
}

function priced(item: BillItem, at: string, bill: Bill, place: string, catalogue: Catalogue): PricedItem {
  const { line, code, on, amountFen } = item
  if (!isDay(on)) refuse('BAD_DAY', { field: `${at}.on`, value: on }, field(`${at}.on`, 'BAD_DAY', on))
  if (on < bill.from || on > bill.to)
    refuse('ITEM_OUTSIDE_STAY', { line, on }, field(`${at}.on`, 'ITEM_OUTSIDE_STAY', on))
  const quantity = quantityOf(item, at)
  if (amountFen < 0n || amountFen > MAX_FEN)
    refuse('BAD_AMOUNT', { field: `${at}.amount_fen`, max: MAX_FEN }, field(`${at}.amount_fen`, 'BAD_AMOUNT', ''))
  const found = catalogue.find(place, code, on)
  if (!found) return refuse('ITEM_UNKNOWN', { code, on }, field(`${at}.code`, 'ITEM_UNKNOWN', code))
  const { entry, version } = found
  // MED-23: the ceiling is the row's: quantity times the ceiling of a piece.
  const ceilingFen = roundToInteger(entry.ceilingFen * quantity.n, quantity.d, 'HALF_UP')
  return { line, code, on, amountFen, class: entry.class, firstPay: entry.firstPay, ceilingFen, catalogue: version }
}

/** MED-24: the version on each row's own day; O§3.5: of the place of treatment. */
export function pricedItems(bill: Bill, place: string, catalogue: Catalogue): PricedItem[] {
  const seen = new Set<number>()
  return bill.items.map((item, i) => {
    if (seen.has(item.line)) refuse('LINE_TWICE', { line: item.line })
    seen.add(item.line)
    return priced(item, `bill.items[${i}]`, bill, place, catalogue)
  })
}

export interface Part {
  readonly year: number
  readonly from: Day
  readonly to: Day
  readonly items: readonly PricedItem[]
}

/** Step 2: split at 1 January only where the policy says so; else the day of discharge decides the year. */
export function partsOf(bill: Pick<Bill, 'from' | 'to'>, items: readonly PricedItem[], policy: Policy): Part[] {
  const [first, last] = [Number(bill.from.slice(0, 4)), Number(bill.to.slice(0, 4))]
  const whole = { year: last, from: bill.from, to: bill.to, items }
  if (first === last || policy.word('medical.ip.yearSplit', ['DISCHARGE', 'NEW_YEAR']).word === 'DISCHARGE')
    return [whole]
  const parts: Part[] = []
  for (let year = first; year <= last; year++) {
    const from = year === first ? bill.from : `${year}-01-01`
    const to = year === last ? bill.to : addDays(`${year + 1}-01-01`, -1)
    const own = items.filter(({ on }) => on >= from && on <= to)
    if (own.length > 0) parts.push({ year, from, to, items: own })
  }
  return parts
}
