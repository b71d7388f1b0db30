// A paid month that the account could not take (merged, retired, dead, already credited): held in suspense until an
// officer settles it, so that received = credited + pooled + held. Stream `pension-held-<receipt>.<person>.<month>`.
import type { Decider, EventOf, World } from '@jinbao/core'
import { ContributionHeld, HeldContributionSettled, HeldOutcome } from '@jinbao/proto/pension/v1/events.ts'
import type { SettleHeldContributionRequest } from '@jinbao/proto/pension/v1/pension.ts'
import { refuse } from './refusals.ts'

export const heldEvents = { ContributionHeld, HeldContributionSettled }
export type HeldEvent = EventOf<typeof heldEvents>

export type HeldCommand =
  | { type: 'Hold'; data: ContributionHeld }
  | { type: 'Settle'; data: SettleHeldContributionRequest }

export type HeldState =
  | { readonly status: 'none' }
  | { readonly status: 'open' | 'settled'; readonly held: ContributionHeld; readonly outcome: HeldOutcome }

export const heldDecider: Decider<HeldState, HeldCommand, HeldEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    if (command.type === 'Hold')
      return state.status === 'none' ? [{ type: 'ContributionHeld', data: command.data }] : []
    return settle(state, command.data, world)
  },
  evolve(state, event) {
    if (event.type === 'ContributionHeld')
      return { status: 'open', held: event.data, outcome: HeldOutcome.HELD_OUTCOME_UNSPECIFIED }
    return state.status === 'none' ? state : { ...state, status: 'settled', outcome: event.data.outcome }
  },
}

function settle(state: HeldState, data: SettleHeldContributionRequest, world: World): HeldEvent[] {
  if (state.status === 'none') return refuse('HELD_UNKNOWN', { held: data.heldId })
  if (data.outcome === HeldOutcome.HELD_OUTCOME_UNSPECIFIED || data.proof === '') refuse('HELD_OUTCOME_MISSING')
  if (state.status === 'settled')
    return state.outcome === data.outcome ? [] : refuse('HELD_SETTLED', { outcome: state.outcome })
  const { today: settledOn, by } = world
  return [{ type: 'HeldContributionSettled', data: { ...data, settledOn, settledBy: by.subject } }]
}
