// Step 1 of the settlement (O§3.7): what held for person and institution on the day of the service.
import { type Day, MonthSet, type World } from '@jinbao/core'
import { type Encounter, Exclusion, OffRegion, type Standing, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { elsewhereOf, type OpenAccount } from './account-state.ts'
import { type CoverFacts, coveredOn } from './cover.ts'
import { designatedOn, type InstitutionState, levelOn } from './institution.ts'
import { groupOn } from './off-region.ts'
import { within } from './places.ts'
import { refuse } from './refusals.ts'

export const coverFacts = (account: OpenAccount): CoverFacts => ({
  paid: [...account.months].map(([month, { paidIn }]) => ({ month, paidIn })),
  elsewhere: elsewhereOf(account) ?? MonthSet.empty,
  lifetimeFrom: account.lifetimeFrom,
  diedOn: account.diedOn,
})

const holds = ({ from, to }: { from: Day; to: Day | '' }, day: Day) => from <= day && (to === '' || to >= day)

/** MED-21: a third party that is absent or does not pay is advanced for. */
const excluded = ({ exclusion, thirdPartyAbsent }: Encounter): boolean =>
  exclusion !== Exclusion.EXCLUSION_UNSPECIFIED && !(exclusion === Exclusion.THIRD_PARTY && thirdPartyAbsent)

type Known = Extract<InstitutionState, { status: 'known' }>

export function standingOn(account: OpenAccount, institution: Known, encounter: Encounter, world: World): Standing {
  const { from, to, treatment, disease, personId } = encounter
  if (account.diedOn && to > account.diedOn) refuse('CLAIM_AFTER_DEATH', { on: account.diedOn })
  const cover = coveredOn(coverFacts(account), from, world.policyOn)
  const offRegion = groupOf(account, institution, encounter, world)
  const layers = account.layers.filter((one) => holds(one, to)).map(({ layer }) => layer)
  const listed = account.diseases.some((one) => one.disease === disease && holds(one, from))
  const reason = excluded(encounter)
    ? encounter.exclusion
    : !designatedOn(institution, from)
      ? 'NOT_DESIGNATED'
      : cover.reason ||
        (treatment === Treatment.CHRONIC && !listed ? 'DISEASE_NOT_LISTED' : '') ||
        (offRegion === undefined ? 'OFF_REGION_NOT_REGISTERED' : '')
  if (!personId) refuse('ACCOUNT_UNKNOWN')
  return {
    covered: reason === '',
    reason,
    retired: cover.retired,
    level: levelOn(institution, from),
    place: institution.place,
    offRegion: offRegion ?? OffRegion.UNREGISTERED,
    layers: [...new Set(layers)],
  }
}

/** Without registration: a refusal at the desk; papers get the lower ratio or nothing (readings on §3.4, §3.5). */
function groupOf(account: OpenAccount, { place }: Known, encounter: Encounter, world: World): OffRegion | undefined {
  if (within(world.place, place)) return OffRegion.HOME
  const { to, emergency, manual } = encounter
  const group = groupOn(account.registrations, place, to, emergency)
  if (group) return group
  if (!manual) return refuse('OFF_REGION_NOT_REGISTERED')
  const words = ['REDUCED', 'NOTHING'] as const
  const { word } = world.policyOn(to).word('medical.offRegion.unregisteredManual', words)
  return word === 'REDUCED' ? OffRegion.UNREGISTERED : undefined
}
