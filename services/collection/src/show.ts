// States as answers.
import type {
  Declaration,
  DeclaredLine,
  FlexibleMonth,
  LineBalance,
  ReceiptView,
  Receivable,
} from '@jinbao/proto/collection/v1/collection.ts'
import { type LineAccount, openTotal, paidFen } from './domain/bill.ts'
import type { DeclarationState, OpenDeclaration } from './domain/declarationState.ts'
import { statusOf } from './domain/declarationState.ts'
import { type FlexibleState, paidOnMonth } from './domain/flexibleMonths.ts'
import { isDone, type LineState, whole } from './domain/lines.ts'
import type { ReceiptState } from './domain/receipt.ts'
import { refuse } from './domain/refusals.ts'

const balanceOf = (one: LineAccount): LineBalance => ({
  line: one.line,
  dueFen: whole(one.due),
  paidFen: paidFen(one),
  lateFeeFen: one.feeFen,
  lateFeePaidFen: one.feePaidFen,
})

export function opened(state: DeclarationState, month: string): OpenDeclaration {
  return state.status === 'none' ? refuse('NO_DECLARATION', { month }) : state
}

const personsIn = ({ bill }: OpenDeclaration) => bill.chunks.reduce((sum, { persons }) => sum + persons, 0)

export function declarationOf(state: OpenDeclaration): Declaration {
  const { employerId, month, declareBy, dueOn, tariff, chunks, bill, faults } = state
  return {
    employerId,
    month,
    status: statusOf(state),
    declareBy,
    dueOn,
    ...tariff,
    chunks,
    persons: personsIn(state),
    employerFen: bill.lines.reduce((sum, { due }) => sum + due.employerFen, 0n),
    employeeFen: bill.lines.reduce((sum, { due }) => sum + due.employeeFen, 0n),
    lines: bill.lines.map(balanceOf),
    faults: [...faults],
  }
}

export function receivableOf(state: OpenDeclaration): Receivable {
  const { employerId, month, dueOn, bill } = state
  const lines = bill.lines.map(balanceOf)
  return {
    employerId,
    month,
    status: statusOf(state),
    dueOn,
    persons: personsIn(state),
    lines,
    openFen: openTotal(bill),
  }
}

export const lineOf = (chunk: number, person: LineState): DeclaredLine => ({
  wage: person.wage,
  chunk,
  baseFen: person.baseFen,
  lines: [...person.lines],
  paid: person.lines.filter((_, i) => isDone(person, i)).map(({ line }) => line),
})

export function receiptOf(state: ReceiptState): ReceiptView {
  if (state.status === 'none') return refuse('RECEIPT_UNKNOWN')
  const { rows: _, ...receipt } = state.receipt
  return { ...receipt, months: [...state.months], suspenseFen: state.suspenseFen }
}

export const flexibleMonthsOf = ({ months }: FlexibleState): FlexibleMonth[] =>
  months.map((one) => ({
    month: one.month,
    baseFen: one.baseFen,
    lines: one.lines.map(({ due }) => due),
    paidFen: paidOnMonth(one),
  }))
