// Money that has arrived: from the treasury, or a credit of our own. What finds no bill waits in suspense.
import { type Decider, type EventOf, isDay, isMonth, type World } from '@jinbao/core'
import {
  type MatchedMonth,
  ReceiptMatched,
  ReceiptRecorded,
  ReceiptSource,
} from '@jinbao/proto/collection/v1/events.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const receiptEvents = { ReceiptRecorded, ReceiptMatched }
export type ReceiptEvent = EventOf<typeof receiptEvents>

export type ReceiptCommand =
  | { type: 'Record'; data: ReceiptRecorded }
  | { type: 'Match'; months: readonly MatchedMonth[]; suspenseBeforeFen: bigint }

// --- state -----------------------------------------------------------------------------------------------------------

export type ReceiptState =
  | { readonly status: 'none' }
  | {
      readonly status: 'recorded'
      readonly receipt: ReceiptRecorded
      readonly months: readonly MatchedMonth[]
      readonly suspenseFen: bigint
    }

// --- decide, evolve --------------------------------------------------------------------------------------------------

export const receiptDecider: Decider<ReceiptState, ReceiptCommand, ReceiptEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    if (command.type === 'Record') return record(state, command.data, world)
    if (state.status === 'none') return refuse('RECEIPT_UNKNOWN')
    return match(state, command, world)
  },
  evolve(state, event) {
    if (event.type === 'ReceiptRecorded')
      return { status: 'recorded', receipt: event.data, months: [], suspenseFen: event.data.amountFen }
    if (state.status === 'none') return state
    return { ...state, months: [...state.months, ...event.data.months], suspenseFen: event.data.suspenseFen }
  },
}

// --- one function a command ------------------------------------------------------------------------------------------

function record(state: ReceiptState, data: ReceiptRecorded, world: World): ReceiptEvent[] {
  if (state.status !== 'none') return same(state.receipt, data) ? [] : refuse('RECEIPT_DIFFERS')
  if (!data.employerId === !data.personId) refuse('PAYER_MISSING')
  if (data.amountFen <= 0n || data.rows.some(({ amountFen }) => amountFen <= 0n)) refuse('BAD_AMOUNT')
  if (!isDay(data.receivedOn)) refuse('BAD_DAY', { value: data.receivedOn })
  if (data.receivedOn > world.today) refuse('RECEIVED_IN_FUTURE', { on: data.receivedOn })
  for (const { month } of data.rows) if (!isMonth(month)) refuse('BAD_MONTH', { value: month })
  const rows = data.rows.reduce((sum, { amountFen }) => sum + amountFen, 0n)
  if (rows > data.amountFen) refuse('ROWS_EXCEED_AMOUNT')
  const source = data.source === ReceiptSource.RECEIPT_SOURCE_UNSPECIFIED ? ReceiptSource.TREASURY : data.source
  return [{ type: 'ReceiptRecorded', data: { ...data, source } }]
}

const same = (a: ReceiptRecorded, b: ReceiptRecorded) =>
  a.employerId === b.employerId &&
  a.personId === b.personId &&
  a.amountFen === b.amountFen &&
  a.receivedOn === b.receivedOn

/** The months are decided on their own streams, in the same transaction. */
function match(
  { receipt, suspenseFen }: Extract<ReceiptState, { status: 'recorded' }>,
  { months, suspenseBeforeFen }: Extract<ReceiptCommand, { type: 'Match' }>,
  { policyOn }: World,
): ReceiptEvent[] {
  if (suspenseFen !== suspenseBeforeFen) refuse('CHANGED_MEANWHILE')
  if (months.length === 0) return []
  policyOn(receipt.receivedOn).word('payment.allocation', ['OLDEST_FIRST'])
  const usedFen = months.reduce((sum, one) => sum + one.principalFen + one.lateFeeFen, 0n)
  if (usedFen > suspenseFen) throw new Error(`${usedFen} fen matched of ${suspenseFen}`)
  const { receiptId, employerId, personId } = receipt
  const left = suspenseFen - usedFen
  return [{ type: 'ReceiptMatched', data: { receiptId, employerId, personId, months: [...months], suspenseFen: left } }]
}
