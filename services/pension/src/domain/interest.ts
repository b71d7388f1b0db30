// Interest on the account (P§1.5): a segment of a year on the whole account, rounded, then shared over its parts.
import {
  type Arg,
  type Calc,
  HALF_UP_FEN,
  label,
  labelOf,
  largestRemainder,
  type PolicyOn,
  q,
  toFen,
  type Val,
  yuan,
} from '@jinbao/core'
import { noParts, type Parts, totalOf } from './balances.ts'
import { lastPublished, type OfYear, ofYear } from './dated.ts'
import { refuse } from './refusals.ts'

const names = {
  rate: label('rate', 'P§1.5', 'RATE', '记账利率', 'account interest rate'),
  method: label('method', 'I-1', 'WORD', '计息方法', 'method of interest on the year’s credits'),
  opening: label('opening', 'I-1', 'CNY', '期初余额', 'opening balance'),
  months: label('months', 'I-1', 'MONTHS', '计息月数', 'months of the segment'),
  credit: label('credit', 'I-1', 'CNY', '当月记入', 'credited in the month'),
  charge: label('charge', 'I-3', 'CNY', '当月支付', 'paid out in the month'),
  product: label('product', 'I-1', 'CNY', '月积数合计', 'sum of month products'),
  credits: label('credits', 'I-2', 'CNY', '本年记入合计', 'credits of the year'),
  onOpening: label('interest.opening', 'I-1', 'CNY', '期初余额利息', 'interest on the opening balance'),
  onCredits: label('interest.credits', 'I-1', 'CNY', '本年记入利息', 'interest on the credits'),
  onResidue: label('interest.residue', 'I-3', 'CNY', '退休后余额利息', 'interest on the balance after retirement'),
  interest: label('interest', 'I-1', 'CNY', '利息', 'interest'),
}

export interface Movement {
  /** Month of the year, 1 to 12, from which it counts. */
  readonly at: number
  /** Place in PARTS. */
  readonly part: number
  readonly fen: bigint
}

/** A stretch of a year, and what stood on the account in it. */
export interface SegmentFacts {
  readonly year: number
  /** Months of the year before the segment: 0, or the retirement month. */
  readonly after: number
  /** Last month of the segment. */
  readonly to: number
  /** True when the account is being paid out (I-3). */
  readonly payout: boolean
  readonly opening: Parts
  readonly credits: readonly Movement[]
  /** Charges of pension months. */
  readonly charges: readonly Movement[]
  /** Where the balance comes from. */
  readonly stream: string
}

export interface Terms {
  readonly rate: OfYear
  readonly method: 'MONTH_PRODUCT' | 'YEARLY'
  readonly policyOn: PolicyOn
}

/** The rate and method for a year; undefined when the region posts nothing before the rate is out (I-4). */
export function termsOf(calc: Calc, policyOn: PolicyOn, year: number, settling = false): Terms | undefined {
  const policy = policyOn(`${year}-12-31`)
  const method = calc.word(names.method, policy.word('account.interestMethod', ['MONTH_PRODUCT', 'YEARLY']))
  const own = ofYear(policyOn, 'account.interestRate', year)
  if (own) return { rate: { value: own, year, provisional: false }, method, policyOn }
  const until = policy.word('interest.provisionalPolicy', ['LAST_PUBLISHED', 'NONE', 'ERROR']).word
  if (until === 'ERROR') return refuse('RATE_NOT_PUBLISHED', { year })
  // A retirement or a death settles at once with the last published rate (reading on I-1 at retirement).
  if (until === 'NONE' && !settling) return undefined
  return { rate: lastPublished(policyOn, 'account.interestRate', year), method, policyOn }
}

export interface Interest {
  readonly total: Val
  readonly opening: Val
  readonly credits: Val
  readonly parts: Parts
}

const literalMonths = (calc: Calc, { after, to }: SegmentFacts) => calc.literal(to - after)

