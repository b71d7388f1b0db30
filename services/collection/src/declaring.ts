// Opening, changing and handing in a declaration.
import { addMonths, firstDay } from '@jinbao/core'
import type {
  ChangeLinesRequest,
  ChangeLinesResponse,
  DeclarationResponse,
  OpenDeclarationRequest,
  SubmitDeclarationRequest,
  SubmitDeclarationResponse,
} from '@jinbao/proto/collection/v1/collection.ts'
import { type ChunkTotal, type LineFault, LineSet, WageLine } from '@jinbao/proto/collection/v1/events.ts'
import { type Context, type Handled, order } from '@jinbao/service'
import { checkLine, checkTerms, checkTwice, type Facts } from './domain/check.ts'
import { MAX_LINES } from './domain/chunk.ts'
import { MAX_CHUNKS } from './domain/declaration.ts'
import type { OpenDeclaration } from './domain/declarationState.ts'
import { type ChunkState, type OpenChunk, sumDues } from './domain/lines.ts'
import { refuse } from './domain/refusals.ts'
import { factsOf, openingOf, staffOf } from './facts.ts'
import { declarationOf, opened } from './show.ts'
import { chunkId, chunks, declarationId, declarations } from './streams.ts'

const FAULTS_SHOWN = 1_000

/** The chunks of a declaration, one after the other: a large employer's do not lie in memory together. */
export async function* chunkStates(
  context: Context,
  { employerId, month, chunks: count }: Pick<OpenDeclaration, 'employerId' | 'month' | 'chunks'>,
): AsyncGenerator<OpenChunk> {
  for (let chunk = 1; chunk <= count; chunk++) {
    const { state } = await context.load(chunks, chunkId(employerId, month, chunk))
    if (state.status !== 'none') yield state
  }
}

export async function openDeclaration(
  { employerId, month, empty }: OpenDeclarationRequest,
  context: Context,
): Promise<DeclarationResponse> {
  const id = declarationId(employerId, month)
  const done = await context.handle(declarations, id, {
    type: 'Open',
    data: openingOf(context.db, employerId, month),
  })
  // Again when the same command comes again: it may have been cut off between two chunks.
  if (!empty && (done.events.length > 0 || done.repeated) && !context.call.validateOnly)
    await fillIn(context, employerId, month)
  const { state } = empty || context.call.validateOnly ? done : await context.load(declarations, id)
  return { receipt: done.receipt, declaration: declarationOf(opened(state, month)) }
}

async function fillIn(context: Context, employerId: string, month: string): Promise<void> {
  const lines = await prefill(context, employerId, month)
  if (lines.length > MAX_LINES * MAX_CHUNKS) refuse('BAD_CHUNK', { max: MAX_CHUNKS })
  for (let from = 0; from < lines.length; from += MAX_LINES) {
    const chunk = from / MAX_LINES + 1
    const data = { employerId, month, chunk, lines: lines.slice(from, from + MAX_LINES), remove: [], replace: true }
    await context.handleAll([
      order(declarations, declarationId(employerId, month), { type: 'UseChunk', chunk }),
      order(chunks, chunkId(employerId, month, chunk), { type: 'ChangeLines', data }),
    ])
  }
}

/** Last month's lines, without who left, with the hires since at their agreed wage (C-1). */
async function prefill(context: Context, employerId: string, month: string): Promise<WageLine[]> {
  const staff = new Map(staffOf(context.db, employerId, month).map((row) => [row.person_id, row]))
  const before = addMonths(month, -1)
  const { state } = await context.load(declarations, declarationId(employerId, before))
  const lines: WageLine[] = []
  if (state.status !== 'none')
    for await (const chunk of chunkStates(context, state))
      for (const { wage, lines: dues } of chunk.lines) {
        if (!staff.has(wage.personId) || (chunk.status === 'assessed' && dues.length === 0)) continue
        lines.push(wage)
        staff.delete(wage.personId)
      }
  for (const { person_id: personId, main, wage_fen: wageFen } of staff.values()) {
    const lineSet = main === 1n ? LineSet.ALL_LINES : LineSet.INJURY_ONLY
    lines.push(WageLine.create({ personId, wageFen, months: 1, lineSet }))
  }
  return lines
}

