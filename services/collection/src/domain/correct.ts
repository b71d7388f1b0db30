// Corrections and retroactive bounds: nothing is edited; the difference of rounded amounts is posted per person, line
// and side (G-07, C-6). A supplement counts when it is paid; what was paid too much is released at once.
import type { World } from '@jinbao/core'
import type {
  AssessedLine,
  ContributionsCorrected,
  LineDue,
  LineMoney,
  LinesCorrected,
  PersonMonth,
  WageLine,
} from '@jinbao/proto/collection/v1/events.ts'
import type { Line } from '@jinbao/proto/common/v1/common.ts'
import { assessLines } from './assess.ts'
import type { ChunkEvent } from './chunk.ts'
import {
  type ChunkState,
  isDone,
  isNothing,
  type LineState,
  lineKey,
  lineState,
  minus,
  nothingDue,
  type OpenChunk,
  type Published,
  sumDues,
  whole,
} from './lines.ts'
import { personMonth } from './receive.ts'
import { refuse } from './refusals.ts'
import { type InjuryTariff, termsOf } from './terms.ts'

export interface CorrectLines {
  readonly correctionId: string
  readonly reason: string
  /** The chunk the plan was made on. */
  readonly revision: number
  /** All persons again, by the law as it is known now (C-6). */
  readonly again: boolean
  readonly tariff: InjuryTariff
  readonly lines: readonly WageLine[]
  readonly remove: readonly string[]
}

export interface Correction {
  readonly events: ChunkEvent[]
  /** New minus old, sums over the chunk. */
  readonly differences: LineDue[]
  /** Paid and now too much, line by line. */
  readonly released: LineMoney[]
}

/** What becomes of one line of one person. */
interface Change {
  readonly line: Line
  readonly before: LineDue
  readonly after: LineDue
  /** Credited so far; undefined when the line never was. */
  readonly credited: Published | undefined
  readonly heldFen: bigint
  readonly releasedFen: bigint
  readonly full: boolean
}

export function correct(state: ChunkState, command: CorrectLines, world: World): Correction {
  if (state.status !== 'assessed') return refuse('NOT_ASSESSED')
  if (state.revision !== command.revision) refuse('CHANGED_MEANWHILE')
  const lines = correctedLines(state, command, world)
  const { employerId, month, chunk } = state
  const { correctionId, reason } = command
  if (lines.length === 0) return { events: [], differences: [], released: [] }
  const data = { employerId, month, chunk, correctionId, reason, lines }
  const persons = byId(state)
  const changes = lines.map((line) => ({ line, changes: changesOf(state, persons, line, data) }))
  const all = changes.flatMap((one) => one.changes)
  return {
    events: [{ type: 'LinesCorrected', data }, ...published(state, changes, command, world.today)],
    differences: sumDues(all.map(({ before, after }) => minus(after, before))),
    released: releasedOf(all),
  }
}

/** The lines whose amounts come out otherwise, as they are now. */
function correctedLines(
  state: OpenChunk,
  { again, lines, remove, tariff }: CorrectLines,
  world: World,
): AssessedLine[] {
  const known = byId(state)
  for (const personId of remove) if (!known.has(personId)) refuse('PERSON_NOT_DECLARED', { month: state.month })
  const living = state.lines.filter(({ lines: due }) => due.length > 0).map(({ wage }) => wage)
  const now = assessLines(termsOf(world.policyOn, state.month, tariff), again ? living : lines)
  const gone = remove.map((personId) => ({ wage: known.get(personId)!.wage, baseFen: 0n, lines: [] }))
  return [...now, ...gone].filter((line) => !sameDues(known.get(line.wage!.personId), line))
}

function sameDues(before: LineState | undefined, after: AssessedLine): boolean {
  if (!before || before.baseFen !== after.baseFen || before.lines.length !== after.lines.length) return false
  return after.lines.every((due, i) => before.lines[i]!.line === due.line && isNothing(minus(due, before.lines[i]!)))
}

const byId = (state: OpenChunk) => new Map(state.lines.map((person) => [person.wage.personId, person]))