/** Sum of amounts by the months they count: the weights are the months left in the segment, its own included. */
function product(
  calc: Calc,
  movements: readonly Movement[],
  to: number,
  name: typeof names.credit,
  stream: string,
): Val[] {
  const byMonth = new Map<number, bigint>()
  for (const { at, fen } of movements) byMonth.set(at, (byMonth.get(at) ?? 0n) + fen)
  return [...byMonth]
    .sort(([a], [b]) => a - b)
    .map(([at, fen]) => calc.mul(calc.input(labelOf(name, at), yuan(fen), { stream }), calc.literal(to - at + 1)))
}

function sumOr0(calc: Calc, values: readonly Val[], name: typeof names.product): Val {
  return values.length > 0 ? calc.sum(values, name) : calc.literal(0)
}

export function interestOf(calc: Calc, facts: SegmentFacts, terms: Terms): Interest {
  const opening = calc.input(names.opening, yuan(totalOf(facts.opening)), { stream: facts.stream })
  const { onOpening, onCredits } = facts.payout
    ? residue(calc, facts, opening, terms.rate.value)
    : {
        onOpening: interestOnOpening(calc, facts, opening, terms.rate.value),
        onCredits: interestOnCredits(calc, facts, terms),
      }
  const total = calc.add(onOpening, onCredits, names.interest)
  return { total, opening: onOpening, credits: onCredits, parts: shares(toFen(total), facts) }
}

/** I-1, first half; a segment of m months bears m twelfths. */
function interestOnOpening(calc: Calc, facts: SegmentFacts, opening: Val, rate: Arg): Val {
  const year = calc.mul(opening, rate)
  const part =
    facts.to - facts.after === 12 ? year : calc.div(calc.mul(year, literalMonths(calc, facts)), calc.literal(12))
  return calc.round(part, HALF_UP_FEN, names.onOpening)
}

function interestOnCredits(calc: Calc, facts: SegmentFacts, { rate, method, policyOn }: Terms): Val {
  // The yearly factor is the mean weight of twelve months: it fits whole years only.
  if (method === 'YEARLY' && facts.after === 0 && facts.to === 12) {
    const source = { stream: facts.stream }
    const credits = calc.input(names.credits, yuan(facts.credits.reduce((sum, { fen }) => sum + fen, 0n)), source)
    const factor = policyOn(`${facts.year}-12-31`).value('account.yearlyMethodFactor')
    const mean = calc.div(calc.mul(calc.mul(credits, rate.value), factor), calc.literal(2))
    return calc.round(mean, HALF_UP_FEN, { ...names.onCredits, rule: 'I-2' })
  }
  const products = sumOr0(calc, product(calc, facts.credits, facts.to, names.credit, facts.stream), names.product)
  return calc.round(calc.div(calc.mul(products, rate.value), calc.literal(12)), HALF_UP_FEN, names.onCredits)
}

/** I-3: one product over the balance and what was paid from it, rounded once. */
function residue(calc: Calc, facts: SegmentFacts, opening: Val, rate: Arg): { onOpening: Val; onCredits: Val } {
  const held = calc.mul(opening, literalMonths(calc, facts))
  const came = product(calc, facts.credits, facts.to, names.credit, facts.stream)
  const paid = sumOr0(calc, product(calc, facts.charges, facts.to, names.charge, facts.stream), names.product)
  const rest = calc.sub(calc.sum([held, ...came]), paid, { ...names.product, id: 'product.residue', rule: 'I-3' })
  const exact = calc.div(calc.mul(rest, rate), calc.literal(12))
  return { onOpening: calc.round(exact, HALF_UP_FEN, names.onResidue), onCredits: calc.literal(0) }
}

/** Whole account first, then largest remainder over the parts by what each had on the account and for how long. */
function shares(total: bigint, { opening, credits, after, to }: SegmentFacts): Parts {
  const weights = opening.map((fen) => fen * BigInt(to - after))
  for (const { at, part, fen } of credits) weights[part] = (weights[part] ?? 0n) + fen * BigInt(to - at + 1)
  if (total === 0n) return noParts
  return largestRemainder(
    total,
    weights.map((weight) => (weight < 0n ? 0n : weight)),
  )
}

/** `0.0262` */
export const rateText = (terms: Terms): string => q.formatRational(terms.rate.value)
