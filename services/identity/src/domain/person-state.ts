// What is known of one person, made of her events. Personal data is sealed.
import type { EventOf } from '@jinbao/core'
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

// --- evolve ----------------------------------------------------------------------------------------------------------

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

export const registered = ({ personId, birthMonth, sex, sealed }: PersonRegistered): KnownPerson => ({
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

export function evolveKnown(
  state: KnownPerson,
  event: Exclude<PersonEvent, { type: 'PersonRegistered' }>,
): KnownPerson {
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
