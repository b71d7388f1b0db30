// Exact fractions of the verifier's own. Always in lowest terms with a positive denominator, so equal numbers are
// equal pairs. Written apart from the platform's arithmetic on purpose: two programs seldom err alike.

export type Fraction = readonly [above: bigint, below: bigint]

export class DivisionByZero extends Error {}

export function fraction(above: bigint, below = 1n): Fraction {
  if (below === 0n) throw new DivisionByZero('division by zero')
  let [x, y] = [above < 0n ? -above : above, below < 0n ? -below : below]
  const positive = above < 0n === below < 0n
  const [top, bottom] = [x, y]
  while (y > 0n) [x, y] = [y, x % y]
  return [(positive ? top : -top) / x, bottom / x]
}

/** `12`, `-0.16`, `16%` or `7/3`; undefined for anything else. */
export function read(text: string): Fraction | undefined {
  const parts = /^(-)?(\d+)(?:\.(\d+)|\/(\d+))?(%)?$/.exec(text)
  if (!parts) return undefined
  const [, minus, whole = '', decimals = '', below, percent] = parts
  if (below !== undefined && (percent || BigInt(below) === 0n)) return undefined
  const above = BigInt(whole + decimals)
  const scale = below === undefined ? 10n ** BigInt(decimals.length + (percent ? 2 : 0)) : BigInt(below)
  return fraction(minus ? -above : above, scale)
}

/** A decimal where it ends, else `n/d`. */
export function write([above, below]: Fraction): string {
  for (let digits = 0; digits <= 60; digits++) {
    const scale = 10n ** BigInt(digits)
    if (scale % below !== 0n) continue
    const text = String((above < 0n ? -above : above) * (scale / below)).padStart(digits + 1, '0')
    const cut = text.length - digits
    return `${above < 0n ? '-' : ''}${text.slice(0, cut)}${digits ? `.${text.slice(cut)}` : ''}`
  }
  return `${above}/${below}`
}

export const plus = (a: Fraction, b: Fraction): Fraction => fraction(a[0] * b[1] + b[0] * a[1], a[1] * b[1])
export const minus = (a: Fraction, b: Fraction): Fraction => fraction(a[0] * b[1] - b[0] * a[1], a[1] * b[1])
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a[0] * b[0], a[1] * b[1])
export const over = (a: Fraction, b: Fraction): Fraction => fraction(a[0] * b[1], a[1] * b[0])
export const same = (a: Fraction, b: Fraction): boolean => a[0] === b[0] && a[1] === b[1]

/** -1, 0 or 1. */
export function order(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const [difference] = minus(a, b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The largest whole number not above. */
export function whole([above, below]: Fraction): bigint {
  const towardsZero = above / below
  return above < towardsZero * below ? towardsZero - 1n : towardsZero
}

export type Mode = 'HALF_UP' | 'FLOOR' | 'CEIL'

/** To so many decimals: down, up, or to the nearest with one half away from zero. */
export function rounded(value: Fraction, mode: Mode, digits: number): Fraction {
  const scale = 10n ** BigInt(digits)
  const scaled = times(value, [scale, 1n])
  const negated: Fraction = [-scaled[0], scaled[1]]
  const half: Fraction = [1n, 2n]
  if (mode === 'FLOOR') return fraction(whole(scaled), scale)
  if (mode === 'CEIL') return fraction(-whole(negated), scale)
  return fraction(scaled[0] < 0n ? -whole(plus(negated, half)) : whole(plus(scaled, half)), scale)
}
