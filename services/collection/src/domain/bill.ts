// An employer's bill of a month, line by line: what is owed since when, what has come in when, late fees. Money fills
// the principal first, lines pro rata, then the late fee (DC-10).
import { Calc, type Day, type PolicyOn, toFen } from '@jinbao/core'
import type { ChunkMoney, ChunkTotal, LineDue, LineMoney } from '@jinbao/proto/collection/v1/events.ts'
import type { Line } from '@jinbao/proto/common/v1/common.ts'
import { sumOf } from './allocation.ts'
import { type Bill, lateFee, type Payment } from './lateFee.ts'
import { nothingDue, sumDues, whole } from './lines.ts'

/** One line of the month. */
export interface LineAccount {
  readonly line: Line
  readonly due: LineDue
  readonly bills: readonly Bill[]
  readonly payments: readonly Payment[]
  /** Late fee charged and paid. */
  readonly feeFen: bigint
  readonly feePaidFen: bigint
}

/** One line of one chunk. */
export interface ChunkAccount {
  readonly chunk: number
  readonly persons: number
  readonly lines: readonly { readonly line: Line; readonly dueFen: bigint; readonly paidFen: bigint }[]
}

export interface MonthBill {
  readonly lines: readonly LineAccount[]
  /** Empty while the bill is an estimate. */
  readonly chunks: readonly ChunkAccount[]
}

export const noBill: MonthBill = { lines: [], chunks: [] }
export const paidFen = ({ payments }: LineAccount): bigint => sumOf(payments)
export const openFen = (account: LineAccount): bigint => whole(account.due) - paidFen(account)
export const openFee = ({ feeFen, feePaidFen }: LineAccount): bigint => feeFen - feePaidFen
const total = (all: readonly LineAccount[], of: (account: LineAccount) => bigint) =>
  all.reduce((sum, account) => sum + of(account), 0n)
export const openPrincipal = ({ lines }: MonthBill): bigint => total(lines, openFen)
export const openTotal = (bill: MonthBill): bigint => openPrincipal(bill) + total(bill.lines, openFee)
export const paidTotal = ({ lines }: MonthBill): bigint => total(lines, paidFen)

const account = (due: LineDue, dueOn: Day): LineAccount => ({
  line: due.line,
  due,
  bills: [{ dueOn, fen: whole(due) }],
  payments: [],
  feeFen: 0n,
  feePaidFen: 0n,
})

export const estimatedAs = (lines: readonly LineDue[], dueOn: Day): MonthBill => ({
  lines: lines.map((due) => account(due, dueOn)),
  chunks: [],
})

export function assessedAs(totals: readonly ChunkTotal[], dueOn: Day): MonthBill {
  const chunks = totals.map(({ chunk, persons, lines }) => ({
    chunk,
    persons,
    lines: lines.map((due) => ({ line: due.line, dueFen: whole(due), paidFen: 0n })),
  }))
  return { lines: sumDues(totals.flatMap(({ lines }) => lines)).map((due) => account(due, dueOn)), chunks }
}

// --- late fee --------------------------------------------------------------------------------------------------------

export const withPayment = (one: LineAccount, on: Day, fen: bigint): LineAccount =>
  fen === 0n ? one : { ...one, payments: [...one.payments, { on, fen }] }

/** C-21: a line's fee is fixed when its principal is full, to the day of the last payment. */
export function chargesOf(lines: readonly LineAccount[], policyOn: PolicyOn): LineMoney[] {
  return lines.map((one) => {
    const until = one.payments
      .map(({ on }) => on)
      .sort()
      .at(-1)
    const full = until !== undefined && openFen(one) === 0n
    const fee = full ? toFen(lateFee(Calc.plain(), { ...one, until }, policyOn)) : one.feeFen
    // What has been paid as a fee is not given back by a receipt that turns up late.
    const lateFeeFen = (fee > one.feePaidFen ? fee : one.feePaidFen) - one.feeFen
    return { line: one.line, principalFen: 0n, lateFeeFen }
  })
}

/** The fees that a bill comes to when it is settled. */
export const chargesOnSettlement = (bill: MonthBill, policyOn: PolicyOn): LineMoney[] =>
  chargesOf(bill.lines, policyOn).filter(({ lateFeeFen }) => lateFeeFen !== 0n)

// --- how events change it --------------------------------------------------------------------------------------------

export function charge(bill: MonthBill, charged: readonly LineMoney[]): MonthBill {
  const by = new Map(charged.map((one) => [one.line, one.lateFeeFen]))
  return { ...bill, lines: bill.lines.map((one) => ({ ...one, feeFen: one.feeFen + (by.get(one.line) ?? 0n) })) }
}

export function pay(bill: MonthBill, lines: readonly LineMoney[], chunks: readonly ChunkMoney[], on: Day): MonthBill {
  const by = new Map(lines.map((one) => [one.line, one]))
  return {
    lines: bill.lines.map((one) => {
      const money = by.get(one.line)
      if (!money) return one
      return { ...withPayment(one, on, money.principalFen), feePaidFen: one.feePaidFen + money.lateFeeFen }
    }),
    chunks: place(bill.chunks, chunks),
  }
}

export function place(accounts: readonly ChunkAccount[], money: readonly ChunkMoney[]): readonly ChunkAccount[] {
  const by = new Map(
    money.map(({ chunk, lines }) => [chunk, new Map(lines.map((one) => [one.line, one.principalFen]))]),
  )
  return accounts.map((one) => {
    const lines = by.get(one.chunk)
    if (!lines) return one
    return { ...one, lines: one.lines.map((at) => ({ ...at, paidFen: at.paidFen + (lines.get(at.line) ?? 0n) })) }
  })
}

export interface Differences {
  readonly chunk: number
  readonly differences: readonly LineDue[]
  readonly released: readonly LineMoney[]
  /** A supplement is due on this day; less is less from the month's own due day. */
  readonly dueOn: Day
  readonly releasedOn: Day
}

export function change(bill: MonthBill, monthDueOn: Day, by: Differences): MonthBill {
  const released = new Map(by.released.map((one) => [one.line, one.principalFen]))
  const differences = new Map(by.differences.map((one) => [one.line, one]))
  const known = new Set(bill.lines.map(({ line }) => line))
  const fresh = by.differences.filter(({ line }) => !known.has(line))
  const lines = [...bill.lines, ...fresh.map(({ line }) => ({ ...account(nothingDue(line), by.dueOn), bills: [] }))]
  return {
    lines: lines.map((one) => {
      const due = differences.get(one.line)
      if (!due) return one
      const fen = whole(due)
      const bills = [...one.bills, { dueOn: fen > 0n ? by.dueOn : monthDueOn, fen }]
      const back = released.get(one.line) ?? 0n
      return { ...withPayment(one, by.releasedOn, -back), bills, due: sumDues([one.due, due])[0]! }
    }),
    chunks: bill.chunks.map((one) => (one.chunk === by.chunk ? changeChunk(one, differences, released) : one)),
  }
}

function changeChunk(
  one: ChunkAccount,
  differences: ReadonlyMap<Line, LineDue>,
  released: ReadonlyMap<Line, bigint>,
): ChunkAccount {
  const known = new Map(one.lines.map((at) => [at.line, at]))
  for (const [line, due] of differences) {
    const at = known.get(line) ?? { line, dueFen: 0n, paidFen: 0n }
    known.set(line, {
      line,
      dueFen: at.dueFen + whole(due),
      paidFen: at.paidFen - (released.get(line) ?? 0n),
    })
  }
  return { ...one, lines: [...known.values()] }
}
