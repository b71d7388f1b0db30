// Labour relations of one person (other-lines §2.1). All relations of a person are one stream, so that "one main
// relation at a time" is decided on facts, and a death reaches them without a look-up.
import { type Decider, type EventOf, firstDay, isDay, monthIndex, monthOfDay, type World } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import type {
  ChangeTermsRequest,
  FileTerminationRequest,
  RecordProtectionRequest,
  ResumeRelationRequest,
  SuspendRelationRequest,
  VoidRelationRequest,
} from '@jinbao/proto/employment/v1/employment.ts'
import {
  HireFiled,
  Protection,
  ProtectionRecorded,
  RelationEnded,
  RelationKind,
  RelationRestored,
  RelationResumed,
  RelationSuspended,
  RelationVoided,
  TermsChanged,
  WorkerDeathRevoked,
  WorkerDied,
  WorkerRegistered,
} from '@jinbao/proto/employment/v1/events.ts'
import { isEndReason } from './reasons.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const workerEvents = {
  WorkerRegistered,
  HireFiled,
  TermsChanged,
  RelationSuspended,
  RelationResumed,
  RelationEnded,
  RelationVoided,
  RelationRestored,
  ProtectionRecorded,
  WorkerDied,
  WorkerDeathRevoked,
}
export type WorkerEvent = EventOf<typeof workerEvents>

export type WorkerCommand =
  | { type: 'RegisterWorker'; data: WorkerRegistered }
  | { type: 'FileHire'; data: HireFiled; employerKnown: boolean }
  | { type: 'ChangeTerms'; data: ChangeTermsRequest }
  | { type: 'SuspendRelation'; data: SuspendRelationRequest }
  | { type: 'ResumeRelation'; data: ResumeRelationRequest }
  | { type: 'FileTermination'; data: FileTerminationRequest }
  | { type: 'VoidRelation'; data: VoidRelationRequest; monthsAttached: boolean }
  | { type: 'RecordProtection'; data: RecordProtectionRequest }
  | { type: 'RegisterDeath'; diedOn: string }
  | { type: 'RevokeDeath' }

// --- state -----------------------------------------------------------------------------------------------------------

export interface RelationState {
  readonly relationId: string
  readonly employerId: string
  readonly from: string
  readonly to: string
  readonly kind: RelationKind
  readonly main: boolean
  readonly wageFen: bigint
  readonly status: 'active' | 'suspended' | 'ended' | 'void'
  readonly endReason: string
}

export interface ProtectionState {
  readonly kind: Protection
  readonly from: string
  readonly to: string
}

export type WorkerState =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'alive' | 'dead'
      readonly personId: string
      readonly birthMonth: string
      readonly sex: Sex
      readonly diedOn: string
      readonly relations: readonly RelationState[]
      readonly protections: readonly ProtectionState[]
    }
type Known = Exclude<WorkerState, { status: 'unknown' }>

// --- decide ----------------------------------------------------------------------------------------------------------

export const workerDecider: Decider<WorkerState, WorkerCommand, WorkerEvent> = {
  initial: { status: 'unknown' },
  decide(state, command, world) {
    if (command.type === 'RegisterWorker')
      return state.status === 'unknown' ? [{ type: 'WorkerRegistered', data: command.data }] : []
    if (state.status === 'unknown') return refuse('WORKER_UNKNOWN')
    switch (command.type) {
      case 'FileHire':
        return fileHire(state, command.data, command.employerKnown)
      case 'ChangeTerms':
        return changeTerms(state, command.data)
      case 'SuspendRelation':
        return suspend(state, command.data)
      case 'ResumeRelation':
        return resume(state, command.data)
      case 'FileTermination':
        return terminate(state, command.data, world)
      case 'VoidRelation':
        return voidRelation(state, command.data, command.monthsAttached)
      case 'RecordProtection':
        return recordProtection(state, command.data)
      case 'RegisterDeath':
        return registerDeath(state, command.diedOn)
      case 'RevokeDeath':
        return revokeDeath(state)
    }
  },
  evolve(state, event) {
    if (event.type === 'WorkerRegistered')
      return { status: 'alive', ...event.data, diedOn: '', relations: [], protections: [] }
    return state.status === 'unknown' ? state : evolveKnown(state, event)
  },
}

// --- evolve ----------------------------------------------------------------------------------------------------------

