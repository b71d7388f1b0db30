import type { Problem } from '@jinbao/core'
import type { PersonMonth } from '@jinbao/proto/collection/v1/events.ts'
import * as collection from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { AccountPart } from '@jinbao/proto/pension/v1/events.ts'
import { on, order, type ReactionContext } from '@jinbao/service'
import { accountEvents } from './domain/account.ts'
import { claimEvents } from './domain/claim.ts'
import { accounts, claims, held, survivors } from './streams.ts'

const { ContributionsReceived, ContributionsCorrected } = collection
const { DeathRegistered, DeathRevoked, PersonsMerged } = identity

const pensionLine = ({ lines }: PersonMonth) => lines.find(({ line }) => line === Line.PENSION)

/** The id that remains when records of one person were merged. */
export function survivorOf({ db }: Pick<ReactionContext, 'db'>, personId: string): string {
  return (
    db.get<{ survivor_id: string }>('SELECT survivor_id FROM aliases WHERE person_id = ?', personId)?.survivor_id ??
    personId
  )
}

const deathOf = ({ db }: ReactionContext, personId: string): string =>
  db.get<{ died_on: string }>('SELECT died_on FROM people WHERE person_id = ?', personId)?.died_on ?? ''

const claimsOf = ({ db }: ReactionContext, personId: string) =>
  db.all<{ claim_id: string }>('SELECT claim_id FROM claims WHERE person_id = ?', personId).map((row) => row.claim_id)

export const reactions = [
  on('collection', { ContributionsReceived }, 'ContributionsReceived', (data, _, context) =>
    data.persons.flatMap((person) => {
      const line = pensionLine(person)
      if (!line) return []
      const personId = survivorOf(context, person.personId)
      const { month, employerId, receivedOn, receiptId } = data
      const { insured, baseFen } = person
      const part = AccountPart.ACCOUNT_PART_UNSPECIFIED
      const credited = { month, employerId, insured, baseFen, accountFen: line.accountFen, part, receivedOn, receiptId }
      const heldId = `${receiptId}.${person.personId}.${month}`
      const { accountFen } = line
      const hold = ({ reason }: Problem) => {
        const facts = {
          heldId,
          personId: person.personId,
          month,
          employerId,
          baseFen,
          accountFen,
          receivedOn,
          receiptId,
          reason,
        }
        return order(held, heldId, { type: 'Hold', data: facts })
      }
      const diedOn = deathOf(context, personId)
      return [order(accounts, personId, { type: 'CreditContribution', personId, data: credited, diedOn }, hold)]
    }),
  ),
  on('collection', { ContributionsCorrected }, 'ContributionsCorrected', (data, _, context) =>
    data.persons.flatMap((person) => {
      const line = pensionLine(person)
      if (!line) return []
      const personId = survivorOf(context, person.personId)
      const { month, withdrawn, correctionId, reason, correctedOn } = data
      const adjusted = {
        month,
        baseFen: person.baseFen,
        accountFen: line.accountFen,
        withdrawn,
        correctionId,
        reason,
        correctedOn,
      }
      return [order(accounts, personId, { type: 'AdjustContribution', personId, data: adjusted })]
    }),
  ),
  on('identity', { DeathRegistered }, 'DeathRegistered', ({ personId, diedOn }, _, context) => [
    order(accounts, survivorOf(context, personId), {
      type: 'RegisterDeath',
      personId: survivorOf(context, personId),
      diedOn,
    }),
    ...claimsOf(context, personId).map((id) => order(claims, id, { type: 'RegisterDeath', diedOn })),
  ]),
  on('identity', { DeathRevoked }, 'DeathRevoked', ({ personId }, _, context) => [
    order(accounts, survivorOf(context, personId), { type: 'RevokeDeath', personId: survivorOf(context, personId) }),
    order(survivors, personId, { type: 'Withdraw' }),
    ...claimsOf(context, personId).map((id) => order(claims, id, { type: 'RevokeDeath' })),
  ]),
  on('identity', { PersonsMerged }, 'PersonsMerged', ({ survivorId, absorbedId }) => [
    order(accounts, absorbedId, { type: 'AliasTo', personId: absorbedId, survivorId }),
  ]),
  // Our own facts, which other streams of ours follow.
  on(
    'pension',
    { AccountAliased: accountEvents.AccountAliased },
    'AccountAliased',
    ({ personId, survivorId, carried }) =>
      carried
        ? [
            order(accounts, survivorId, {
              type: 'TakeOver',
              personId: survivorId,
              absorbedId: personId,
              record: carried,
            }),
          ]
        : [],
  ),
  on('pension', { PensionPaid: claimEvents.PensionPaid }, 'PensionPaid', (data, _, context) => {
    const personId = survivorOf(context, data.personId)
    return [order(accounts, personId, { type: 'Charge', personId, month: data.month, amountFen: data.accountFen })]
  }),
]
