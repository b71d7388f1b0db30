import type { PersonMonth } from '@jinbao/proto/collection/v1/events.ts'
import * as collection from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import * as identity from '@jinbao/proto/identity/v1/events.ts'
import { type ClearingLine, MonthSource } from '@jinbao/proto/medical/v1/events.ts'
import * as pensionFacts from '@jinbao/proto/pension/v1/events.ts'
import { on, order, type ReactionContext } from '@jinbao/service'
import { accountEvents } from './domain/account.ts'
import { clearingEvents } from './domain/clearing.ts'
import { yearEvents } from './domain/year.ts'
import { personRow, survivorOf } from './facts.ts'
import { accounts, yearId, years } from './streams.ts'

const { ContributionsReceived, ContributionsCorrected } = collection
const { DeathRegistered, DeathRevoked, PersonsMerged } = identity
const { PensionAwarded } = pensionFacts
const { AccountAliased } = accountEvents
const { YearAliased } = yearEvents
const { ClearingClosed, ClearingPaid } = clearingEvents

const medicalLine = ({ lines }: PersonMonth) => lines.find(({ line }) => line === Line.MEDICAL)
const sourceOf = (insured: collection.Insured) =>
  insured === collection.Insured.FLEXIBLE ? MonthSource.FLEXIBLE : MonthSource.EMPLOYEE

const yearsOf = ({ db }: ReactionContext, personId: string) =>
  db
    .all<{ year: bigint }>('SELECT DISTINCT year FROM claims WHERE person_id = ?', personId)
    .map(({ year }) => Number(year))

/** A clearing's claims, each once with its sum. */
const perClaim = (lines: readonly ClearingLine[]) =>
  [...Map.groupBy(lines, ({ claimId }) => claimId)].map(([claimId, list]) => ({
    claimId,
    stream: yearId(list[0]!.personId, list[0]!.year),
    fundFen: list.reduce((sum, { fundFen }) => sum + fundFen, 0n),
  }))

export const reactions = [
  on('collection', { ContributionsReceived }, 'ContributionsReceived', (data, _, context) =>
    data.persons.flatMap((person) => {
      const line = medicalLine(person)
      if (!line) return []
      const personId = survivorOf(context, person.personId)
      const { month, receivedOn, receiptId } = data
      const { baseFen, insured } = person
      const birthMonth = personRow(context, personId)?.birth_month ?? ''
      const { accountFen } = line
      const source = sourceOf(insured)
      const credit = { month, birthMonth, source, baseFen, accountFen, receivedOn, receiptId }
      return [order(accounts, personId, { type: 'CreditMonth', personId, ...credit })]
    }),
  ),
  on('collection', { ContributionsCorrected }, 'ContributionsCorrected', (data, _, context) =>
    data.persons.flatMap((person) => {
      const line = medicalLine(person)
      if (!line) return []
      const personId = survivorOf(context, person.personId)
      const { month, withdrawn, correctionId, correctedOn } = data
      const { accountFen } = line
      const change = { month, baseFen: person.baseFen, accountFen, withdrawn, correctionId, correctedOn }
      return [order(accounts, personId, { type: 'AdjustMonth', personId, ...change })]
    }),
  ),
  on('pension', { PensionAwarded }, 'PensionAwarded', ({ personId, retirementMonth }, _, context) => {
    const person = personRow(context, personId)
    if (!person) return []
    const { sex } = person
    return [order(accounts, personId, { type: 'RecordRetirement', personId, sex, month: retirementMonth })]
  }),
  on('identity', { DeathRegistered }, 'DeathRegistered', ({ personId, diedOn }) => [
    order(accounts, personId, { type: 'RegisterDeath', personId, diedOn }),
  ]),
  on('identity', { DeathRevoked }, 'DeathRevoked', ({ personId }) => [
    order(accounts, personId, { type: 'RevokeDeath', personId }),
  ]),
  on('identity', { PersonsMerged }, 'PersonsMerged', ({ survivorId, absorbedId }, _, context) => [
    order(accounts, absorbedId, { type: 'AliasTo', personId: absorbedId, survivorId }),
    ...yearsOf(context, absorbedId).map((year) =>
      order(years, yearId(absorbedId, year), { type: 'AliasTo', personId: absorbedId, survivorId, year }),
    ),
  ]),
  // Our own facts, which other streams of ours follow.
  on('medical', { AccountAliased }, 'AccountAliased', ({ personId, survivorId, carried }) =>
    carried
      ? [order(accounts, survivorId, { type: 'TakeOver', personId: survivorId, absorbedId: personId, carried })]
      : [],
  ),
  on('medical', { YearAliased }, 'YearAliased', ({ personId, survivorId, year, claims }) => [
    order(years, yearId(survivorId, year), {
      type: 'TakeOver',
      personId: survivorId,
      absorbedId: personId,
      year,
      claims,
    }),
  ]),
  on('medical', { ClearingClosed }, 'ClearingClosed', ({ lines, clearingId }) =>
    perClaim(lines).map(({ stream, claimId, fundFen }) =>
      order(years, stream, { type: 'Clear', claimId, clearingId, fundFen }),
    ),
  ),
  on('medical', { ClearingPaid }, 'ClearingPaid', ({ lines, clearingId }) =>
    perClaim(lines).map(({ stream, claimId }) => order(years, stream, { type: 'Pay', claimId, clearingId })),
  ),
]
