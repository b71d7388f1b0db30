// Social security cards of one person (other-lines §1.5): one stream a person, so that "at most one card lives" is
// decided on facts.
import { addDays, type Decider, type World } from '@jinbao/core'
import type { CardApplied } from '@jinbao/proto/identity/v1/events.ts'
import {
  applied,
  type CardEvent,
  type CardState,
  type CardStatus,
  type CardsState,
  evolveCard,
  final,
  live,
} from './card-state.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

/** What happens to a card that exists. `reason` where the event has one; `newCardId` for a reissue. */
export type CardStep =
  | 'Verify'
  | 'Reject'
  | 'Produce'
  | 'Issue'
  | 'Activate'
  | 'LoseForNow'
  | 'Lose'
  | 'WithdrawLoss'
  | 'Lapse'
  | 'Reissue'
  | 'Freeze'
  | 'Unfreeze'
  | 'Cancel'
  | 'SignECard'
  | 'RevokeECard'
export type CardCommand =
  | { type: 'Apply'; data: CardApplied; personActive: boolean }
  | { type: CardStep; personId: string; cardId: string; reason: string; newCardId?: string }
  | { type: 'CancelAll'; personId: string; reason: string }
type StepCommand = Extract<CardCommand, { type: CardStep }>

// --- decide ----------------------------------------------------------------------------------------------------------

/** From which states a step is possible, and where it leads. */
const steps: Readonly<Record<CardStep, { readonly from: readonly CardStatus[]; readonly to: CardStatus }>> = {
  Verify: { from: ['APPLIED'], to: 'IN_PRODUCTION' },
  Reject: { from: ['APPLIED'], to: 'REJECTED' },
  Produce: { from: ['IN_PRODUCTION'], to: 'READY' },
  Issue: { from: ['READY'], to: 'ISSUED' },
  Activate: { from: ['ISSUED'], to: 'ACTIVE' },
  LoseForNow: { from: ['ACTIVE'], to: 'TEMP_LOST' },
  Lose: { from: ['ACTIVE', 'TEMP_LOST'], to: 'LOST' },
  WithdrawLoss: { from: ['TEMP_LOST', 'LOST'], to: 'ACTIVE' },
  Lapse: { from: ['TEMP_LOST'], to: 'ACTIVE' },
  Reissue: { from: ['LOST', 'ACTIVE'], to: 'REISSUING' },
  Freeze: { from: ['ACTIVE'], to: 'FROZEN' },
  Unfreeze: { from: ['FROZEN'], to: 'ACTIVE' },
  Cancel: {
    from: ['APPLIED', 'IN_PRODUCTION', 'READY', 'ISSUED', 'ACTIVE', 'TEMP_LOST', 'LOST', 'REISSUING', 'FROZEN'],
    to: 'CANCELLED',
  },
  SignECard: { from: ['ACTIVE'], to: 'ACTIVE' },
  RevokeECard: { from: ['ACTIVE'], to: 'ACTIVE' },
}

const reasons: Partial<Readonly<Record<CardStep, readonly string[]>>> = {
  Reissue: ['LOST', 'DAMAGED', 'EXPIRED', 'DATA_CHANGED'],
  Freeze: ['RISK', 'COURT'],
  Cancel: ['DEATH', 'EXIT', 'DUPLICATE'],
}

export const cardDecider: Decider<CardsState, CardCommand, CardEvent> = {
  initial: { cards: [] },
  decide(state, command, world) {
    if (command.type === 'Apply') return apply(state, command.data, command.personActive)
    if (command.type === 'CancelAll') return cancelAll(state, command)
    return step(state, command, world)
  },
  evolve(state, event) {
    const { cardId } = event.data
    if (event.type === 'CardApplied') return { cards: [...state.cards, applied(event.data)] }
    return { cards: state.cards.map((card) => (card.cardId === cardId ? evolveCard(card, event) : card)) }
  },
}

// --- one function a command ------------------------------------------------------------------------------------------

function apply(state: CardsState, data: CardApplied, personActive: boolean): CardEvent[] {
  if (state.cards.some((card) => card.cardId === data.cardId)) return []
  if (!personActive) refuse('CARD_PERSON')
  if (data.channel !== 'AGENCY' && data.channel !== 'BANK') refuse('CARD_CHANNEL')
  if (state.cards.some((card) => !final.includes(card.status))) refuse('CARD_EXISTS')
  return [{ type: 'CardApplied', data: { ...data, replaces: '' } }]
}

