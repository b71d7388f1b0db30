// A claim for death benefits: stream `pension-survivor-<person id>` of the person who died, so that nobody is paid for
// twice. Funeral grant, survivors' grant and the account for the heirs (D-1 to D-9).
import { Calc, type Day, type Decider, type EventOf, label, toFen, type World, yuan } from '@jinbao/core'
import type { SurvivorBenefitClaimed, SurvivorBenefitDecided } from '@jinbao/proto/pension/v1/events.ts'
import * as facts from '@jinbao/proto/pension/v1/events.ts'
import { due } from './decision.ts'
import { refuse } from './refusals.ts'
import { type DeathFacts, deathBenefit } from './survivors.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const survivorEvents = {
  SurvivorBenefitClaimed: facts.SurvivorBenefitClaimed,
  SurvivorBenefitDecided: facts.SurvivorBenefitDecided,
  SurvivorBenefitAwarded: facts.SurvivorBenefitAwarded,
  SurvivorBenefitRejected: facts.SurvivorBenefitRejected,
}
export type SurvivorEvent = EventOf<typeof survivorEvents>

export type SurvivorCommand =
  | {
      readonly type: 'Claim'
      readonly personId: string
      readonly claimantId: string
      /** Empty while no death is registered. */
      readonly diedOn: Day
      readonly funeralElsewhere: boolean
    }
  | { readonly type: 'Decide'; readonly facts: DeathFacts; readonly balanceFen: bigint }
  | { readonly type: 'Approve' }
  | { readonly type: 'Reject'; readonly reason: string; readonly text: string }
  /** The death was an error. */
  | { readonly type: 'Withdraw' }

// --- state -----------------------------------------------------------------------------------------------------------

export type SurvivorState =
  | { readonly status: 'none' }
  | { readonly status: 'claimed'; readonly claimed: SurvivorBenefitClaimed }
  | { readonly status: 'decided'; readonly claimed: SurvivorBenefitClaimed; readonly decided: SurvivorBenefitDecided }
  | { readonly status: 'awarded'; readonly claimed: SurvivorBenefitClaimed; readonly decided: SurvivorBenefitDecided }
  | { readonly status: 'rejected'; readonly claimed: SurvivorBenefitClaimed; readonly reason: string }

// --- decide ----------------------------------------------------------------------------------------------------------

export const survivorDecider: Decider<SurvivorState, SurvivorCommand, SurvivorEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    switch (command.type) {
      case 'Claim':
        return claim(state, command, world)
      case 'Decide':
        return decide(state, command.facts, command.balanceFen, world)
      case 'Approve':
        return approve(state, world)
      case 'Reject':
        return reject(state, command.reason, command.text, world)
      case 'Withdraw':
        return state.status === 'claimed' || state.status === 'decided'
          ? reject(state, 'PERSON_ALIVE', '死亡登记已撤销 · the death was an error', world)
          : []
    }
  },
  evolve,
}

// --- evolve ----------------------------------------------------------------------------------------------------------

function evolve(state: SurvivorState, event: SurvivorEvent): SurvivorState {
  if (event.type === 'SurvivorBenefitClaimed') return { status: 'claimed', claimed: event.data }
  if (state.status === 'none') return state
  const { claimed } = state
  switch (event.type) {
    case 'SurvivorBenefitDecided':
      return { status: 'decided', claimed, decided: event.data }
    case 'SurvivorBenefitAwarded':
      return state.status === 'decided' ? { ...state, status: 'awarded' } : state
    case 'SurvivorBenefitRejected':
      return { status: 'rejected', claimed, reason: event.data.reason }
  }
}

// --- one function a command ------------------------------------------------------------------------------------------

const wrongStep = (state: SurvivorState): never => refuse('WRONG_STEP', { status: state.status })

/** D-8: the place of the last relation pays; it is the one that holds the account. */
function claim(state: SurvivorState, command: SurvivorCommand & { type: 'Claim' }, world: World): SurvivorEvent[] {
  if (state.status !== 'none' && state.status !== 'rejected') {
    if (state.claimed.claimantId === command.claimantId) return []
    return refuse('ANOTHER_CLAIM', { claim: state.claimed.claimantId })
  }
  if (command.diedOn === '') refuse('PERSON_ALIVE')
  const { type: _, ...data } = command
  const law = world.policyOn(world.today)
  const dueOn = law.addWorkingDays(world.today, Number(law.value('sla.pension.claim').n))
  return [{ type: 'SurvivorBenefitClaimed', data: { ...data, claimedOn: world.today, dueOn } }]
}

const heirs = label('inheritance', 'D-9', 'CNY', '个人账户余额', 'account balance for the heirs')

/** The three amounts with their explanation; also the answer of an estimate. */
export function explainedDeath(world: World, personId: string, death: DeathFacts, balanceFen: bigint) {
  const calc = Calc.recording()
  const { funeral, survivors } = deathBenefit(calc, world.policyOn, death)
  const inheritance = calc.input(heirs, yuan(balanceFen), { stream: death.stream })
  const about = { subject: { person: personId }, place: world.place, day: death.diedOn, knownAt: world.now }
  return {
    funeralFen: toFen(funeral),
    survivorsFen: toFen(survivors),
    inheritanceFen: balanceFen,
    explanation: JSON.stringify(calc.explain(about, due({ funeral, survivors, inheritance }))),
  }
}

function decide(state: SurvivorState, death: DeathFacts, balanceFen: bigint, world: World): SurvivorEvent[] {
  if (state.status !== 'claimed' && state.status !== 'decided') return wrongStep(state)
  const { personId, funeralElsewhere, diedOn } = state.claimed
  const amounts = explainedDeath(world, personId, { ...death, diedOn, funeralElsewhere }, balanceFen)
  if (state.status === 'decided' && sameAmounts(state.decided, amounts)) return []
  const data = { personId, ...amounts, decidedBy: world.by.subject, decidedOn: world.today }
  return [{ type: 'SurvivorBenefitDecided', data }]
}

type Amounts = Pick<SurvivorBenefitDecided, 'funeralFen' | 'survivorsFen' | 'inheritanceFen'>
const sameAmounts = (a: Amounts, b: Amounts): boolean =>
  a.funeralFen === b.funeralFen && a.survivorsFen === b.survivorsFen && a.inheritanceFen === b.inheritanceFen

function approve(state: SurvivorState, { by, today }: World): SurvivorEvent[] {
  if (state.status === 'awarded') return []
  if (state.status !== 'decided') return wrongStep(state)
  if (by.subject === state.decided.decidedBy) refuse('SAME_OFFICER')
  const { personId, claimantId } = state.claimed
  const { funeralFen, survivorsFen, inheritanceFen } = state.decided
  const data = {
    personId,
    claimantId,
    funeralFen,
    survivorsFen,
    inheritanceFen,
    approvedBy: by.subject,
    approvedOn: today,
  }
  return [{ type: 'SurvivorBenefitAwarded', data }]
}

function reject(state: SurvivorState, reason: string, text: string, { by }: World): SurvivorEvent[] {
  if (state.status === 'rejected') return []
  if (state.status !== 'claimed' && state.status !== 'decided') return wrongStep(state)
  if (!/^[A-Z][A-Z_]+$/.test(reason)) refuse('REASON_MISSING')
  const { personId } = state.claimed
  return [{ type: 'SurvivorBenefitRejected', data: { personId, reason, text, rejectedBy: by.subject } }]
}
