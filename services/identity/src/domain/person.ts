// One person's record (other-lines §1.4, §1.7). Personal data arrives here sealed: what is decided never sees a name or
// a number, only what rules need.
import type { Decider, World } from '@jinbao/core'
import {
  Confidence,
  type ContactChanged,
  type DeathReported,
  type IdentityNumberChanged,
  type MissingEnded,
  type PersonDataCorrected,
  type PersonDeclaredMissing,
  type PersonRegistered,
} from '@jinbao/proto/identity/v1/events.ts'
import { approved, living, nothingPending, pastDay, proven, unchanged } from './person-guards.ts'
import { evolveKnown, type KnownPerson, type PersonEvent, type PersonState, registered } from './person-state.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

/** `basedOn`: revision of the sealed data that the new data was made from; another writer may have been first. */
export type PersonCommand =
  | { type: 'Register'; data: PersonRegistered; contact?: ContactChanged }
  | { type: 'ChangeNumber'; data: IdentityNumberChanged; basedOn: number }
  | { type: 'Correct'; data: PersonDataCorrected; movesDates: boolean; basedOn: number }
  | { type: 'ApproveCorrection' }
  | { type: 'ChangeContact'; data: ContactChanged }
  | { type: 'ReportDeath'; data: DeathReported }
  | { type: 'RevokeDeath'; proofId: string }
  | { type: 'ApproveDeathRevocation' }
  | { type: 'DeclareMissing'; data: PersonDeclaredMissing }
  | { type: 'EndMissing'; data: MissingEnded }
  | { type: 'SuspectDuplicate'; otherId: string; evidence: string }
  | { type: 'MergeInto'; survivorId: string }
  | { type: 'Absorb'; absorbedId: string }
  | { type: 'RevertMerge' }
  | { type: 'Release'; absorbedId: string }
  | { type: 'Forget'; reason: string }
  | { type: 'ApproveForgetting' }
  | { type: 'Decline'; reason: string }

// --- decide ----------------------------------------------------------------------------------------------------------

export const personDecider: Decider<PersonState, PersonCommand, PersonEvent> = {
  initial: { status: 'unknown' },
  decide(state, command, world) {
    if (command.type === 'Register') return state.status === 'unknown' ? register(command) : []
    if (state.status === 'unknown') return refuse('PERSON_UNKNOWN')
    if (command.type === 'RevertMerge') return revertMerge(state)
    if (command.type === 'MergeInto' && state.mergedInto === command.survivorId) return []
    if (state.mergedInto) refuse('PERSON_MERGED', { into: state.mergedInto })
    switch (command.type) {
      case 'MergeInto':
        return mergeInto(state, command.survivorId)
      case 'Absorb':
        return absorb(state, command.absorbedId)
      case 'Release':
        return release(state, command.absorbedId)
      case 'ReportDeath':
        return reportDeath(state, command.data, world)
      case 'ApproveForgetting':
        return approveForgetting(state, world)
      case 'Decline':
        return decline(state, command.reason)
      case 'SuspectDuplicate':
        return suspect(state, command.otherId, command.evidence)
      default:
        return decideOpen(state, command, world)
    }
  },
  evolve(state, event) {
    if (event.type === 'PersonRegistered') return registered(event.data)
    return state.status === 'unknown' ? state : evolveKnown(state, event)
  },
}

type OpenCommand = Exclude<
  PersonCommand,
  {
    type:
      | 'Register'
      | 'RevertMerge'
      | 'MergeInto'
      | 'Absorb'
      | 'Release'
      | 'ReportDeath'
      | 'ApproveForgetting'
      | 'Decline'
      | 'SuspectDuplicate'
  }
>

/** Commands on a record whose data can still be read. */
function decideOpen(state: KnownPerson, command: OpenCommand, world: World): PersonEvent[] {
  if (state.forgotten) refuse('FORGOTTEN')
  switch (command.type) {
    case 'ChangeNumber':
      return changeNumber(state, command.data, command.basedOn, world)
    case 'Correct':
      return correct(state, command, world)
    case 'ApproveCorrection':
      return approveCorrection(state, world)
    case 'ChangeContact':
      return [{ type: 'ContactChanged', data: command.data }]
    case 'RevokeDeath':
      return revokeDeath(state, command.proofId, world)
    case 'ApproveDeathRevocation':
      approved(state, 'DEATH_REVOCATION', world)
      return [{ type: 'DeathRevoked', data: { personId: state.personId } }]
    case 'DeclareMissing':
      return declareMissing(state, command.data, world)
    case 'EndMissing':
      return endMissing(state, command.data, world)
    case 'Forget':
      return forget(state, command.reason, world)
  }
}

// --- one function a command: registration and data -------------------------------------------------------------------

function register({ data, contact }: PersonCommand & { type: 'Register' }): PersonEvent[] {
  const first: PersonEvent = { type: 'PersonRegistered', data }
  return contact ? [first, { type: 'ContactChanged', data: contact }] : [first]
}

function changeNumber(state: KnownPerson, data: IdentityNumberChanged, basedOn: number, world: World): PersonEvent[] {
  living(state)
  proven(data.proofId)
  pastDay('on', data.on, world)
  unchanged(state, basedOn)
  return [{ type: 'IdentityNumberChanged', data }]
}

