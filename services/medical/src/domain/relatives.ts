// Whom the account may pay for (MED-05): the region says how near, the holder says who.
import type { World } from '@jinbao/core'
import { Kinship } from '@jinbao/proto/medical/v1/events.ts'
import type { AccountEvent, OpenAccount } from './account-state.ts'
import { refuse } from './refusals.ts'

const family: ReadonlySet<Kinship> = new Set([Kinship.SPOUSE, Kinship.PARENT, Kinship.CHILD])

function reaches(kinship: Kinship, { policyOn, today }: World): boolean {
  const words = ['NONE', 'FAMILY', 'NEAR_RELATIVES'] as const
  const { word } = policyOn(today).word('medical.account.relatives', words)
  return word === 'NEAR_RELATIVES' || (word === 'FAMILY' && family.has(kinship))
}

export function authorise(state: OpenAccount, relativeId: string, kinship: Kinship, world: World): AccountEvent[] {
  if (kinship === Kinship.KINSHIP_UNSPECIFIED) refuse('KINSHIP_MISSING')
  if (state.relatives.get(relativeId) === kinship) return []
  if (!reaches(kinship, world)) refuse('KINSHIP_TOO_WIDE')
  const { personId } = state
  return [{ type: 'RelativeAuthorised', data: { personId, relativeId, kinship, on: world.today } }]
}

export function remove(state: OpenAccount, relativeId: string, { today }: World): AccountEvent[] {
  if (!state.relatives.has(relativeId)) return []
  return [{ type: 'RelativeRemoved', data: { personId: state.personId, relativeId, on: today } }]
}

export function mayPayFor(state: OpenAccount, forPersonId: string, world: World): void {
  if (forPersonId === state.personId) return
  const kinship = state.relatives.get(forPersonId)
  if (!kinship || !reaches(kinship, world)) refuse('NOT_A_RELATIVE')
}