export async function changeLines(request: ChangeLinesRequest, context: Context): Promise<ChangeLinesResponse> {
  const { employerId, month, chunk } = request
  const id = declarationId(employerId, month)
  const [, changed] = await context.handleAll([
    order(declarations, id, { type: 'UseChunk', chunk }),
    order(chunks, chunkId(employerId, month, chunk), { type: 'ChangeLines', data: request }),
  ])
  const { receipt, state } = changed as Handled<ChunkState, never>
  return { receipt, count: state.status === 'none' ? 0 : state.lines.length }
}

export async function submitDeclaration(
  { employerId, month }: SubmitDeclarationRequest,
  context: Context,
): Promise<SubmitDeclarationResponse> {
  const id = declarationId(employerId, month)
  const { state } = await context.load(declarations, id)
  const before = opened(state, month)
  if (before.phase === 'assessed' || before.phase === 'closed') {
    const { receipt } = await context.handle(declarations, id, { type: 'Submit' })
    return { receipt, declaration: declarationOf(before), faults: [] }
  }
  // Handed in first, so that nobody changes a line while it is checked and assessed.
  await context.handle(declarations, id, { type: 'Submit' })
  const facts = new Map<number, Facts>()
  const faults = await checkAll(context, before, facts)
  const wrong = faults.filter(({ warning }) => !warning)
  const command =
    wrong.length > 0
      ? ({ type: 'Reject', faults: wrong } as const)
      : ({ type: 'Assess', chunks: await assessAll(context, before, facts) } as const)
  const done = await context.handle(declarations, id, command)
  const declaration = declarationOf(opened(done.state, month))
  return { receipt: done.receipt, declaration, faults: faults.slice(0, FAULTS_SHOWN) }
}

const factsOfChunk = (context: Context, { employerId, month, lines }: OpenChunk): Facts =>
  factsOf(
    context.db,
    employerId,
    month,
    lines.map(({ wage }) => wage.personId),
  )

/** Faults and warnings of all lines; what the registers said is kept for the assessment. */
async function checkAll(
  context: Context,
  declaration: OpenDeclaration,
  kept: Map<number, Facts>,
): Promise<LineFault[]> {
  const faults: LineFault[] = []
  const seen: { chunk: number; lines: { personId: string }[] }[] = []
  const law = context.world.policyOn(firstDay(declaration.month))
  for await (const chunk of chunkStates(context, declaration)) {
    const facts = factsOfChunk(context, chunk)
    kept.set(chunk.chunk, facts)
    const terms = checkTerms(law, declaration.month, chunk.chunk)
    for (const { wage } of chunk.lines) faults.push(...checkLine(wage, facts.get(wage.personId), terms))
    seen.push({ chunk: chunk.chunk, lines: chunk.lines.map(({ wage }) => ({ personId: wage.personId })) })
  }
  return [...checkTwice(seen), ...faults]
}

async function assessAll(
  context: Context,
  declaration: OpenDeclaration,
  kept: ReadonlyMap<number, Facts>,
): Promise<ChunkTotal[]> {
  const { dueOn, tariff } = declaration
  const totals: ChunkTotal[] = []
  for await (const chunk of chunkStates(context, declaration)) {
    const id = chunkId(chunk.employerId, chunk.month, chunk.chunk)
    const facts = kept.get(chunk.chunk) ?? factsOfChunk(context, chunk)
    const { state } = await context.handle(chunks, id, { type: 'Assess', dueOn, tariff, facts })
    const lines = state.status === 'none' ? [] : state.lines
    totals.push({ chunk: chunk.chunk, persons: lines.length, lines: sumDues(lines.flatMap((one) => one.lines)) })
  }
  return totals
}