/** Birth date and sex move benefit dates, so two persons look at them (other-lines §1.4). */
function correct(
  state: KnownPerson,
  { data, movesDates, basedOn }: PersonCommand & { type: 'Correct' },
  world: World,
): PersonEvent[] {
  living(state)
  proven(data.proofId)
  unchanged(state, basedOn)
  if (!movesDates) return [{ type: 'PersonDataCorrected', data }]
  return [{ type: 'CorrectionProposed', data: { ...data, proposedBy: world.by.subject } }]
}

function approveCorrection(state: KnownPerson, world: World): PersonEvent[] {
  const { data } = approved(state, 'CORRECTION', world)
  living(state)
  return [{ type: 'PersonDataCorrected', data: { ...data, sealed: Buffer.from(data.sealed, 'base64') } }]
}

// --- death and absence -----------------------------------------------------------------------------------------------

function reportDeath(state: KnownPerson, data: DeathReported, world: World): PersonEvent[] {
  pastDay('died_on', data.diedOn, world)
  if (data.diedOn.slice(0, 7) < state.birthMonth) refuse('BAD_DAY', { field: 'died_on', value: data.diedOn })
  if (data.confidence === Confidence.CONFIDENCE_UNSPECIFIED || !data.sourceSystem) refuse('DEATH_SOURCE_MISSING')
  if (state.status === 'dead' && state.diedOn !== data.diedOn) refuse('DEATH_DAY_DIFFERS', { on: state.diedOn })
  const sure = data.confidence === Confidence.CONFIRMED
  const told = state.reports.some(
    (one) => one.source === data.sourceSystem && one.on === data.diedOn && one.sure === sure,
  )
  const events: PersonEvent[] = told ? [] : [{ type: 'DeathReported', data }]
  if (!sure || state.status === 'dead') return events
  const { personId, diedOn, sourceSystem, confidence } = data
  return [...events, { type: 'DeathRegistered', data: { personId, diedOn, sourceSystem, confidence } }]
}

function revokeDeath(state: KnownPerson, proofId: string, world: World): PersonEvent[] {
  if (state.status !== 'dead') refuse('NOT_DEAD')
  proven(proofId)
  nothingPending(state)
  const { personId } = state
  return [{ type: 'DeathRevocationProposed', data: { personId, proofId, proposedBy: world.by.subject } }]
}

function declareMissing(state: KnownPerson, data: PersonDeclaredMissing, world: World): PersonEvent[] {
  if (state.status === 'missing') return []
  living(state)
  proven(data.judgmentId)
  pastDay('on', data.on, world)
  return [{ type: 'PersonDeclaredMissing', data }]
}

function endMissing(state: KnownPerson, data: MissingEnded, world: World): PersonEvent[] {
  living(state)
  if (state.status === 'active') return []
  proven(data.judgmentId)
  pastDay('on', data.on, world)
  return [{ type: 'MissingEnded', data }]
}

// --- duplicates and merge --------------------------------------------------------------------------------------------

function suspect(state: KnownPerson, otherId: string, evidence: string): PersonEvent[] {
  if (state.forgotten || state.suspected.includes(otherId) || state.absorbed.includes(otherId)) return []
  return [{ type: 'DuplicateSuspected', data: { personId: state.personId, otherId, evidence } }]
}

function mergeInto(state: KnownPerson, survivorId: string): PersonEvent[] {
  if (survivorId === state.personId) refuse('SAME_RECORD')
  nothingPending(state)
  return [{ type: 'PersonsMerged', data: { survivorId, absorbedId: state.personId } }]
}

function absorb(state: KnownPerson, absorbedId: string): PersonEvent[] {
  if (state.absorbed.includes(absorbedId)) return []
  return [{ type: 'RecordAbsorbed', data: { survivorId: state.personId, absorbedId } }]
}

function revertMerge(state: KnownPerson): PersonEvent[] {
  if (!state.mergedInto) return []
  return [{ type: 'PersonMergeReverted', data: { survivorId: state.mergedInto, absorbedId: state.personId } }]
}

function release(state: KnownPerson, absorbedId: string): PersonEvent[] {
  if (!state.absorbed.includes(absorbedId)) return []
  return [{ type: 'RecordReleased', data: { survivorId: state.personId, absorbedId } }]
}

// --- forgetting ------------------------------------------------------------------------------------------------------

function forget(state: KnownPerson, reason: string, world: World): PersonEvent[] {
  if (!/^[A-Z][A-Z_]+$/.test(reason)) refuse('REASON_MISSING')
  nothingPending(state)
  return [{ type: 'ForgettingProposed', data: { personId: state.personId, reason, proposedBy: world.by.subject } }]
}

function approveForgetting(state: KnownPerson, world: World): PersonEvent[] {
  if (state.forgotten) return []
  approved(state, 'FORGETTING', world)
  return [{ type: 'PersonForgotten', data: { personId: state.personId } }]
}

function decline(state: KnownPerson, reason: string): PersonEvent[] {
  if (!state.pending) refuse('NOTHING_PROPOSED')
  if (!/^[A-Z][A-Z_]+$/.test(reason)) refuse('REASON_MISSING')
  return [{ type: 'ProposalDeclined', data: { personId: state.personId, reason } }]
}
