import { type Merge, MergeServiceService, MergeStatus } from '@jinbao/proto/identity/v1/identity.ts'
import { allow, api, type Context, order } from '@jinbao/service'
import type { MergeCommand, MergeState } from './domain/merge.ts'
import { refuse } from './domain/refusals.ts'
import { recordOf } from './shown.ts'
import { merges, persons } from './streams.ts'

const statusWord = {
  proposed: MergeStatus.PROPOSED,
  done: MergeStatus.DONE,
  declined: MergeStatus.DECLINED,
  reverted: MergeStatus.REVERTED,
} as const

function mergeOf(state: MergeState): Merge | undefined {
  if (state.status === 'none') return undefined
  const { mergeId, survivorId, absorbedId, evidence } = state.proposal
  return { mergeId, survivorId, absorbedId, evidence, status: statusWord[state.status], blocks: [...state.blocks] }
}

async function known(context: Context, mergeId: string) {
  const { state } = await context.load(merges, mergeId)
  return state.status === 'none' ? refuse('MERGE_UNKNOWN') : state
}

async function step(context: Context, mergeId: string, command: MergeCommand) {
  const { receipt, state } = await context.handle(merges, mergeId, command)
  return { receipt, merge: mergeOf(state) }
}

/** The merge and both records change together or not at all. */
async function together(context: Context, mergeId: string, command: MergeCommand, forth: boolean) {
  const { survivorId, absorbedId } = (await known(context, mergeId)).proposal
  const both = forth
    ? [
        order(persons, survivorId, { type: 'Absorb', absorbedId }),
        order(persons, absorbedId, { type: 'MergeInto', survivorId }),
      ]
    : [order(persons, absorbedId, { type: 'RevertMerge' }), order(persons, survivorId, { type: 'Release', absorbedId })]
  const [done] = await context.handleAll([order(merges, mergeId, command), ...both])
  return { receipt: done!.receipt, merge: mergeOf(done!.state as MergeState) }
}

export const mergeApi = api(
  MergeServiceService,
  {
    async proposeMerge(request, context) {
      for (const id of [request.survivorId, request.absorbedId]) await recordOf(context, id)
      const mergeId = context.newId('merge')
      const data = { ...request, mergeId, proposedBy: '' }
      return step(context, mergeId, { type: 'Propose', data })
    },
    blockMerge: (data, context) => step(context, data.mergeId, { type: 'Block', data }),
    clearMergeBlock: ({ mergeId, reference }, context) => step(context, mergeId, { type: 'ClearBlock', reference }),
    approveMerge: ({ mergeId }, context) => together(context, mergeId, { type: 'Approve' }, true),
    declineMerge: ({ mergeId, reason }, context) => step(context, mergeId, { type: 'Decline', reason }),
    revertMerge: ({ mergeId, reason }, context) => together(context, mergeId, { type: 'Revert', reason }, false),
    async getMerge({ mergeId }, context) {
      return mergeOf(await known(context, mergeId)) ?? refuse('MERGE_UNKNOWN')
    },
  },
  {
    proposeMerge: allow('officer', 'reviewer'),
    blockMerge: allow('officer', 'reviewer', 'service'),
    clearMergeBlock: allow('officer', 'reviewer', 'service'),
    approveMerge: allow('reviewer', 'supervisor'),
    declineMerge: allow('reviewer', 'supervisor'),
    revertMerge: allow('supervisor'),
    getMerge: allow('officer', 'reviewer', 'supervisor', 'service'),
  },
)
