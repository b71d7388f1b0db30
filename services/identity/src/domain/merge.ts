// Two records of one person become one, under four eyes (other-lines §1.6).
import type { Decider, EventOf, World } from '@jinbao/core'
import {
  MergeBlockCleared,
  MergeBlocked,
  MergeDeclined,
  MergeDone,
  MergeProposed,
  MergeReverted,
} from '@jinbao/proto/identity/v1/events.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const mergeEvents = { MergeProposed, MergeBlocked, MergeBlockCleared, MergeDone, MergeDeclined, MergeReverted }
export type MergeEvent = EventOf<typeof mergeEvents>

export type MergeCommand =
  | { type: 'Propose'; data: MergeProposed }
  | { type: 'Block'; data: MergeBlocked }
  | { type: 'ClearBlock'; reference: string }
  | { type: 'Approve' }
  | { type: 'Decline'; reason: string }
  | { type: 'Revert'; reason: string }

// --- state -----------------------------------------------------------------------------------------------------------

export type MergeState =
  | { readonly status: 'none' }
  | {
      readonly status: 'proposed' | 'done' | 'declined' | 'reverted'
      readonly proposal: MergeProposed
      readonly blocks: readonly string[]
    }
type Known = Exclude<MergeState, { status: 'none' }>

// --- decide ----------------------------------------------------------------------------------------------------------

export const mergeDecider: Decider<MergeState, MergeCommand, MergeEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    if (command.type === 'Propose') return state.status === 'none' ? propose(command.data, world) : []
    if (state.status === 'none') return refuse('MERGE_UNKNOWN')
    const { mergeId } = state.proposal
    switch (command.type) {
      case 'Block':
        return block(state, command.data)
      case 'ClearBlock':
        return state.blocks.includes(command.reference)
          ? [{ type: 'MergeBlockCleared', data: { mergeId, reference: command.reference } }]
          : []
      case 'Approve':
        return approve(state, world)
      case 'Decline':
        return decline(state, command.reason)
      case 'Revert':
        return revert(state, command.reason)
    }
  },

  // --- evolve --------------------------------------------------------------------------------------------------------

  evolve(state, event) {
    if (event.type === 'MergeProposed') return { status: 'proposed', proposal: event.data, blocks: [] }
    if (state.status === 'none') return state
    switch (event.type) {
      case 'MergeBlocked':
        return { ...state, blocks: [...state.blocks, event.data.reference] }
      case 'MergeBlockCleared':
        return { ...state, blocks: state.blocks.filter((one) => one !== event.data.reference) }
      case 'MergeDone':
        return { ...state, status: 'done' }
      case 'MergeDeclined':
        return { ...state, status: 'declined' }
      case 'MergeReverted':
        return { ...state, status: 'reverted' }
    }
  },
}

// --- one function a command ------------------------------------------------------------------------------------------

function propose(data: MergeProposed, world: World): MergeEvent[] {
  if (data.survivorId === data.absorbedId) refuse('SAME_RECORD')
  if (data.evidence.length === 0) refuse('EVIDENCE_MISSING')
  return [{ type: 'MergeProposed', data: { ...data, proposedBy: world.by.subject } }]
}

const blockKinds = ['OPEN_CLAIM', 'UNPAID_DECLARATION', 'RUNNING_TRANSFER']

function block(state: Known, data: MergeBlocked): MergeEvent[] {
  if (!blockKinds.includes(data.kind) || !data.reference) refuse('BLOCK_KIND_UNKNOWN')
  open(state)
  return state.blocks.includes(data.reference) ? [] : [{ type: 'MergeBlocked', data }]
}

function approve(state: Known, world: World): MergeEvent[] {
  if (state.status === 'done') return []
  open(state)
  if (state.proposal.proposedBy === world.by.subject) refuse('SAME_OFFICER')
  if (state.blocks.length > 0) refuse('MERGE_BLOCKED', { blocks: state.blocks.join(', ') })
  return [{ type: 'MergeDone', data: { mergeId: state.proposal.mergeId } }]
}

function decline(state: Known, reason: string): MergeEvent[] {
  if (state.status === 'declined') return []
  open(state)
  reasoned(reason)
  return [{ type: 'MergeDeclined', data: { mergeId: state.proposal.mergeId, reason } }]
}

function revert(state: Known, reason: string): MergeEvent[] {
  if (state.status === 'reverted') return []
  if (state.status !== 'done') refuse('MERGE_NOT_DONE')
  reasoned(reason)
  return [{ type: 'MergeReverted', data: { mergeId: state.proposal.mergeId, reason } }]
}

function open(state: Known): void {
  if (state.status !== 'proposed') refuse('MERGE_CLOSED')
}

function reasoned(reason: string): void {
  if (!/^[A-Z][A-Z_]+$/.test(reason)) refuse('REASON_MISSING')
}
