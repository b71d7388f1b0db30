// Money is whole fen in a bigint, named …Fen; inside a formula it is an exact rational of yuan, as the law writes it.
import type { Rational } from './rational.ts'

/** Yuan, exact. */
export function yuan(fen: bigint): Rational {
  return { n: fen, d: 100n }
}

/** Whole fen of an amount that a named rounding has already made whole. Throws when a fraction of a fen is left. */
export function toFen(amount: Rational): bigint {
  const n = amount.n * 100n
  if (n % amount.d !== 0n) throw new RangeError(`not a whole number of fen: ${amount.n}/${amount.d} yuan`)
  return n / amount.d
}

/** Reads yuan with at most two decimals (`12345.67`) as fen; undefined when it is anything else. */
export function parseYuan(text: string): bigint | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!match) return undefined
  const fen = BigInt(match[2]!) * 100n + BigInt((match[3] ?? '').padEnd(2, '0'))
  return match[1] ? -fen : fen
}

/** Fen as yuan with two decimals, for people and files: `-1234.05`. */
export function formatFen(fen: bigint): string {
  const text = (fen < 0n ? -fen : fen).toString().padStart(3, '0')
  return `${fen < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}

/**
 * Splits a total in proportion to the weights so that the parts add up to it (largest remainder; ties go to the
 * earlier part). All weights zero: everything to the first part. A negative total is split as its opposite.
 */
export function largestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 0) throw new RangeError('nothing to split among')
  if (total < 0n) return largestRemainder(-total, weights).map((part) => -part)
  if (weights.some((w) => w < 0n)) throw new RangeError('a negative weight')
  const sum = weights.reduce((a, b) => a + b, 0n)
  if (sum === 0n) return weights.map((_, i) => (i === 0 ? total : 0n))
  const parts = weights.map((w) => (total * w) / sum)
  const rest = Number(total - parts.reduce((a, b) => a + b, 0n))
  const order = weights
    .map((w, index) => ({ index, remainder: (total * w) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
  for (const { index } of order.slice(0, rest)) parts[index] = parts[index]! + 1n
  return parts
}

/** As largestRemainder, for yuan and weights of any kind: the shares are whole fen and add up to the total. */
export function splitYuan(total: Rational, weights: readonly Rational[]): Rational[] {
  const common = weights.reduce((product, weight) => (product % weight.d === 0n ? product : product * weight.d), 1n)
  const whole = weights.map((weight) => (weight.n * common) / weight.d)
  return largestRemainder(toFen(total), whole).map(yuan)
}