function step(state: CardsState, command: StepCommand, world: World): CardEvent[] {
  const card = state.cards.find((one) => one.cardId === command.cardId) ?? refuse('CARD_UNKNOWN')
  const { from, to } = steps[command.type]
  if (done(card, command.type, to)) return []
  if (!from.includes(card.status)) refuse('CARD_STATE', { state: card.status })
  const allowed = reasons[command.type]
  if (allowed && !allowed.includes(command.reason)) refuse('CARD_REASON', { reasons: allowed.join(', ') })
  if (command.type === 'Reject' && !command.reason) refuse('REASON_MISSING')
  if (command.type === 'Lapse' && card.lostUntil >= world.today) return []
  const gone = card.electronic && to !== 'ACTIVE' ? [revoked(command.personId, card.cardId)] : []
  return [...happen(state, card, command, world), ...gone]
}

function done(card: CardState, step: CardStep, to: CardStatus): boolean {
  if (step === 'SignECard') return card.electronic
  if (step === 'RevokeECard') return !card.electronic
  return card.status === to
}

function happen(state: CardsState, card: CardState, command: StepCommand, world: World): CardEvent[] {
  const { personId, reason } = command
  const { cardId } = card
  const data = { personId, cardId }
  switch (command.type) {
    case 'Verify':
      return [{ type: 'CardDataVerified', data }]
    case 'Reject':
      return [{ type: 'CardDataRejected', data: { ...data, reason } }, ...restore(state, card, personId)]
    case 'Produce':
      return [{ type: 'CardProduced', data }]
    case 'Issue':
      return issue(state, card, personId)
    case 'Activate':
      return [{ type: 'CardActivated', data }]
    case 'LoseForNow':
      return [{ type: 'CardTemporarilyLost', data: { ...data, until: lapseDay(world) } }]
    case 'Lose':
      return [{ type: 'CardLost', data }]
    case 'WithdrawLoss':
      return [{ type: 'CardLossWithdrawn', data }]
    case 'Lapse':
      return [{ type: 'CardLossLapsed', data }]
    case 'Reissue':
      return [
        { type: 'CardReissueRequested', data: { ...data, reason } },
        {
          type: 'CardApplied',
          data: { personId, cardId: command.newCardId ?? '', channel: 'AGENCY', replaces: cardId },
        },
      ]
    case 'Freeze':
      return [{ type: 'CardFrozen', data: { ...data, reason } }]
    case 'Unfreeze':
      return [{ type: 'CardUnfrozen', data }]
    case 'Cancel':
      return [{ type: 'CardCancelled', data: { ...data, reason } }, ...restore(state, card, personId)]
    case 'SignECard':
      return [{ type: 'ECardSigned', data }]
    case 'RevokeECard':
      return [revoked(personId, cardId)]
  }
}

/** The old card ends when the new one is handed over, so that never two live. */
function issue(state: CardsState, card: CardState, personId: string): CardEvent[] {
  if (state.cards.some((one) => one.cardId !== card.cardId && live.includes(one.status))) refuse('CARD_EXISTS')
  const old = state.cards.find((one) => one.cardId === card.replaces && one.status === 'REISSUING')
  const replaced: CardEvent[] = old ? [{ type: 'CardReplaced', data: { personId, cardId: old.cardId } }] : []
  return [...replaced, { type: 'CardIssued', data: { personId, cardId: card.cardId } }]
}

/** The new card comes to nothing: the old one is what it was before. */
function restore(state: CardsState, card: CardState, personId: string): CardEvent[] {
  const old = state.cards.find((one) => one.cardId === card.replaces && one.status === 'REISSUING')
  if (!old) return []
  return [{ type: old.before === 'LOST' ? 'CardLost' : 'CardActivated', data: { personId, cardId: old.cardId } }]
}

function cancelAll(state: CardsState, { personId, reason }: CardCommand & { type: 'CancelAll' }): CardEvent[] {
  const open = state.cards.filter((card) => !final.includes(card.status))
  return open.flatMap(({ cardId, electronic }): CardEvent[] => [
    { type: 'CardCancelled', data: { personId, cardId, reason } },
    ...(electronic ? [revoked(personId, cardId)] : []),
  ])
}

const revoked = (personId: string, cardId: string): CardEvent => ({ type: 'ECardRevoked', data: { personId, cardId } })

/** How long a temporary report holds is the region's choice. */
function lapseDay({ policyOn, today }: World): string {
  const days = policyOn(today).value('card.temporaryLossDays')
  return addDays(today, Number(days.n / days.d))
}
