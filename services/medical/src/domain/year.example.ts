// Bills of one person's year in Beijing, for the tests beside.
import type { World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import {
  type ClaimReceived,
  type Encounter,
  Exclusion,
  type PricedItem,
  type Standing,
  Treatment,
} from '@jinbao/proto/medical/v1/events.ts'
import { item, law, standing } from './testing.ts'
import { freshYear, type OpenYear, type YearCommand, type YearEvent, yearDecider } from './year.ts'

export const world: World = {
  now: '2026-11-02T02:00:00Z',
  today: '2026-11-02',
  place: '110000',
  policyOn: law('110000'),
  by: { subject: 'officer-1', roles: ['officer'] },
}
export const history = story(yearDecider, world)

export const encounter = (claimId: string, day: string, change: Partial<Encounter> = {}): Encounter => ({
  claimId,
  personId: 'p1',
  institutionId: 'h1',
  billNumber: `b-${claimId}`,
  treatment: Treatment.INPATIENT,
  from: day,
  to: day,
  emergency: false,
  disease: '',
  exclusion: Exclusion.EXCLUSION_UNSPECIFIED,
  thirdPartyAbsent: false,
  manual: false,
  ...change,
})
interface Given extends Partial<Encounter> {
  readonly items?: readonly PricedItem[]
  readonly standing?: Partial<Standing>
  readonly dueOn?: string
}
export const bill = (claimId: string, day: string, yuan: string, change: Given = {}): ClaimReceived => {
  const { items, standing: on, dueOn = '', ...rest } = change
  return {
    encounter: encounter(claimId, day, rest),
    standing: standing(on),
    items: [...(items ?? [item(1, 'A', yuan, '', '0', day)])],
    receivedOn: '2026-11-02',
    dueOn,
  }
}
export const settle = (received: ClaimReceived, accountFen = 0n): YearCommand => ({
  type: 'SettleClaim',
  received,
  neighbours: [],
  payerId: 'p1',
  accountFen,
})
export const after = (...commands: YearCommand[]): { state: OpenYear; events: YearEvent[] } => {
  let state = freshYear
  const events: YearEvent[] = []
  for (const command of commands) {
    const made = yearDecider.decide(state, command, world)
    events.push(...made)
    state = made.reduce((one, event) => yearDecider.evolve(one, event) as OpenYear, state)
  }
  return { state, events }
}
export const told = (...commands: YearCommand[]) => history(...after(...commands).events)
export const reverse = (claimId: string): YearCommand => ({ type: 'ReverseClaim', claimId, reason: 'wrong patient' })

export const one = bill('c1', '2026-03-10', '11300')
export const two = bill('c2', '2026-05-10', '10650')
