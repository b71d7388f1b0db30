import type { Rational } from './rational.ts'

/** Half up is away from zero at one half (四舍五入). */
export type RoundingMode = 'HALF_UP' | 'FLOOR' | 'CEIL'

/** A named rounding: the mode, and how many decimals of the unit (yuan for money) are kept. */
export interface Rounding {
  readonly mode: RoundingMode
  readonly digits: number
}

const rounding = (mode: RoundingMode, digits: number): Rounding => ({ mode, digits })

export const HALF_UP_FEN = rounding('HALF_UP', 2)
export const HALF_UP_JIAO = rounding('HALF_UP', 1)
export const HALF_UP_YUAN = rounding('HALF_UP', 0)
export const FLOOR_FEN = rounding('FLOOR', 2)
export const FLOOR_YUAN = rounding('FLOOR', 0)
export const CEIL_FEN = rounding('CEIL', 2)
/** 见分进角 */
export const CEIL_JIAO = rounding('CEIL', 1)
export const CEIL_YUAN = rounding('CEIL', 0)
export const halfUp = (digits: number): Rounding => rounding('HALF_UP', digits)
export const floorTo = (digits: number): Rounding => rounding('FLOOR', digits)

/** Largest whole number not above n/d; d is positive. */
function floorDiv(n: bigint, d: bigint): bigint {
  const q = n / d
  return n < 0n && q * d !== n ? q - 1n : q
}

/** The whole number nearest to n/d by the mode. */
export function roundToInteger(n: bigint, d: bigint, mode: RoundingMode): bigint {
  if (mode === 'FLOOR') return floorDiv(n, d)
  if (mode === 'CEIL') return -floorDiv(-n, d)
  return n < 0n ? -((-n * 2n + d) / (d * 2n)) : (n * 2n + d) / (d * 2n)
}

const POWERS = Array.from({ length: 13 }, (_, i) => 10n ** BigInt(i))

export function round(value: Rational, by: Rounding): Rational {
  const power = POWERS[by.digits]
  if (power === undefined) throw new RangeError(`rounding to ${by.digits} decimals`)
  return { n: roundToInteger(value.n * power, value.d, by.mode), d: power }
}