function evolveKnown(state: Known, event: Exclude<WorkerEvent, { type: 'WorkerRegistered' }>): Known {
  const change = (relationId: string, to: Partial<RelationState>): Known => ({
    ...state,
    relations: state.relations.map((one) => (one.relationId === relationId ? { ...one, ...to } : one)),
  })
  switch (event.type) {
    case 'HireFiled': {
      const { personId: _, ...rest } = event.data
      return { ...state, relations: [...state.relations, { ...rest, to: '', status: 'active', endReason: '' }] }
    }
    case 'TermsChanged':
      return change(event.data.relationId, { kind: event.data.kind, wageFen: event.data.wageFen })
    case 'RelationSuspended':
      return change(event.data.relationId, { status: 'suspended' })
    case 'RelationResumed':
      return change(event.data.relationId, { status: 'active' })
    case 'RelationEnded':
      return change(event.data.relationId, { status: 'ended', to: event.data.on, endReason: event.data.reason })
    case 'RelationRestored':
      return change(event.data.relationId, { status: 'active', to: '', endReason: '' })
    case 'RelationVoided':
      return change(event.data.relationId, { status: 'void' })
    case 'ProtectionRecorded': {
      const { kind, from, to } = event.data
      const others = state.protections.filter((one) => one.kind !== kind || one.from !== from)
      return { ...state, protections: [...others, { kind, from, to }] }
    }
    case 'WorkerDied':
      return { ...state, status: 'dead', diedOn: event.data.diedOn }
    case 'WorkerDeathRevoked':
      return { ...state, status: 'alive', diedOn: '' }
  }
}

// --- one function a command ------------------------------------------------------------------------------------------

const MAX_WAGE_FEN = 100_000_000_00n
const WORKING_AGE_MONTHS = 16 * 12

function fileHire(state: Known, data: HireFiled, employerKnown: boolean): WorkerEvent[] {
  if (state.relations.some((one) => one.relationId === data.relationId)) return []
  day('from', data.from)
  if (data.kind === RelationKind.RELATION_KIND_UNSPECIFIED) refuse('KIND_MISSING')
  if (data.wageFen <= 0n || data.wageFen > MAX_WAGE_FEN) refuse('BAD_WAGE', { max: MAX_WAGE_FEN / 100n })
  if (!employerKnown) refuse('EMPLOYER_UNKNOWN')
  if (state.status === 'dead') refuse('WORKER_DEAD', { on: state.diedOn })
  if (monthIndex(monthOfDay(data.from)) - monthIndex(state.birthMonth) < WORKING_AGE_MONTHS) refuse('UNDER_AGE')
  if (data.main && state.relations.some((one) => one.main && isOpen(one, data.from))) refuse('MAIN_RELATION_EXISTS')
  return [{ type: 'HireFiled', data }]
}

function changeTerms(state: Known, data: ChangeTermsRequest): WorkerEvent[] {
  const relation = living(state, data.relationId)
  notBefore(relation, data.from)
  if (data.kind === RelationKind.RELATION_KIND_UNSPECIFIED) refuse('KIND_MISSING')
  if (data.wageFen <= 0n || data.wageFen > MAX_WAGE_FEN) refuse('BAD_WAGE', { max: MAX_WAGE_FEN / 100n })
  if (relation.kind === data.kind && relation.wageFen === data.wageFen) return []
  return [{ type: 'TermsChanged', data }]
}

function suspend(state: Known, data: SuspendRelationRequest): WorkerEvent[] {
  const relation = living(state, data.relationId)
  if (relation.status === 'suspended') return []
  notBefore(relation, data.from)
  return [{ type: 'RelationSuspended', data }]
}

function resume(state: Known, data: ResumeRelationRequest): WorkerEvent[] {
  const relation = living(state, data.relationId)
  if (relation.status !== 'suspended') refuse('NOT_SUSPENDED')
  notBefore(relation, data.from)
  return [{ type: 'RelationResumed', data }]
}

function terminate(state: Known, data: FileTerminationRequest, world: World): WorkerEvent[] {
  if (!isEndReason(data.reason)) refuse('REASON_UNKNOWN', { reason: data.reason })
  const relation = find(state, data.relationId)
  if (relation.status === 'ended' && relation.to === data.on && relation.endReason === data.reason) return []
  living(state, data.relationId)
  notBefore(relation, data.on)
  protect(state, relation, data, world)
  return [ended(state, relation, data.on, data.reason)]
}

function voidRelation(state: Known, data: VoidRelationRequest, monthsAttached: boolean): WorkerEvent[] {
  const relation = find(state, data.relationId)
  if (relation.status === 'void') return []
  if (monthsAttached) refuse('MONTHS_ATTACHED')
  return [
    {
      type: 'RelationVoided',
      data: { relationId: relation.relationId, personId: state.personId, employerId: relation.employerId },
    },
  ]
}

