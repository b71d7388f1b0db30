// Corrections, retroactive bounds, estimates by hand, and the close of a month.
import { addMonths, firstDay, monthOfDay } from '@jinbao/core'
import type {
  CloseDeclarationRequest,
  CorrectDeclarationRequest,
  CorrectDeclarationResponse,
  DeclarationResponse,
  EstimateDeclarationRequest,
  SettleRetroactiveRequest,
} from '@jinbao/proto/collection/v1/collection.ts'
import type { LineDue } from '@jinbao/proto/collection/v1/events.ts'
import { type Context, type Handled, order } from '@jinbao/service'
import { chunkStates } from './declaring.ts'
import { checkLine, checkTerms } from './domain/check.ts'
import { MAX_LINES } from './domain/chunk.ts'
import { type CorrectLines, correct } from './domain/correct.ts'
import type { DeclarationState, OpenDeclaration } from './domain/declarationState.ts'
import { dueOn } from './domain/dueDays.ts'
import { type OpenChunk, sumDues } from './domain/lines.ts'
import { refuse } from './domain/refusals.ts'
import { chunksOf, factsOf, openingOf } from './facts.ts'
import { declarationOf, opened } from './show.ts'
import { chunkId, chunks, declarationId, declarations } from './streams.ts'

interface Wish extends Omit<CorrectLines, 'revision' | 'tariff'> {
  readonly proof: string
  readonly dueOn: string
}

/** One chunk and its bill in one transaction: both learn the same differences. */
async function correctChunk(context: Context, declaration: OpenDeclaration, chunk: OpenChunk, wish: Wish) {
  const { proof, dueOn: supplementDueOn, ...lines } = wish
  const data = { ...lines, revision: chunk.revision, tariff: declaration.tariff }
  const { differences, released } = correct(chunk, data, context.world)
  const { correctionId, reason } = wish
  const bill = { correctionId, chunk: chunk.chunk, reason, proof, dueOn: supplementDueOn, differences, released }
  const [, header] = await context.handleAll([
    order(chunks, chunkId(chunk.employerId, chunk.month, chunk.chunk), { type: 'Correct', data }),
    order(declarations, declarationId(chunk.employerId, chunk.month), {
      type: 'Correct',
      data: { ...bill, paymentsSeen: chunk.payments.size },
    }),
  ])
  return { header: header as Handled<DeclarationState, never>, differences }
}

async function correctAll(
  context: Context,
  declaration: OpenDeclaration,
  wishFor: (chunk: OpenChunk) => Wish | undefined,
): Promise<CorrectDeclarationResponse> {
  const all: LineDue[] = []
  let last: Handled<DeclarationState, never> | undefined
  for await (const chunk of chunkStates(context, declaration)) {
    const wish = wishFor(chunk)
    if (!wish) continue
    const { header, differences } = await correctChunk(context, declaration, chunk, wish)
    all.push(...differences)
    last = header
  }
  if (!last) return refuse('NOT_ASSESSED')
  const { month } = declaration
  return { receipt: last.receipt, declaration: declarationOf(opened(last.state, month)), differences: sumDues(all) }
}

const assessedOnly = (declaration: OpenDeclaration) =>
  declaration.phase === 'assessed' || declaration.phase === 'closed' ? declaration : refuse('NOT_ASSESSED')

async function loaded(context: Context, employerId: string, month: string): Promise<OpenDeclaration> {
  const { state } = await context.load(declarations, declarationId(employerId, month))
  return opened(state, month)
}

export async function correctDeclaration(
  request: CorrectDeclarationRequest,
  context: Context,
): Promise<CorrectDeclarationResponse> {
  const { employerId, month, reason, proof } = request
  if (!reason || !proof) refuse('NO_REASON')
  const declaration = assessedOnly(await loaded(context, employerId, month))
  const ids = [...request.lines.map(({ personId }) => personId), ...request.remove]
  const at = chunksOf(context.db, employerId, month, ids)
  for (const personId of request.remove) if (!at.has(personId)) refuse('PERSON_NOT_DECLARED', { month })
  checkCorrected(request, context)
  const correctionId = context.newId('correction')
  const fresh = request.lines.filter(({ personId }) => !at.has(personId))
  return correctAll(context, declaration, (chunk) => {
    const here = (personId: string) => at.get(personId) === chunk.chunk
    const lines = request.lines.filter(({ personId }) => here(personId))
    // Who had been forgotten goes where there is room.
    lines.push(...fresh.splice(0, MAX_LINES - chunk.lines.length))
    const remove = request.remove.filter(here)
    if (lines.length === 0 && remove.length === 0) return undefined
    return { correctionId, reason, proof, again: false, dueOn: declaration.dueOn, lines, remove }
  })
}

function checkCorrected({ employerId, month, lines }: CorrectDeclarationRequest, { db, world }: Context): void {
  const ids = lines.map(({ personId }) => personId)
  const facts = factsOf(db, employerId, month, ids)
  const terms = checkTerms(world.policyOn(firstDay(month)), month, 0)
  const fields = lines.flatMap((line, i) =>
    checkLine(line, facts.get(line.personId), terms)
      .filter(({ warning }) => !warning)
      .map((fault) => ({ field: `lines[${i}]`, reason: fault.reason, message: fault.en })),
  )
  if (fields.length > 0) refuse('LINES_FAULTY', { count: fields.length }, fields)
}

/** C-6: by the law as it is known now; the supplement is due with the contributions of the current month. */
export async function settleRetroactive(
  { employerId, month }: SettleRetroactiveRequest,
  context: Context,
): Promise<CorrectDeclarationResponse> {
  const declaration = assessedOnly(await loaded(context, employerId, month))
  const supplementDueOn = dueOn(context.world.policyOn, monthOfDay(context.world.today))
  const correctionId = context.newId('settlement')
  const wish = { correctionId, reason: 'BOUNDS_PUBLISHED', proof: 'C-6', again: true, lines: [], remove: [] }
  return correctAll(context, declaration, () => ({ ...wish, dueOn: supplementDueOn }))
}

export async function estimateDeclaration(
  { employerId, month }: EstimateDeclarationRequest,
  context: Context,
): Promise<DeclarationResponse> {
  const before = await context.load(declarations, declarationId(employerId, addMonths(month, -1)))
  const previous = before.state.status === 'none' ? [] : before.state.bill.lines.map(({ due }) => due)
  const opening = openingOf(context.db, employerId, month)
  const id = declarationId(employerId, month)
  const { receipt, state } = await context.handle(declarations, id, { type: 'Estimate', opening, previous })
  return { receipt, declaration: declarationOf(opened(state, month)) }
}

export async function closeDeclaration(
  { employerId, month }: CloseDeclarationRequest,
  context: Context,
): Promise<DeclarationResponse> {
  const { receipt, state } = await context.handle(declarations, declarationId(employerId, month), { type: 'Close' })
  return { receipt, declaration: declarationOf(opened(state, month)) }
}
