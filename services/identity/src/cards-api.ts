import { type Card, CardServiceService, CardStatus } from '@jinbao/proto/identity/v1/card.ts'
import { allow, api, type Context, self } from '@jinbao/service'
import type { CardStep } from './domain/card.ts'
import type { CardsState } from './domain/card-state.ts'
import { currentRecord, recordReads } from './shown.ts'
import { cards } from './streams.ts'

const cardsOf = (state: CardsState): Card[] =>
  state.cards.map(({ cardId, status, lostUntil, replaces, electronic }) => ({
    cardId,
    status: status === 'ACTIVE' ? CardStatus.ACTIVE_CARD : status,
    lostUntil,
    replaces,
    electronic,
  }))

const step =
  (type: CardStep) => async (request: { personId: string; cardId: string; reason?: string }, context: Context) => {
    const { personId } = await currentRecord(context, request.personId)
    const { receipt, state } = await context.handle(cards, personId, {
      type,
      personId,
      cardId: request.cardId,
      reason: request.reason ?? '',
      newCardId: context.newId('card'),
    })
    return { receipt, cards: cardsOf(state) }
  }

const own = self((request: { personId: string }) => request.personId)
const office = allow('officer', 'integrator')

export const cardApi = api(
  CardServiceService,
  {
    async applyForCard({ personId: asked, channel }, context) {
      const { personId, status, forgotten } = await currentRecord(context, asked)
      const data = { personId, cardId: context.newId('card'), channel, replaces: '' }
      const personActive = status === 'active' && !forgotten
      const { receipt, state } = await context.handle(cards, personId, { type: 'Apply', data, personActive })
      return { receipt: { ...receipt, id: data.cardId }, cards: cardsOf(state) }
    },
    verifyCardData: step('Verify'),
    rejectCardData: step('Reject'),
    produceCard: step('Produce'),
    issueCard: step('Issue'),
    activateCard: step('Activate'),
    reportTemporaryLoss: step('LoseForNow'),
    reportLoss: step('Lose'),
    withdrawLoss: step('WithdrawLoss'),
    requestReissue: step('Reissue'),
    freezeCard: step('Freeze'),
    unfreezeCard: step('Unfreeze'),
    cancelCard: step('Cancel'),
    signECard: step('SignECard'),
    revokeECard: step('RevokeECard'),
    async listCards({ personId: asked }, context) {
      const { personId } = await currentRecord(context, asked)
      await recordReads(context, [{ personId, asked }], ['cards'])
      return { cards: cardsOf((await context.load(cards, personId)).state) }
    },
  },
  {
    applyForCard: [...office, own],
    verifyCardData: office,
    rejectCardData: office,
    produceCard: office,
    issueCard: office,
    activateCard: office,
    reportTemporaryLoss: [...office, own],
    reportLoss: [...office, own],
    withdrawLoss: [...office, own],
    requestReissue: [...office, own],
    freezeCard: allow('officer', 'supervisor'),
    unfreezeCard: allow('reviewer', 'supervisor'),
    cancelCard: allow('officer'),
    signECard: [...office, own],
    revokeECard: [...office, own],
    listCards: [...allow('officer', 'reviewer', 'supervisor'), own],
  },
)
