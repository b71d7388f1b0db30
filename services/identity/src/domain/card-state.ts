// What is known of a person's cards, made of their events.
import type { EventOf } from '@jinbao/core'
import {
  CardActivated,
  CardApplied,
  CardCancelled,
  CardDataRejected,
  CardDataVerified,
  CardFrozen,
  CardIssued,
  CardLossLapsed,
  CardLossWithdrawn,
  CardLost,
  CardProduced,
  CardReissueRequested,
  CardReplaced,
  CardTemporarilyLost,
  CardUnfrozen,
  ECardRevoked,
  ECardSigned,
} from '@jinbao/proto/identity/v1/events.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const cardEvents = {
  CardApplied,
  CardDataVerified,
  CardDataRejected,
  CardProduced,
  CardIssued,
  CardActivated,
  CardTemporarilyLost,
  CardLost,
  CardLossWithdrawn,
  CardLossLapsed,
  CardReissueRequested,
  CardReplaced,
  CardFrozen,
  CardUnfrozen,
  CardCancelled,
  ECardSigned,
  ECardRevoked,
}
export type CardEvent = EventOf<typeof cardEvents>

// --- state -----------------------------------------------------------------------------------------------------------

export type CardStatus =
  | 'APPLIED'
  | 'REJECTED'
  | 'IN_PRODUCTION'
  | 'READY'
  | 'ISSUED'
  | 'ACTIVE'
  | 'TEMP_LOST'
  | 'LOST'
  | 'REISSUING'
  | 'FROZEN'
  | 'REPLACED'
  | 'CANCELLED'
export interface CardState {
  readonly cardId: string
  readonly status: CardStatus
  /** What it was before a reissue was asked for: it is that again when the new one is refused or cancelled. */
  readonly before: CardStatus
  readonly lostUntil: string
  readonly replaces: string
  readonly electronic: boolean
}
export type CardsState = { readonly cards: readonly CardState[] }

/** The invariant of §1.5. */
export const live: readonly CardStatus[] = ['ISSUED', 'ACTIVE', 'TEMP_LOST', 'FROZEN']
export const final: readonly CardStatus[] = ['REJECTED', 'REPLACED', 'CANCELLED']

// --- evolve ----------------------------------------------------------------------------------------------------------

export const applied = ({ cardId, replaces }: CardApplied): CardState => ({
  cardId,
  status: 'APPLIED',
  before: 'APPLIED',
  lostUntil: '',
  replaces,
  electronic: false,
})

export function evolveCard(card: CardState, event: Exclude<CardEvent, { type: 'CardApplied' }>): CardState {
  const to = (status: CardStatus): CardState => ({ ...card, status, lostUntil: '' })
  switch (event.type) {
    case 'CardDataVerified':
      return to('IN_PRODUCTION')
    case 'CardDataRejected':
      return to('REJECTED')
    case 'CardProduced':
      return to('READY')
    case 'CardIssued':
      return to('ISSUED')
    case 'CardActivated':
    case 'CardLossWithdrawn':
    case 'CardLossLapsed':
    case 'CardUnfrozen':
      return to('ACTIVE')
    case 'CardTemporarilyLost':
      return { ...card, status: 'TEMP_LOST', lostUntil: event.data.until }
    case 'CardLost':
      return to('LOST')
    case 'CardReissueRequested':
      return { ...to('REISSUING'), before: card.status }
    case 'CardReplaced':
      return to('REPLACED')
    case 'CardFrozen':
      return to('FROZEN')
    case 'CardCancelled':
      return to('CANCELLED')
    case 'ECardSigned':
      return { ...card, electronic: true }
    case 'ECardRevoked':
      return { ...card, electronic: false }
  }
}
