// Who read a person's data, why and what: one stream a person, which that person can see.
import type { Decider, EventOf } from '@jinbao/core'
import { PersonRead } from '@jinbao/proto/identity/v1/events.ts'
import { refuse } from './refusals.ts'

export const readEvents = { PersonRead }
export type ReadEvent = EventOf<typeof readEvents>
export type ReadCommand = { type: 'Record'; data: PersonRead; self: boolean }

export const readsDecider: Decider<{ readonly count: number }, ReadCommand, ReadEvent> = {
  initial: { count: 0 },
  decide(_, { data, self }) {
    if (!self && !data.purpose) refuse('PURPOSE_MISSING')
    return [{ type: 'PersonRead', data: { ...data, purpose: data.purpose || 'SELF' } }]
  },
  evolve: ({ count }) => ({ count: count + 1 }),
}
