// Who holds a number: one stream a number (its blind index) or credit code, so that two writers cannot both take it.
import type { Decider, EventOf } from '@jinbao/core'
import { NumberTaken } from '@jinbao/proto/identity/v1/events.ts'
import { refuse } from './refusals.ts'

export const holderEvents = { NumberTaken }
export type HolderEvent = EventOf<typeof holderEvents>
/** `from`: a record whose person was forgotten; who comes back is registered anew. */
export type HolderCommand = { type: 'Take'; holderId: string; from?: string }
export type HolderState = { readonly holderId: string }

export const holderDecider: Decider<HolderState, HolderCommand, HolderEvent> = {
  initial: { holderId: '' },
  decide(state, { holderId, from }) {
    if (state.holderId === holderId) return []
    if (state.holderId && state.holderId !== from) refuse('NUMBER_TAKEN', { holder: state.holderId })
    return [{ type: 'NumberTaken', data: { holderId } }]
  },
  evolve: (_, event) => ({ holderId: event.data.holderId }),
}
