import * as employment from '@jinbao/proto/employment/v1/events.ts'
import { type Due, on, order } from '@jinbao/service'
import { personEvents } from './domain/person-state.ts'
import { cards, employers, persons } from './streams.ts'

const { HireFiled } = employment

export const reactions = [
  on('identity', personEvents, 'DeathRegistered', ({ personId }) => [
    order(cards, personId, { type: 'CancelAll', personId, reason: 'DEATH' }),
  ]),
  on('identity', personEvents, 'PersonsMerged', ({ absorbedId: personId }) => [
    order(cards, personId, { type: 'CancelAll', personId, reason: 'DUPLICATE' }),
  ]),
  on('employment', { HireFiled }, 'HireFiled', ({ employerId, from }) => [
    order(employers, employerId, { type: 'RecordFirstEnrolment', on: from }),
  ]),
]

export const dues: readonly Due[] = [
  {
    name: 'card-loss',
    orders: ({ db }, day) =>
      db
        .all<{ card_id: string; person_id: string }>('SELECT card_id, person_id FROM lost_cards WHERE until < ?', day)
        .map(({ card_id: cardId, person_id: personId }) =>
          order(cards, personId, { type: 'Lapse', personId, cardId, reason: '' }),
        ),
  },
  {
    name: 'duplicates',
    orders: ({ db }) =>
      db
        .all<{ person_id: string; other_id: string; evidence: string }>('SELECT * FROM suspected WHERE flagged = 0')
        .map(({ person_id, other_id: otherId, evidence }) =>
          order(persons, person_id, { type: 'SuspectDuplicate', otherId, evidence }),
        ),
  },
]