function changesOf(
  state: OpenChunk,
  persons: ReadonlyMap<string, LineState>,
  after: AssessedLine,
  { correctionId, reason }: Pick<LinesCorrected, 'correctionId' | 'reason'>,
): Change[] {
  const person = persons.get(after.wage!.personId)
  const lines = new Set([...(person?.lines ?? []), ...after.lines].map((due) => due.line))
  return [...lines].map((line) => {
    const index = person?.lines.findIndex((due) => due.line === line) ?? -1
    const before = person?.lines[index] ?? nothingDue(line)
    const now = after.lines.find((due) => due.line === line) ?? nothingDue(line)
    const key = lineKey(after.wage!.personId, line)
    const done = person !== undefined && index >= 0 && isDone(person, index)
    const paidFen = done ? whole(before) : (state.held.get(key) ?? 0n)
    const was = state.published.get(key)
    const credited = done ? { baseFen: person.baseFen, due: before, correctionId, reason } : was
    const full = paidFen >= whole(now)
    return {
      line,
      before,
      after: now,
      credited: credited && { ...credited, correctionId, reason },
      heldFen: full ? 0n : paidFen,
      releasedFen: full ? paidFen - whole(now) : 0n,
      full: full && (whole(now) > 0n || credited !== undefined),
    }
  })
}

function releasedOf(changes: readonly Change[]): LineMoney[] {
  const sums = new Map<Line, bigint>()
  for (const { line, releasedFen } of changes)
    if (releasedFen > 0n) sums.set(line, (sums.get(line) ?? 0n) + releasedFen)
  return [...sums].map(([line, principalFen]) => ({ line, principalFen, lateFeeFen: 0n }))
}

/** What the lines learn at once: differences of what is credited, and lines that a lower amount has filled. */
function published(
  state: OpenChunk,
  all: readonly { readonly line: AssessedLine; readonly changes: readonly Change[] }[],
  { correctionId, reason }: CorrectLines,
  today: string,
): ChunkEvent[] {
  const { employerId, month, dueOn } = state
  const events: ChunkEvent[] = []
  const filled: PersonMonth[] = []
  const changed: Record<'kept' | 'withdrawn', PersonMonth[]> = { kept: [], withdrawn: [] }
  for (const { line, changes } of all) {
    const person = lineState(line)
    const full = changes.filter((one) => one.full)
    const fresh = full.filter((one) => !one.credited).map((one) => one.after)
    if (fresh.length > 0) filled.push(personMonth(person, fresh))
    for (const kind of ['kept', 'withdrawn'] as const) {
      const of = full.filter((one) => one.credited && (whole(one.after) === 0n) === (kind === 'withdrawn'))
      const lines = of.map((one) => minus(one.after, one.credited!.due))
      if (lines.length > 0) changed[kind].push(personMonth(person, lines, line.baseFen - of[0]!.credited!.baseFen))
    }
  }
  if (filled.length > 0) {
    const received = { employerId, month, dueOn, receivedOn: today, receiptId: correctionId, persons: filled }
    events.push({ type: 'ContributionsReceived', data: received })
  }
  for (const kind of ['kept', 'withdrawn'] as const) {
    if (changed[kind].length === 0) continue
    const data: ContributionsCorrected = {
      employerId,
      month,
      correctedOn: today,
      correctionId,
      reason,
      persons: changed[kind],
      withdrawn: kind === 'withdrawn',
    }
    events.push({ type: 'ContributionsCorrected', data })
  }
  return events
}

// --- evolve ----------------------------------------------------------------------------------------------------------

/** The lines after a correction: dues are the new ones; what is held, credited and full follows from what was. */
export function afterCorrection(
  state: OpenChunk,
  { lines, correctionId, reason }: LinesCorrected,
): Pick<OpenChunk, 'lines' | 'held' | 'published'> {
  const held = new Map(state.held)
  const published = new Map(state.published)
  const before = byId(state)
  const persons = new Map(before)
  for (const line of lines) {
    const { personId } = line.wage!
    let done = 0
    for (const change of changesOf(state, before, line, { correctionId, reason })) {
      const key = lineKey(personId, change.line)
      held.delete(key)
      published.delete(key)
      if (change.heldFen > 0n) held.set(key, change.heldFen)
      if (!change.full && change.credited) published.set(key, change.credited)
      const index = line.lines.findIndex((due) => due.line === change.line)
      if (change.full && index >= 0) done |= 1 << index
    }
    persons.set(personId, { ...lineState(line), done })
  }
  return { lines: [...persons.values()], held, published }
}
