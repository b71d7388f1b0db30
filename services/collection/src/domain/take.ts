// What a month takes of a payment: the money named for persons, then the rest over the lines, then the late fee (DC-10).
import type { Day, PolicyOn } from '@jinbao/core'
import type { ChunkMoney, LineMoney } from '@jinbao/proto/collection/v1/events.ts'
import type { Line } from '@jinbao/proto/common/v1/common.ts'
import { inOrder, type Open, proRata, sumOf } from './allocation.ts'
import { chargesOf, type MonthBill, openFee, openFen, withPayment } from './bill.ts'

export interface Taking {
  /** Principal and late fee taken, line by line. */
  readonly lines: LineMoney[]
  readonly chunks: ChunkMoney[]
  /** Late fees newly fixed, as differences. */
  readonly charged: LineMoney[]
  readonly takenFen: bigint
}

export interface Money {
  readonly receivedOn: Day
  /** Money for anything of the month, beside what is named. */
  readonly restFen: bigint
  /** Money that the receipt names for persons, by chunk and line. */
  readonly named: readonly ChunkMoney[]
}

/** What the month takes of the money; undefined when the named money does not fit any more. */
export function take(bill: MonthBill, money: Money, policyOn: PolicyOn): Taking | undefined {
  const named = namedByLine(bill, money.named)
  if (!named) return undefined
  const left = bill.lines.map((one) => ({ line: one.line, fen: openFen(one) - (named.get(one.line) ?? 0n) }))
  if (left.some(({ fen }) => fen < 0n)) return undefined
  const rest = proRata(money.restFen, left)
  const principal = rest.map(({ line, fen }) => ({ line, fen: fen + (named.get(line) ?? 0n) }))
  const after = bill.lines.map((one, i) => withPayment(one, money.receivedOn, principal[i]!.fen))
  const charged = chargesOf(after, policyOn)
  const fees = proRata(
    money.restFen - sumOf(rest),
    after.map((one, i) => ({ line: one.line, fen: openFee(one) + charged[i]!.lateFeeFen })),
  )
  const lines = principal
    .map(({ line, fen }, i) => ({ line, principalFen: fen, lateFeeFen: fees[i]!.fen }))
    .filter(({ principalFen, lateFeeFen }) => principalFen > 0n || lateFeeFen > 0n)
  return {
    lines,
    chunks: overChunks(bill, money.named, rest),
    charged: charged.filter(({ lateFeeFen }) => lateFeeFen !== 0n),
    takenFen: sumOf(principal) + sumOf(fees),
  }
}

const openOf = ({ dueFen, paidFen: paid }: { readonly dueFen: bigint; readonly paidFen: bigint }) => dueFen - paid

function namedByLine({ chunks }: MonthBill, named: readonly ChunkMoney[]): Map<Line, bigint> | undefined {
  const sums = new Map<Line, bigint>()
  for (const { chunk, lines } of named)
    for (const { line, principalFen } of lines) {
      const at = chunks.find((one) => one.chunk === chunk)?.lines.find((one) => one.line === line)
      if (!at || openOf(at) < principalFen) return undefined
      sums.set(line, (sums.get(line) ?? 0n) + principalFen)
    }
  return sums
}

/** The unnamed principal of each line fills the chunks in their order. */
export function overChunks({ chunks }: MonthBill, named: readonly ChunkMoney[], rest: readonly Open[]): ChunkMoney[] {
  const money = new Map<number, { lines: Map<Line, bigint>; persons: ChunkMoney['persons'] }>()
  for (const { chunk, lines, persons } of named)
    money.set(chunk, { lines: new Map(lines.map((one) => [one.line, one.principalFen])), persons })
  for (const { line, fen } of rest) {
    const open = chunks.map(({ chunk, lines }) => {
      const at = lines.find((one) => one.line === line)
      return { chunk, fen: at ? openOf(at) - (money.get(chunk)?.lines.get(line) ?? 0n) : 0n }
    })
    for (const part of inOrder(fen, open)) {
      if (part.fen <= 0n) continue
      const at = money.get(part.chunk) ?? { lines: new Map<Line, bigint>(), persons: [] }
      money.set(part.chunk, at)
      at.lines.set(line, (at.lines.get(line) ?? 0n) + part.fen)
    }
  }
  return [...money].map(([chunk, { lines, persons }]) => ({ chunk, lines: moneyOf(lines), persons }))
}

const moneyOf = (lines: ReadonlyMap<Line, bigint>): LineMoney[] =>
  [...lines].map(([line, principalFen]) => ({ line, principalFen, lateFeeFen: 0n }))
