// One chunk of a declaration: at most 1,000 persons, their amounts, and the money that has reached them. Lines travel
// in chunks so that a month of a large employer is a few events, not one a person.
import { type Decider, type EventOf, firstDay, type World } from '@jinbao/core'
import {
  type AssessedLine,
  ChunkPaid,
  ContributionsCorrected,
  ContributionsReceived,
  LineSet,
  LinesAssessed,
  LinesCorrected,
  LinesDeclared,
  PartPaymentHeld,
  type WageLine,
} from '@jinbao/proto/collection/v1/events.ts'
import { assessLines } from './assess.ts'
import { checkLine, checkTerms, type Facts } from './check.ts'
import { afterCorrection, type CorrectLines, correct } from './correct.ts'
import { type ChunkKey, type ChunkState, lineState, type OpenChunk } from './lines.ts'
import { markDone, putHeld, type ReceiveMoney, receive } from './receive.ts'
import { refuse } from './refusals.ts'
import { type InjuryTariff, termsOf } from './terms.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const chunkEvents = {
  LinesDeclared,
  LinesAssessed,
  ChunkPaid,
  ContributionsReceived,
  PartPaymentHeld,
  LinesCorrected,
  ContributionsCorrected,
}
export type ChunkEvent = EventOf<typeof chunkEvents>

export interface ChangeLines extends ChunkKey {
  readonly lines: readonly WageLine[]
  readonly remove: readonly string[]
  /** The lines given are all there are. */
  readonly replace: boolean
}

export type ChunkCommand =
  | { type: 'ChangeLines'; data: ChangeLines }
  | { type: 'Assess'; dueOn: string; tariff: InjuryTariff; facts: Facts }
  | { type: 'Receive'; data: ReceiveMoney }
  | { type: 'Correct'; data: CorrectLines }

// --- decide ----------------------------------------------------------------------------------------------------------

export const MAX_LINES = 1_000

export const chunkDecider: Decider<ChunkState, ChunkCommand, ChunkEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    if (command.type === 'ChangeLines') return changeLines(state, command.data)
    if (state.status === 'none') return refuse('NO_LINES')
    switch (command.type) {
      case 'Assess':
        return assessChunk(state, command, world)
      case 'Receive':
        return state.payments.has(command.data.payment) ? [] : receive(state, command.data)
      case 'Correct':
        return state.corrections.has(command.data.correctionId) ? [] : correct(state, command.data, world).events
    }
  },
  evolve(state, event) {
    if (event.type === 'LinesDeclared') return declared(state, event.data)
    return state.status === 'none' ? state : evolveOpen(state, event)
  },
}

// --- evolve ----------------------------------------------------------------------------------------------------------

function declared(state: ChunkState, { employerId, month, chunk, lines, removed }: LinesDeclared): OpenChunk {
  const before = state.status === 'none' ? [] : state.lines
  const kept = new Map(before.map((line) => [line.wage.personId, line]))
  for (const personId of removed) kept.delete(personId)
  for (const wage of lines) kept.set(wage.personId, lineState({ wage, baseFen: 0n, lines: [] }))
  return {
    status: 'open',
    employerId,
    month,
    chunk,
    dueOn: '',
    tariff: { riskClass: 0, floatStep: 0 },
    revision: state.status === 'none' ? 0 : state.revision + 1,
    lines: [...kept.values()],
    payments: new Set(),
    corrections: new Set(),
    held: new Map(),
    published: new Map(),
  }
}

function evolveOpen(state: OpenChunk, event: Exclude<ChunkEvent, { type: 'LinesDeclared' }>): OpenChunk {
  const revision = state.revision + 1
  switch (event.type) {
    case 'LinesAssessed': {
      const { dueOn, riskClass, floatStep, lines } = event.data
      return {
        ...state,
        status: 'assessed',
        revision,
        dueOn,
        tariff: { riskClass, floatStep },
        lines: lines.map(lineState),
      }
    }
    case 'ChunkPaid':
      return { ...state, revision, payments: new Set(state.payments).add(event.data.payment) }
    case 'ContributionsReceived':
    case 'ContributionsCorrected':
      return markDone({ ...state, revision }, event.data.persons)
    case 'PartPaymentHeld':
      return putHeld({ ...state, revision }, event.data.held)
    case 'LinesCorrected': {
      const corrections = new Set(state.corrections).add(event.data.correctionId)
      return { ...state, revision, corrections, ...afterCorrection(state, event.data) }
    }
  }
}

// --- one function a command ------------------------------------------------------------------------------------------

const sameLine = (a: WageLine | undefined, b: WageLine) =>
  a !== undefined && a.wageFen === b.wageFen && a.months === b.months && a.lineSet === b.lineSet

/** What left out means is written down: all lines, one month. */
const plainLine = (line: WageLine): WageLine => ({
  ...line,
  months: line.months || 1,
  lineSet: line.lineSet === LineSet.LINE_SET_UNSPECIFIED ? LineSet.ALL_LINES : line.lineSet,
})

function changeLines(state: ChunkState, { employerId, month, chunk, ...data }: ChangeLines): ChunkEvent[] {
  const open = state.status === 'none' ? undefined : state
  if (open && (open.payments.size > 0 || open.corrections.size > 0)) refuse('NOT_OPEN_FOR_CHANGE')
  const before = new Map((open?.lines ?? []).map(({ wage }) => [wage.personId, wage]))
  const given = onePerPerson(data.lines.map(plainLine))
  const lines = [...given.values()].filter((line) => !sameLine(before.get(line.personId), line))
  const left = data.replace ? [...before.keys()].filter((id) => !given.has(id)) : data.remove
  const removed = left.filter((id) => before.has(id) && !given.has(id))
  const added = lines.filter((line) => !before.has(line.personId)).length
  if (before.size - removed.length + added > MAX_LINES) refuse('CHUNK_FULL', { max: MAX_LINES })
  if (lines.length === 0 && removed.length === 0) return []
  return [{ type: 'LinesDeclared', data: { employerId, month, chunk, lines, removed } }]
}

function onePerPerson(lines: readonly WageLine[]): ReadonlyMap<string, WageLine> {
  const seen = new Map<string, WageLine>()
  const twice: { field: string; reason: string; message: string }[] = []
  for (const [i, line] of lines.entries()) {
    const before = seen.get(line.personId)
    if (before && !sameLine(before, line))
      twice.push({ field: `lines[${i}].personId`, reason: 'TWICE_IN_FILE', message: 'the person stands here twice' })
    seen.set(line.personId, line)
  }
  if (twice.length > 0) refuse('LINES_FAULTY', { count: twice.length }, twice)
  return seen
}

function assessChunk(
  state: OpenChunk,
  { dueOn, tariff, facts }: Extract<ChunkCommand, { type: 'Assess' }>,
  world: World,
): ChunkEvent[] {
  if (state.status === 'assessed') return []
  const { employerId, month, chunk } = state
  const check = checkTerms(world.policyOn(firstDay(month)), month, chunk)
  const wages = state.lines.map(({ wage }) => wage)
  const wrong = wages.filter((wage) => checkLine(wage, facts.get(wage.personId), check).some((one) => !one.warning))
  if (wrong.length > 0) refuse('LINES_FAULTY', { count: wrong.length })
  const lines: AssessedLine[] = assessLines(termsOf(world.policyOn, month, tariff), wages)
  return [{ type: 'LinesAssessed', data: { employerId, month, chunk, dueOn, ...tariff, lines } }]
}
