// Registration for treatment outside the region (O§3.5): APPLIED, ACTIVE, EXPIRED, CANCELLED; changed while it holds.
import { addMonths, type Day, isDay, monthOfDay, type World } from '@jinbao/core'
import {
  OffRegion,
  type OffRegionActivated,
  type OffRegionApplied,
  type OffRegionCancelled,
  type OffRegionChanged,
  type OffRegionExpired,
  OffRegionGround,
} from '@jinbao/proto/medical/v1/events.ts'
import { within } from './places.ts'
import { refuse } from './refusals.ts'

export interface Registration {
  readonly registrationId: string
  readonly ground: OffRegionGround
  readonly places: readonly string[]
  readonly from: Day
  readonly to: Day | ''
  readonly documentId: string
  readonly status: 'APPLIED' | 'ACTIVE' | 'EXPIRED' | 'CANCELLED'
}
export type Registrations = ReadonlyMap<string, Registration>

export type RegistrationEvent =
  | { type: 'OffRegionApplied'; data: OffRegionApplied }
  | { type: 'OffRegionActivated'; data: OffRegionActivated }
  | { type: 'OffRegionChanged'; data: OffRegionChanged }
  | { type: 'OffRegionCancelled'; data: OffRegionCancelled }
  | { type: 'OffRegionExpired'; data: OffRegionExpired }

export function evolveRegistration(all: Registrations, { type, data }: RegistrationEvent): Registrations {
  const { registrationId } = data
  if (type === 'OffRegionApplied') {
    const { ground, places, from, to, documentId } = data
    return new Map(all).set(registrationId, { registrationId, ground, places, from, to, documentId, status: 'APPLIED' })
  }
  const known = all.get(registrationId)
  if (!known) return all
  const change = {
    OffRegionActivated: { status: 'ACTIVE' },
    OffRegionChanged: type === 'OffRegionChanged' ? { places: data.places, to: data.to } : {},
    OffRegionCancelled: { status: 'CANCELLED' },
    OffRegionExpired: { status: 'EXPIRED' },
  } as const
  return new Map(all).set(registrationId, { ...known, ...change[type] })
}

type Application = Omit<OffRegionApplied, 'on'>

/** Self-registration and emergencies need no check; residence and referral wait for the officer. */
export function apply(all: Registrations, data: Application, world: World): RegistrationEvent[] {
  if (all.has(data.registrationId)) return []
  if (data.ground === OffRegionGround.OFF_REGION_GROUND_UNSPECIFIED) refuse('GROUND_MISSING')
  for (const place of data.places) if (!/^\d{6}$/.test(place)) refuse('BAD_PLACE', { value: place })
  if (data.places.length === 0) refuse('BAD_PLACE', { value: '' })
  if (!isDay(data.from)) refuse('BAD_DAY', { field: 'from', value: data.from })
  if (data.to && (!isDay(data.to) || data.to < data.from)) refuse('BAD_DAY', { field: 'to', value: data.to })
  const needsPaper = data.ground === OffRegionGround.RESIDENCE || data.ground === OffRegionGround.REFERRAL
  if (needsPaper && !data.documentId) refuse('DOCUMENT_MISSING')
  if (data.documentId && [...all.values()].some((one) => one.documentId === data.documentId))
    refuse('CERTIFICATE_USED', { document: data.documentId })
  const to = data.ground === OffRegionGround.REFERRAL ? referralEnd(data, world) : data.to
  const { personId, registrationId } = data
  const applied: RegistrationEvent = { type: 'OffRegionApplied', data: { ...data, to, on: world.today } }
  if (needsPaper) return [applied]
  return [applied, { type: 'OffRegionActivated', data: { personId, registrationId, on: world.today } }]
}

/** A referral is valid for at least the months of the policy. */
function referralEnd({ from, to }: Application, { policyOn }: World): Day {
  const months = policyOn(from).value('medical.offRegion.referralMonths')
  const count = Number(months.n / months.d)
  const least = `${addMonths(monthOfDay(from), count)}${from.slice(7)}`
  const earliest = isDay(least) ? least : `${addMonths(monthOfDay(from), count + 1)}-01`
  if (to && to < earliest) refuse('REFERRAL_TOO_SHORT', { months: count })
  return to || earliest
}

export const holding = (all: Registrations, registrationId: string): Registration => {
  const one = all.get(registrationId) ?? refuse('REGISTRATION_UNKNOWN')
  if (one.status === 'EXPIRED' || one.status === 'CANCELLED') refuse('REGISTRATION_OVER', { status: one.status })
  return one
}

const groups: Readonly<Record<OffRegionGround, OffRegion>> = {
  OFF_REGION_GROUND_UNSPECIFIED: OffRegion.UNREGISTERED,
  RESIDENCE: OffRegion.LONG_TERM,
  REFERRAL: OffRegion.TEMPORARY,
  EMERGENCY: OffRegion.TEMPORARY,
  SELF: OffRegion.UNREGISTERED,
}
const best = [OffRegion.LONG_TERM, OffRegion.TEMPORARY, OffRegion.UNREGISTERED]

/** The best group that holds on the day the service closed; undefined without a registration (registered before discharge counts). */
export function groupOn(all: Registrations, place: string, day: Day, emergency: boolean): OffRegion | undefined {
  const found = [...all.values()]
    .filter((one) => one.status === 'ACTIVE' || one.status === 'EXPIRED')
    .filter((one) => one.from <= day && (one.to === '' || one.to >= day))
    .filter((one) => one.places.some((wide) => within(wide, place)))
    .map((one) => groups[one.ground])
  // Emergency counts as registered (医保发〔2022〕22号).
  if (emergency) found.push(OffRegion.TEMPORARY)
  return best.find((group) => found.includes(group))
}
