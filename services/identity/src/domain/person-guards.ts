import { isDay, type World } from '@jinbao/core'
import type { KnownPerson, Pending } from './person-state.ts'
import { refuse } from './refusals.ts'

export function approved<K extends Pending['kind']>(
  state: KnownPerson,
  kind: K,
  world: World,
): Extract<Pending, { kind: K }> {
  const { pending } = state
  if (pending?.kind !== kind) return refuse('NOTHING_PROPOSED')
  if (pending.by === world.by.subject) refuse('SAME_OFFICER')
  return pending as Extract<Pending, { kind: K }>
}

export function living(state: KnownPerson): void {
  if (state.status === 'dead') refuse('PERSON_DEAD', { on: state.diedOn })
}

export function proven(document: string): void {
  if (!document) refuse('PROOF_MISSING')
}

export function nothingPending(state: KnownPerson): void {
  if (state.pending) refuse('PROPOSAL_PENDING', { kind: state.pending.kind })
}

/** Sealed data was made from an older state: writing it would undo somebody's change. */
export function unchanged(state: KnownPerson, basedOn: number): void {
  nothingPending(state)
  if (state.revision !== basedOn) refuse('RECORD_CHANGED')
}

export function pastDay(field: string, value: string, world: World): void {
  if (!isDay(value) || value > world.today) refuse('BAD_DAY', { field, value })
}
