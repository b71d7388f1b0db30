// From a receipt to bills, and from a bill to its chunks: what is ordered of whom. Used by the handlers and reactions.
import type { World } from '@jinbao/core'
import {
  type ChunkMoney,
  type DeclarationCorrected,
  type EstimateSettled,
  type LineMoney,
  type MatchedMonth,
  type PaymentAllocated,
  type PersonMoney,
  ReceiptRecorded,
  type ReceiptRow,
  ReceiptSource,
} from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import { proRata } from './allocation.ts'
import { type DeclarationCommand, declarationDecider } from './declaration.ts'
import type { DeclarationState } from './declarationState.ts'
import { type OpenChunk, openOn } from './lines.ts'
import type { ReceiptState } from './receipt.ts'
import type { ReceiveMoney } from './receive.ts'

export interface PlannedMonth {
  readonly matched: MatchedMonth
  readonly command: DeclarationCommand
}

/** What may be paid on: a month's declaration and the money that the receipt names for its persons. */
export interface PayableMonth {
  readonly month: string
  readonly state: DeclarationState
  readonly named: readonly ChunkMoney[]
}

/** DC-10: oldest month first. Money named for persons goes to them only; the rest to whatever is open. */
export function planReceipt(
  state: Extract<ReceiptState, { status: 'recorded' }>,
  months: readonly PayableMonth[],
  world: World,
): PlannedMonth[] {
  const first = state.months.length === 0
  const rows = first ? state.receipt.rows.reduce((sum, { amountFen }) => sum + amountFen, 0n) : 0n
  let restFen = state.suspenseFen - rows
  const plan: PlannedMonth[] = []
  for (const { month, state: bill, named } of [...months].sort((a, b) => (a.month < b.month ? -1 : 1))) {
    const { receiptId, receivedOn } = state.receipt
    const order = { receiptId, receivedOn, restFen, named }
    const events = declarationDecider.decide(bill, { type: 'ReceivePayment', data: order }, world)
    const taken = events.find((one) => one.type === 'PaymentAllocated')
    if (!taken) continue
    const matched = matchedOf(month, taken.data.lines)
    const takeFen = matched.principalFen + matched.lateFeeFen
    restFen -= takeFen - sumNamed(named)
    plan.push({ matched, command: { type: 'ReceivePayment', data: { ...order, takeFen } } })
  }
  return plan
}

const sumNamed = (named: readonly ChunkMoney[]) =>
  named.reduce((sum, { lines }) => lines.reduce((all, { principalFen }) => all + principalFen, sum), 0n)

const matchedOf = (month: string, lines: readonly LineMoney[]): MatchedMonth => ({
  month,
  principalFen: lines.reduce((sum, one) => sum + one.principalFen, 0n),
  lateFeeFen: lines.reduce((sum, one) => sum + one.lateFeeFen, 0n),
})

/** What a chunk's persons can take of the rows that name them; a row for all lines is shared pro rata (DC-10). */
export function nameRows(chunk: OpenChunk, rows: readonly ReceiptRow[]): ChunkMoney {
  const byPerson = Map.groupBy(rows, (row) => row.personId)
  const persons: PersonMoney[] = []
  for (const person of chunk.lines) {
    const { personId } = person.wage
    const open = new Map(person.lines.map(({ line }, i) => [line, openOn(chunk, person, i)]))
    for (const row of byPerson.get(personId) ?? []) {
      const all = [...open].map(([line, fen]) => ({ line, fen }))
      const asked = row.line === Line.LINE_UNSPECIFIED ? all : all.filter(({ line }) => line === row.line)
      for (const { line, fen } of proRata(row.amountFen, asked)) {
        if (fen === 0n) continue
        open.set(line, open.get(line)! - fen)
        persons.push({ personId, line, amountFen: fen })
      }
    }
  }
  const sums = new Map<Line, bigint>()
  for (const { line, amountFen } of persons) sums.set(line, (sums.get(line) ?? 0n) + amountFen)
  const lines = [...sums].map(([line, principalFen]) => ({ line, principalFen, lateFeeFen: 0n }))
  return { chunk: chunk.chunk, lines, persons }
}

/** What each chunk is sent when its bill is paid. */
export const sentTo = ({ receiptId, receivedOn, payment, chunks }: PaymentAllocated): ReceiveMoney[] =>
  chunks.map((money) => ({ receiptId, receivedOn, payment, money }))

/** What each chunk is sent when the true declaration takes over the money of an estimate. */
export const sentOnSettlement = ({ month, receivedOn, payment, chunks }: EstimateSettled): ReceiveMoney[] =>
  chunks.map((money) => ({ receiptId: `estimate:${month}`, receivedOn, payment, money }))

const credit = (employerId: string, receiptId: string, amountFen: bigint, receivedOn: string): ReceiptRecorded[] =>
  amountFen > 0n
    ? [
        ReceiptRecorded.create({
          receiptId,
          employerId,
          amountFen,
          receivedOn,
          source: ReceiptSource.CREDIT,
          reference: receiptId,
        }),
      ]
    : []

/** What was taken too much waits in suspense as a receipt of our own. */
export const creditOfSettlement = ({ employerId, month, creditFen, receivedOn }: EstimateSettled): ReceiptRecorded[] =>
  credit(employerId, `credit-${employerId}-${month}`, creditFen, receivedOn)

export function creditOfCorrection(data: DeclarationCorrected): ReceiptRecorded[] {
  const released = data.released.reduce((sum, one) => sum + one.principalFen, 0n)
  return credit(data.employerId, `credit-${data.correctionId}-${data.chunk}`, released, data.correctedOn)
}
