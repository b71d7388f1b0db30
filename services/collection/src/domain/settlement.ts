// The true declaration takes the place of an estimate (C-7): money paid on the estimate goes over to the true bill.
import type { Day } from '@jinbao/core'
import type { ChunkMoney } from '@jinbao/proto/collection/v1/events.ts'
import { inOrder, least, type Open, proRata, sumOf } from './allocation.ts'
import { type MonthBill, paidFen, paidTotal, place } from './bill.ts'
import type { Payment } from './lateFee.ts'
import { whole } from './lines.ts'
import { overChunks } from './take.ts'

export interface Settlement {
  readonly chunks: ChunkMoney[]
  readonly creditFen: bigint
  readonly receivedOn: string
}

/** Money paid on an estimate fills the true bill, its own line first; what is too much is the employer's credit. */
export function settleEstimate(estimate: MonthBill, truth: MonthBill): Settlement {
  const kept = keptOf(estimate, truth)
  const chunks = overChunks(truth, [], kept)
  const receivedOn =
    estimate.lines
      .flatMap(({ payments }) => payments.map(({ on }) => on))
      .sort()
      .at(-1) ?? ''
  return { chunks, creditFen: paidTotal(estimate) - sumOf(kept), receivedOn }
}

function keptOf(estimate: MonthBill, truth: MonthBill): Open[] {
  const paid = new Map(estimate.lines.map((one) => [one.line, paidFen(one)]))
  const own = truth.lines.map((one) => ({ line: one.line, fen: least(whole(one.due), paid.get(one.line) ?? 0n) }))
  const gaps = truth.lines.map((one, i) => ({ line: one.line, fen: whole(one.due) - own[i]!.fen }))
  const more = proRata(paidTotal(estimate) - sumOf(own), gaps)
  return own.map(({ line, fen }, i) => ({ line, fen: fen + more[i]!.fen }))
}

/** The true bill with the estimate's money and fees on it. */
export function settled(estimate: MonthBill, truth: MonthBill, chunks: readonly ChunkMoney[]): MonthBill {
  const kept = new Map(keptOf(estimate, truth).map((one) => [one.line, one.fen]))
  const before = new Map(estimate.lines.map((one) => [one.line, one]))
  const last =
    estimate.lines
      .flatMap(({ payments }) => payments.map(({ on }) => on))
      .sort()
      .at(-1) ?? ''
  const lines = truth.lines.map((one) => {
    const was = before.get(one.line)
    const payments = upTo(was?.payments ?? [], kept.get(one.line) ?? 0n, last)
    return { ...one, payments, feeFen: was?.feeFen ?? 0n, feePaidFen: was?.feePaidFen ?? 0n }
  })
  return { lines, chunks: place(truth.chunks, chunks) }
}

/** The same payments up to a sum; what another line has given counts from the last day. */
function upTo(payments: readonly Payment[], fen: bigint, last: Day): Payment[] {
  const own = inOrder(fen, payments).filter((one) => one.fen > 0n)
  const more = fen - sumOf(own)
  return more > 0n ? [...own, { on: last, fen: more }] : own
}
