import type { PensionServiceService, SurvivorClaimResponse } from '@jinbao/proto/pension/v1/pension.ts'
import { type AccessTable, type ApiHandlers, allow, type Context, order } from '@jinbao/service'
import { refuse } from './domain/refusals.ts'
import type { SurvivorCommand, SurvivorState } from './domain/survivor-claim.ts'
import { deathFactsOf, openAccount, personOf } from './facts.ts'
import { accounts, survivors } from './streams.ts'

type Definition = typeof PensionServiceService
type Part =
  | 'claimSurvivorBenefit'
  | 'decideSurvivorBenefit'
  | 'approveSurvivorBenefit'
  | 'rejectSurvivorBenefit'
  | 'getSurvivorClaim'

function answer(state: SurvivorState, receipt: SurvivorClaimResponse['receipt']): SurvivorClaimResponse {
  if (state.status === 'none') return refuse('UNKNOWN_CLAIM', { claim: '–' })
  const { claimantId, dueOn } = state.claimed
  const decided = 'decided' in state ? state.decided : { funeralFen: 0n, survivorsFen: 0n, inheritanceFen: 0n }
  const { funeralFen, survivorsFen, inheritanceFen } = decided
  const reason = state.status === 'rejected' ? state.reason : ''
  return { receipt, status: state.status, claimantId, dueOn, funeralFen, survivorsFen, inheritanceFen, reason }
}

async function step(context: Context, personId: string, command: SurvivorCommand): Promise<SurvivorClaimResponse> {
  const { receipt, state } = await context.handle(survivors, personId, command)
  return answer(state, receipt)
}

export const survivorHandlers: Pick<ApiHandlers<Definition>, Part> = {
  async claimSurvivorBenefit({ personId, claimantId, funeralElsewhere }, context) {
    const { died_on: diedOn } = personOf(context, personId)
    if (!(await openAccount(context, personId, true))) refuse('NO_RELATION_HERE', { person: personId })
    return step(context, personId, { type: 'Claim', personId, claimantId, diedOn, funeralElsewhere })
  },
  async decideSurvivorBenefit({ personId }, context) {
    const { state } = await context.load(survivors, personId)
    if (state.status === 'none') refuse('UNKNOWN_CLAIM', { claim: personId })
    const { died_on: diedOn } = personOf(context, personId)
    if (!diedOn) refuse('PERSON_ALIVE')
    const { facts, balanceFen } = await deathFactsOf(context, personId, diedOn, false)
    return step(context, personId, { type: 'Decide', facts, balanceFen })
  },
  async approveSurvivorBenefit({ personId }, context) {
    const { state } = await context.load(survivors, personId)
    if (state.status !== 'decided') return step(context, personId, { type: 'Approve' })
    const { inheritanceFen: amountFen } = state.decided
    const [done] = await context.handleAll([
      order(survivors, personId, { type: 'Approve' }),
      order(accounts, personId, { type: 'Inherit', personId, amountFen }),
    ])
    return answer(done!.state as SurvivorState, done!.receipt)
  },
  rejectSurvivorBenefit: ({ personId, reason, text }, context) =>
    step(context, personId, { type: 'Reject', reason, text }),
  async getSurvivorClaim({ personId }, context) {
    const { state } = await context.load(survivors, personId)
    return answer(state, undefined)
  },
}

const claimant = {
  role: 'citizen' as const,
  only: async ({ personId }: { personId: string }, { person }: { person?: string }, context: Context) => {
    const { state } = await context.load(survivors, personId)
    return person !== undefined && state.status !== 'none' && state.claimed.claimantId === person
  },
}

export const survivorAccess: Pick<AccessTable<Definition>, Part> = {
  claimSurvivorBenefit: [
    ...allow('officer', 'integrator'),
    { role: 'citizen', only: (request, { person }) => person !== undefined && request.claimantId === person },
  ],
  decideSurvivorBenefit: allow('officer'),
  approveSurvivorBenefit: allow('reviewer', 'officer'),
  rejectSurvivorBenefit: allow('officer', 'reviewer'),
  getSurvivorClaim: [...allow('officer', 'reviewer', 'supervisor'), claimant],
}
