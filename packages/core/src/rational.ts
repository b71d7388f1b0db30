/** An exact rational number. Rates, indexes and unrounded amounts are rationals; binary floats never carry money. */
export interface Rational {
  readonly n: bigint
  readonly d: bigint
}

/** Above this a fraction is reduced, so that long sums of quotients stay small. */
const REDUCE_ABOVE = 10n ** 24n

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a
  let y = b
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

export function reduce(n: bigint, d: bigint): Rational {
  const g = gcd(n, d)
  return g > 1n ? { n: n / g, d: d / g } : { n, d }
}

export function rational(n: bigint, d: bigint = 1n): Rational {
  if (d === 0n) throw new RangeError('division by zero')
  if (d < 0n) return rational(-n, -d)
  return d > REDUCE_ABOVE ? reduce(n, d) : { n, d }
}

export const zero: Rational = { n: 0n, d: 1n }
export const one: Rational = { n: 1n, d: 1n }
export const hundred: Rational = { n: 100n, d: 1n }

export function integer(value: bigint | number): Rational {
  return { n: BigInt(value), d: 1n }
}

/** Reads `12`, `-0.16`, `16%` or `7/3` exactly. Throws on anything else, exponents included. */
export function parseRational(text: string): Rational {
  const fraction = /^(-?\d+)\/(\d+)$/.exec(text)
  if (fraction) return rational(BigInt(fraction[1]!), BigInt(fraction[2]!))
  const decimal = /^(-?)(\d+)(?:\.(\d+))?(%?)$/.exec(text)
  if (!decimal) throw new RangeError(`not a decimal number: ${text}`)
  const [, sign, whole, part = '', percent] = decimal
  const n = BigInt(`${whole}${part}`)
  return rational(sign ? -n : n, 10n ** BigInt(part.length) * (percent ? 100n : 1n))
}

export function add(a: Rational, b: Rational): Rational {
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : rational(a.n * b.d + b.n * a.d, a.d * b.d)
}
export function sub(a: Rational, b: Rational): Rational {
  return a.d === b.d ? { n: a.n - b.n, d: a.d } : rational(a.n * b.d - b.n * a.d, a.d * b.d)
}
export function mul(a: Rational, b: Rational): Rational {
  return rational(a.n * b.n, a.d * b.d)
}
export function div(a: Rational, b: Rational): Rational {
  return rational(a.n * b.d, a.d * b.n)
}
/** Negative, zero or positive as a is below, equal to or above b. */
export function compare(a: Rational, b: Rational): number {
  const left = a.n * b.d
  const right = b.n * a.d
  return left < right ? -1 : left > right ? 1 : 0
}
export function equal(a: Rational, b: Rational): boolean {
  return compare(a, b) === 0
}

const POWERS_OF_TEN: ReadonlyMap<bigint, number> = new Map(Array.from({ length: 19 }, (_, i) => [10n ** BigInt(i), i]))

/** n / 10^digits without trailing zeros. */
function decimal(n: bigint, digits: number): string {
  const text = (n < 0n ? -n : n).toString().padStart(digits + 1, '0')
  const point = text.length - digits
  let end = text.length
  while (end > point && text.charCodeAt(end - 1) === 48) end--
  const shown = end === point ? text.slice(0, point) : `${text.slice(0, point)}.${text.slice(point, end)}`
  return n < 0n ? `-${shown}` : shown
}

/** Shortest exact text: a decimal where it terminates, else a reduced fraction `n/d`. */
export function formatRational(value: Rational): string {
  const known = POWERS_OF_TEN.get(value.d)
  if (known !== undefined) return known === 0 ? value.n.toString() : decimal(value.n, known)
  const { n, d } = reduce(value.n, value.d)
  let twos = 0
  let fives = 0
  let rest = d
  for (; rest % 2n === 0n; rest /= 2n) twos++
  for (; rest % 5n === 0n; rest /= 5n) fives++
  if (rest !== 1n) return `${n}/${d}`
  const digits = Math.max(twos, fives)
  return decimal((n * 10n ** BigInt(digits)) / d, digits)
}
