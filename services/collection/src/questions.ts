// Questions: declarations, lines, bills, and how amounts came about.
import { Calc, firstDay, toFen, type Val } from '@jinbao/core'
import type {
  ExplanationResponse,
  GetLateFeeRequest,
  GetLateFeeResponse,
  GetLineExplanationRequest,
  ListArrearsRequest,
  ListDeclarationLinesRequest,
  ListDeclarationLinesResponse,
  ListReceivablesRequest,
  ListReceivablesResponse,
  Receivable,
} from '@jinbao/proto/collection/v1/collection.ts'
import type { AssessedLine } from '@jinbao/proto/collection/v1/events.ts'
import { type Context, civilDay, pageSize } from '@jinbao/service'
import { assessLines, explainLine } from './domain/assess.ts'
import { openFen } from './domain/bill.ts'
import { lateFee } from './domain/lateFee.ts'
import { isNothing, minus } from './domain/lines.ts'
import { refuse } from './domain/refusals.ts'
import { lineKeys, type Terms, termsOf } from './domain/terms.ts'
import { chunksOf } from './facts.ts'
import { lineOf, opened, receivableOf } from './show.ts'
import { chunkId, chunks, declarationId, declarations } from './streams.ts'

export async function listDeclarationLines(
  request: ListDeclarationLinesRequest,
  context: Context,
): Promise<ListDeclarationLinesResponse> {
  const { employerId, month, personId } = request
  const header = await context.load(declarations, declarationId(employerId, month))
  const declaration = opened(header.state, month)
  const size = pageSize(request.pageSize)
  let [chunk = 1, from = 0] = request.pageToken ? request.pageToken.split('.').map(Number) : []
  if (personId) {
    const at = chunksOf(context.db, employerId, month, [personId]).get(personId) ?? 0
    const { state } = await context.load(chunks, chunkId(employerId, month, at))
    const found = state.status === 'none' ? [] : state.lines.filter(({ wage }) => wage.personId === personId)
    return { lines: found.map((one) => lineOf(at, one)), nextPageToken: '' }
  }
  const lines = []
  for (; chunk <= declaration.chunks; chunk++, from = 0) {
    const { state } = await context.load(chunks, chunkId(employerId, month, chunk))
    const all = state.status === 'none' ? [] : state.lines
    const page = all.slice(from, from + size - lines.length)
    lines.push(...page.map((one) => lineOf(chunk, one)))
    if (lines.length === size && from + page.length < all.length)
      return { lines, nextPageToken: `${chunk}.${from + page.length}` }
    if (lines.length === size) break
  }
  return { lines, nextPageToken: chunk < declaration.chunks ? `${chunk + 1}.0` : '' }
}

export async function listReceivables(
  { employerId, pageSize: asked, pageToken }: ListReceivablesRequest,
  context: Context,
): Promise<ListReceivablesResponse> {
  const size = pageSize(asked)
  const rows = context.db.all<{ employer_id: string; month: string }>(
    'SELECT employer_id, month FROM bills WHERE employer_id = ? AND month < ? ORDER BY month DESC LIMIT ?',
    employerId,
    pageToken || '9999',
    size + 1,
  )
  const receivables = await receivablesOf(context, rows.slice(0, size))
  return { receivables, nextPageToken: rows.length > size ? (rows[size - 1]?.month ?? '') : '' }
}

export async function listArrears(
  { on, pageSize: asked, pageToken }: ListArrearsRequest,
  context: Context,
): Promise<ListReceivablesResponse> {
  const size = pageSize(asked)
  const [dueOn = '', employerId = '', month = ''] = pageToken.split(' ')
  const rows = context.db.all<{ employer_id: string; month: string; due_on: string }>(
    `SELECT employer_id, month, due_on FROM bills WHERE open_fen > 0 AND due_on < ? AND (due_on, employer_id, month) > (?, ?, ?)
     ORDER BY due_on, employer_id, month LIMIT ?`,
    on || context.world.today,
    dueOn,
    employerId,
    month,
    size + 1,
  )
  const page = rows.slice(0, size)
  const last = page.at(-1)
  const more = rows.length > size && last ? `${last.due_on} ${last.employer_id} ${last.month}` : ''
  return { receivables: await receivablesOf(context, page), nextPageToken: more }
}

async function receivablesOf(
  context: Context,
  rows: readonly { readonly employer_id: string; readonly month: string }[],
): Promise<Receivable[]> {
  const all: Receivable[] = []
  for (const { employer_id: employerId, month } of rows) {
    const { state } = await context.load(declarations, declarationId(employerId, month))
    if (state.status !== 'none') all.push(receivableOf(state))
  }
  return all
}

/** Mass amounts keep no explanation: it is made again with the law as it was known then, and must come to the same fen. */
export async function lineExplanation(
  { employerId, month, personId }: GetLineExplanationRequest,
  context: Context,
): Promise<ExplanationResponse> {
  const chunk = chunksOf(context.db, employerId, month, [personId]).get(personId)
  if (chunk === undefined) return refuse('PERSON_NOT_DECLARED', { month })
  const id = chunkId(employerId, month, chunk)
  const history = await context.history(chunks, id)
  for (const { event, recordedAt, id: eventId } of [...history].reverse()) {
    if (event.type !== 'LinesAssessed' && event.type !== 'LinesCorrected') continue
    const line = event.data.lines.find(({ wage }) => wage?.personId === personId)
    if (!line?.wage) continue
    const { state } = await context.load(declarations, declarationId(employerId, month))
    const terms = termsOf(context.lawKnown(civilDay(recordedAt)), month, opened(state, month).tariff)
    if (!same(terms, line)) throw new Error(`the amounts of event ${eventId} cannot be made again`)
    const about = { source: { event: eventId }, place: context.world.place, knownAt: recordedAt, employerId }
    return { explanation: JSON.stringify(explainLine(terms, line.wage, about)) }
  }
  return refuse('NOT_ASSESSED')
}

function same(terms: Terms, line: AssessedLine): boolean {
  const [again] = assessLines(terms, [line.wage!])
  return (
    again!.baseFen === line.baseFen &&
    again!.lines.every((due, i) => line.lines[i] !== undefined && isNothing(minus(due, line.lines[i]!)))
  )
}

export async function getLateFee(
  { employerId, month, on }: GetLateFeeRequest,
  context: Context,
): Promise<GetLateFeeResponse> {
  const { state } = await context.load(declarations, declarationId(employerId, month))
  const { bill } = opened(state, month)
  const until = on || context.world.today
  const calc = Calc.recording()
  const amounts: Record<string, Val> = {}
  const source = { stream: `collection-declaration-${declarationId(employerId, month)}` }
  const lines = bill.lines.map((account) => {
    // A line that is full has its fee: to the day of its last payment.
    const paidOn = account.payments
      .map((one) => one.on)
      .sort()
      .at(-1)
    const to = openFen(account) === 0n && paidOn !== undefined && paidOn < until ? paidOn : until
    const fee = lateFee(calc, { ...account, until: to }, context.world.policyOn, source)
    amounts[lineKeys[account.line as keyof typeof lineKeys]] = fee
    return { line: account.line, principalFen: openFen(account), lateFeeFen: toFen(fee) }
  })
  const { place, now } = context.world
  const about = { subject: { employer: employerId, month }, place, day: until || firstDay(month), knownAt: now }
  return { lines, explanation: JSON.stringify(calc.explain(about, amounts)) }
}
