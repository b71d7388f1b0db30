// One person's record (other-lines §1.4, §1.7). Personal data arrives here sealed: what is decided never sees a name or
// a number, only what rules need.
import { type Decider, type EventOf, isDay, type World } from '@jinbao/core'
import type { Sex } from '@jinbao/proto/common/v1/common.ts'
import {
  Confidence,
  ContactChanged,
  CorrectionProposed,
  DeathRegistered,
  DeathReported,
  DeathRevocationProposed,
  DeathRevoked,
  DuplicateSuspected,
  ForgettingProposed,
  IdentityNumberChanged,
  MissingEnded,
  PersonDataCorrected,
  PersonDeclaredMissing,
  PersonForgotten,
  PersonMergeReverted,
  PersonRegistered,
  PersonsMerged,
  ProposalDeclined,
  RecordAbsorbed,
  RecordReleased,
} from '@jinbao/proto/identity/v1/events.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const personEvents = {
  PersonRegistered,
  IdentityNumberChanged,
  CorrectionProposed,
  PersonDataCorrected,
  ContactChanged,
  ProposalDeclined,
  DeathReported,
  DeathRegistered,
  DeathRevocationProposed,
  DeathRevoked,
  PersonDeclaredMissing,
  MissingEnded,
  DuplicateSuspected,
  PersonsMerged,
  RecordAbsorbed,
  PersonMergeReverted,
  RecordReleased,
  ForgettingProposed,
  PersonForgotten,
}
export type PersonEvent = EventOf<typeof personEvents>

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

// --- state -----------------------------------------------------------------------------------------------------------

export type Pending =
  | {
      readonly kind: 'CORRECTION'
      readonly by: string
      readonly data: Omit<PersonDataCorrected, 'sealed'> & { readonly sealed: string }
    }
  | { readonly kind: 'DEATH_REVOCATION' | 'FORGETTING'; readonly by: string }

export interface KnownPerson {
  readonly status: 'active' | 'missing' | 'dead'
  readonly personId: string
  readonly birthMonth: string
  readonly sex: Sex
  /** Sealed bytes in base64: states are kept as JSON. */
  readonly sealed: string
  readonly contact?: string
  /** Counts changes of the sealed identity data. */
  readonly revision: number
  readonly diedOn: string
  readonly reports: readonly { readonly source: string; readonly on: string; readonly sure: boolean }[]
  readonly pending?: Pending
  readonly suspected: readonly string[]
  readonly mergedInto: string
  readonly absorbed: readonly string[]
  readonly forgotten: boolean
}
export type PersonState = { readonly status: 'unknown' } | KnownPerson

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

// --- evolve ----------------------------------------------------------------------------------------------------------

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

const registered = ({ personId, birthMonth, sex, sealed }: PersonRegistered): KnownPerson => ({
  status: 'active',
  personId,
  birthMonth,
  sex,
  sealed: base64(sealed),
  revision: 1,
  diedOn: '',
  reports: [],
  suspected: [],
  mergedInto: '',
  absorbed: [],
  forgotten: false,
})

function settled({ pending: _, ...state }: KnownPerson): KnownPerson {
  return state
}

function evolveKnown(state: KnownPerson, event: Exclude<PersonEvent, { type: 'PersonRegistered' }>): KnownPerson {
  switch (event.type) {
    case 'IdentityNumberChanged':
      return { ...state, sealed: base64(event.data.sealed), revision: state.revision + 1 }
    case 'CorrectionProposed': {
      const { proposedBy: by, sealed, ...data } = event.data
      return { ...state, pending: { kind: 'CORRECTION', by, data: { ...data, sealed: base64(sealed) } } }
    }
    case 'PersonDataCorrected': {
      const { birthMonth, sex, sealed } = event.data
      return { ...settled(state), birthMonth, sex, sealed: base64(sealed), revision: state.revision + 1 }
    }
    case 'ContactChanged':
      return { ...state, contact: base64(event.data.sealed) }
    case 'ProposalDeclined':
      return settled(state)
    case 'DeathReported': {
      const { sourceSystem: source, diedOn: on, confidence } = event.data
      return { ...state, reports: [...state.reports, { source, on, sure: confidence === Confidence.CONFIRMED }] }
    }
    case 'DeathRegistered':
      return { ...settled(state), status: 'dead', diedOn: event.data.diedOn }
    case 'DeathRevocationProposed':
      return { ...state, pending: { kind: 'DEATH_REVOCATION', by: event.data.proposedBy } }
    case 'DeathRevoked':
      return { ...settled(state), status: 'active', diedOn: '', reports: [] }
    case 'PersonDeclaredMissing':
      return { ...state, status: 'missing' }
    case 'MissingEnded':
      return { ...state, status: 'active' }
    case 'DuplicateSuspected':
      return { ...state, suspected: [...state.suspected, event.data.otherId] }
    case 'PersonsMerged':
      return { ...settled(state), mergedInto: event.data.survivorId }
    case 'PersonMergeReverted':
      return { ...state, mergedInto: '' }
    case 'RecordAbsorbed':
      return { ...state, absorbed: [...state.absorbed, event.data.absorbedId] }
    case 'RecordReleased':
      return { ...state, absorbed: state.absorbed.filter((one) => one !== event.data.absorbedId) }
    case 'ForgettingProposed':
      return { ...state, pending: { kind: 'FORGETTING', by: event.data.proposedBy } }
    case 'PersonForgotten':
      return { ...settled(state), forgotten: true }
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

// --- guards ----------------------------------------------------------------------------------------------------------

function approved<K extends Pending['kind']>(state: KnownPerson, kind: K, world: World): Extract<Pending, { kind: K }> {
  const { pending } = state
  if (pending?.kind !== kind) return refuse('NOTHING_PROPOSED')
  if (pending.by === world.by.subject) refuse('SAME_OFFICER')
  return pending as Extract<Pending, { kind: K }>
}

function living(state: KnownPerson): void {
  if (state.status === 'dead') refuse('PERSON_DEAD', { on: state.diedOn })
}

function proven(document: string): void {
  if (!document) refuse('PROOF_MISSING')
}

function nothingPending(state: KnownPerson): void {
  if (state.pending) refuse('PROPOSAL_PENDING', { kind: state.pending.kind })
}

/** Sealed data was made from an older state: writing it would undo somebody's change. */
function unchanged(state: KnownPerson, basedOn: number): void {
  nothingPending(state)
  if (state.revision !== basedOn) refuse('RECORD_CHANGED')
}

function pastDay(field: string, value: string, world: World): void {
  if (!isDay(value) || value > world.today) refuse('BAD_DAY', { field, value })
}
