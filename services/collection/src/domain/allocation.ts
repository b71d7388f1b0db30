// When money is short (DC-10): oldest month first, in it the principal before its late fee, lines pro rata, an odd fen
// by largest remainder, ties to the earlier line.
import { largestRemainder } from '@jinbao/core'
import type { Line } from '@jinbao/proto/common/v1/common.ts'

export interface Open {
  readonly line: Line
  readonly fen: bigint
}

export const sumOf = (all: readonly { readonly fen: bigint }[]): bigint => all.reduce((sum, { fen }) => sum + fen, 0n)

export const least = (a: bigint, b: bigint) => (a < b ? a : b)

/** Shares of the money, line by line; never more than is open on the line. */
export function proRata(moneyFen: bigint, open: readonly Open[]): Open[] {
  const whole = sumOf(open)
  if (whole === 0n || moneyFen <= 0n) return open.map(({ line }) => ({ line, fen: 0n }))
  const parts = largestRemainder(
    least(moneyFen, whole),
    open.map(({ fen }) => fen),
  )
  return open.map(({ line }, i) => ({ line, fen: parts[i]! }))
}

/** Fills one after the other as far as the money goes. */
export function inOrder<T extends { readonly fen: bigint }>(moneyFen: bigint, open: readonly T[]): T[] {
  let left = moneyFen
  return open.map((one) => {
    const fen = least(left, one.fen)
    left -= fen
    return { ...one, fen }
  })
}
