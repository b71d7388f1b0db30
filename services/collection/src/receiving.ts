// Receipts find their bills, in one transaction with them; the bills' chunks follow by reaction.
import { fold } from '@jinbao/core'
import type {
  MatchReceiptRequest,
  ReceiptResponse,
  RecordReceiptRequest,
} from '@jinbao/proto/collection/v1/collection.ts'
import { ReceiptRecorded, type ReceiptRow, ReceiptSource } from '@jinbao/proto/collection/v1/events.ts'
import { type Context, type Handled, type Order, opaqueId, order } from '@jinbao/service'
import { flexibleDecider } from './domain/flexibleMonths.ts'
import { nameRows, type PayableMonth, planReceipt } from './domain/matching.ts'
import { type ReceiptCommand, type ReceiptState, receiptDecider } from './domain/receipt.ts'
import { refuse } from './domain/refusals.ts'
import { chunksOf, openMonths } from './facts.ts'
import { receiptOf } from './show.ts'
import { chunkId, chunks, declarationId, declarations, flexible, receipts } from './streams.ts'

type Recorded = Extract<ReceiptState, { status: 'recorded' }>

const MAX_ROWS = 5_000

export async function recordReceipt(request: RecordReceiptRequest, context: Context): Promise<ReceiptResponse> {
  if (request.rows.length > MAX_ROWS) refuse('TOO_MANY_ROWS', { max: MAX_ROWS })
  const receiptId = request.reference ? opaqueId(request.reference, 'voucher') : context.newId('receipt')
  const record: ReceiptCommand = {
    type: 'Record',
    data: ReceiptRecorded.create({ ...request, receiptId, source: ReceiptSource.TREASURY }),
  }
  const before = await context.load(receipts, receiptId)
  const recorded = receiptDecider.decide(before.state, record, context.world)
  const state = fold(receiptDecider, recorded, before.state) as Recorded
  const first = order(receipts, receiptId, record)
  return carryOut(context, receiptId, [first, ...(recorded.length > 0 ? await matching(context, state) : [])])
}

export async function matchReceipt({ receiptId }: MatchReceiptRequest, context: Context): Promise<ReceiptResponse> {
  const { state } = await context.load(receipts, receiptId)
  if (state.status === 'none') return refuse('RECEIPT_UNKNOWN')
  return carryOut(context, receiptId, await matching(context, state))
}

async function carryOut(context: Context, receiptId: string, orders: readonly Order[]): Promise<ReceiptResponse> {
  const handled = await context.handleAll(orders)
  const own = handled.findLast(({ receipt }) => receipt.id === receiptId) as Handled<ReceiptState, never>
  const position = handled.at(-1)?.receipt.position || own.receipt.position
  return { receipt: { ...own.receipt, position }, money: receiptOf(own.state) }
}

const matching = (context: Context, state: Recorded): Promise<Order[]> =>
  state.receipt.employerId ? matchEmployer(context, state) : matchPerson(context, state)

async function matchEmployer(context: Context, state: Recorded): Promise<Order[]> {
  const { employerId, receiptId } = state.receipt
  const rows = state.months.length === 0 ? state.receipt.rows : []
  const months = new Set([...openMonths(context.db, employerId), ...rows.map(({ month }) => month)])
  const byMonth = Map.groupBy(rows, ({ month }) => month)
  const payable: PayableMonth[] = []
  for (const month of months) {
    const { state: declaration } = await context.load(declarations, declarationId(employerId, month))
    if (declaration.status === 'none') continue
    const named = await namedMoney(context, employerId, month, byMonth.get(month) ?? [])
    payable.push({ month, state: declaration, named })
  }
  const plan = planReceipt(state, payable, context.world)
  const matched = plan.map((one) => one.matched)
  return [
    order(receipts, receiptId, { type: 'Match', months: matched, suspenseBeforeFen: state.suspenseFen }),
    ...plan.map(({ matched: { month }, command }) => order(declarations, declarationId(employerId, month), command)),
  ]
}

/** The money that rows name for persons, by the chunk they are declared in. */
async function namedMoney(context: Context, employerId: string, month: string, rows: readonly ReceiptRow[]) {
  if (rows.length === 0) return []
  const ids = rows.map(({ personId }) => personId)
  const at = chunksOf(context.db, employerId, month, ids)
  const named = []
  for (const chunk of new Set(at.values())) {
    const { state } = await context.load(chunks, chunkId(employerId, month, chunk))
    if (state.status !== 'assessed') continue
    const money = nameRows(
      state,
      rows.filter(({ personId }) => at.get(personId) === chunk),
    )
    if (money.lines.length > 0) named.push(money)
  }
  return named
}

async function matchPerson(context: Context, state: Recorded): Promise<Order[]> {
  const { personId, receiptId, receivedOn } = state.receipt
  const { state: months } = await context.load(flexible, personId)
  const payment = { receiptId, receivedOn, amountFen: state.suspenseFen }
  const events = flexibleDecider.decide(months, { type: 'Receive', data: payment }, context.world)
  const matched = events.flatMap((event) =>
    event.type === 'FlexiblePaymentTaken'
      ? [
          {
            month: event.data.month,
            principalFen: event.data.lines.reduce((sum, one) => sum + one.principalFen, 0n),
            lateFeeFen: 0n,
          },
        ]
      : [],
  )
  const takeFen = matched.reduce((sum, one) => sum + one.principalFen, 0n)
  return [
    order(receipts, receiptId, { type: 'Match', months: matched, suspenseBeforeFen: state.suspenseFen }),
    order(flexible, personId, { type: 'Receive', data: { ...payment, takeFen } }),
  ]
}