function recordProtection(state: Known, data: RecordProtectionRequest): WorkerEvent[] {
  day('from', data.from)
  if (data.to) day('to', data.to)
  const same = state.protections.some((one) => one.kind === data.kind && one.from === data.from && one.to === data.to)
  return same ? [] : [{ type: 'ProtectionRecorded', data }]
}

function registerDeath(state: Known, diedOn: string): WorkerEvent[] {
  if (state.status === 'dead') return []
  const open = state.relations.filter((one) => isOpen(one, diedOn))
  return [
    { type: 'WorkerDied', data: { personId: state.personId, diedOn } },
    ...open.map((one) => ended(state, one, diedOn, 'T13')),
  ]
}

function revokeDeath(state: Known): WorkerEvent[] {
  if (state.status === 'alive') return []
  const restored = state.relations.filter(
    (one) => one.status === 'ended' && one.endReason === 'T13' && one.to === state.diedOn,
  )
  const { personId } = state
  return [
    { type: 'WorkerDeathRevoked', data: { personId } },
    ...restored.map(({ relationId, employerId }) => ({
      type: 'RelationRestored' as const,
      data: { relationId, personId, employerId },
    })),
  ]
}

// --- guards ----------------------------------------------------------------------------------------------------------

const protectionWords: Readonly<Record<Protection, string>> = {
  PROTECTION_UNSPECIFIED: '',
  OCCUPATIONAL_DISEASE_OBSERVATION: 'occupational-disease observation',
  INJURY_LOST_CAPACITY: 'lost capacity by work injury or occupational disease',
  SICK_LEAVE: 'medical treatment period',
  MATERNITY_PROTECTION: 'pregnancy, maternity or nursing',
  INJURY_GRADE_1_TO_4: 'injury grade 1 to 4',
}

/** LCL art. 42 against T06 and T07; WIR art. 35 against every end by the employer. */
function protect(state: Known, relation: RelationState, { on, reason }: FileTerminationRequest, world: World): void {
  const inForce = state.protections.filter((one) => one.from <= on && (one.to === '' || one.to >= on))
  const byEmployer = ['T01', 'T04', 'T05', 'T06', 'T07', 'T08'].includes(reason)
  if (byEmployer && inForce.some((one) => one.kind === Protection.INJURY_GRADE_1_TO_4)) refuse('GRADE_KEEPS_RELATION')
  if (reason !== 'T06' && reason !== 'T07') return
  const [first] = inForce
  if (first) refuse('DISMISSAL_PROTECTED', { protection: protectionWords[first.kind] })
  if (nearRetirement(state, relation, on, world))
    refuse('DISMISSAL_PROTECTED', { protection: '15 years of service and fewer than 5 to retirement' })
}

/** LCL art. 42(5). The last birth month's age is that of the original age: the earliest the law lets anybody go. */
function nearRetirement(state: Known, relation: RelationState, on: string, world: World): boolean {
  const month = monthIndex(monthOfDay(on))
  if (month - monthIndex(monthOfDay(relation.from)) < 15 * 12) return false
  const group = state.sex === Sex.MALE ? 'M60' : 'F50'
  const age = world.policyOn(firstDay(monthOfDay(on))).value(`retirement.group.${group}.original`)
  return month >= monthIndex(state.birthMonth) + Number(age.n / age.d) - 5 * 12
}

function find(state: Known, relationId: string): RelationState {
  return (
    state.relations.find((one) => one.relationId === relationId) ?? refuse('RELATION_UNKNOWN', { relation: relationId })
  )
}

function living(state: Known, relationId: string): RelationState {
  const relation = find(state, relationId)
  if (relation.status === 'ended') refuse('RELATION_ENDED', { on: relation.to })
  if (relation.status === 'void') refuse('RELATION_VOID')
  return relation
}

const isOpen = (one: RelationState, on: string) => one.status !== 'void' && (one.to === '' || one.to >= on)

function notBefore(relation: RelationState, on: string): void {
  day('day', on)
  if (on < relation.from) refuse('BEFORE_START', { from: relation.from })
}

function day(field: string, value: string): void {
  if (!isDay(value)) refuse('BAD_DAY', { field, value })
}

const ended = (state: Known, { relationId, employerId }: RelationState, on: string, reason: string): WorkerEvent => ({
  type: 'RelationEnded',
  data: { relationId, personId: state.personId, employerId, on, reason },
})
