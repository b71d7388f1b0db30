// Employers (other-lines §1.8).
import { addMonths, type Decider, type EventOf, firstDay, isDay, isMonth, monthOfDay, type World } from '@jinbao/core'
import {
  ContributionResumed,
  ContributionSuspended,
  CreditCodeAssigned,
  DeferralApproved,
  DeregistrationRequested,
  EmployerChanged,
  EmployerDeregistered,
  EmployerRegistered,
  EmployerSucceeded,
  FirstEnrolmentRecorded,
  LicenceRevoked,
  Succession,
} from '@jinbao/proto/identity/v1/events.ts'
import { isTemporary } from './creditCode.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const employerEvents = {
  EmployerRegistered,
  FirstEnrolmentRecorded,
  EmployerChanged,
  CreditCodeAssigned,
  ContributionSuspended,
  ContributionResumed,
  DeferralApproved,
  EmployerSucceeded,
  DeregistrationRequested,
  EmployerDeregistered,
  LicenceRevoked,
}
export type EmployerEvent = EventOf<typeof employerEvents>

export type EmployerChange = Omit<EmployerChanged, 'riskClassFrom'>
export type EmployerCommand =
  | { type: 'Register'; data: EmployerRegistered }
  | { type: 'RecordFirstEnrolment'; on: string }
  | { type: 'Change'; data: EmployerChange }
  | { type: 'AssignCode'; creditCode: string }
  | { type: 'Suspend'; on: string; employees: number }
  | { type: 'Resume'; on: string }
  | { type: 'Defer'; data: DeferralApproved }
  | { type: 'Succeed'; data: EmployerSucceeded; successorKnown: boolean }
  | { type: 'RequestDeregistration'; on: string; owedFen: bigint }
  | { type: 'Deregister'; on: string; owedFen: bigint; employees: number }
  | { type: 'RevokeLicence'; data: LicenceRevoked }

// --- state -----------------------------------------------------------------------------------------------------------

export interface KnownEmployer {
  readonly status: 'registered' | 'active' | 'dormant' | 'succeeded' | 'closing' | 'closed' | 'revoked'
  readonly data: EmployerRegistered
  readonly riskClassFrom: string
  readonly deferrals: readonly Omit<DeferralApproved, 'employerId'>[]
  readonly successorId: string
}
export type EmployerState = { readonly status: 'unknown' } | KnownEmployer

// --- decide ----------------------------------------------------------------------------------------------------------

export const employerDecider: Decider<EmployerState, EmployerCommand, EmployerEvent> = {
  initial: { status: 'unknown' },
  decide(state, command, world) {
    if (command.type === 'Register') return state.status === 'unknown' ? register(command.data) : []
    if (state.status === 'unknown') return refuse('EMPLOYER_UNKNOWN')
    const { employerId } = state.data
    switch (command.type) {
      case 'RecordFirstEnrolment':
        return state.status === 'registered'
          ? [{ type: 'FirstEnrolmentRecorded', data: { employerId, on: command.on } }]
          : []
      case 'Change':
        return change(state, command.data, world)
      case 'AssignCode':
        return assignCode(state, command.creditCode)
      case 'Suspend':
        return suspend(state, command.on, command.employees)
      case 'Resume':
        return resume(state, command.on)
      case 'Defer':
        return defer(state, command.data)
      case 'Succeed':
        return succeed(state, command.data, command.successorKnown)
      case 'RequestDeregistration':
        return requestDeregistration(state, command.on, command.owedFen)
      case 'Deregister':
        return deregister(state, command)
      case 'RevokeLicence':
        return revokeLicence(state, command.data)
    }
  },
  evolve(state, event) {
    if (event.type === 'EmployerRegistered')
      return {
        status: 'registered',
        data: event.data,
        riskClassFrom: event.data.contributesFrom,
        deferrals: [],
        successorId: '',
      }
    return state.status === 'unknown' ? state : evolveKnown(state, event)
  },
}

// --- evolve ----------------------------------------------------------------------------------------------------------

function evolveKnown(
  state: KnownEmployer,
  event: Exclude<EmployerEvent, { type: 'EmployerRegistered' }>,
): KnownEmployer {
  switch (event.type) {
    case 'FirstEnrolmentRecorded':
    case 'ContributionResumed':
      return { ...state, status: 'active' }
    case 'EmployerChanged': {
      const { riskClassFrom, ...data } = event.data
      return { ...state, data: { ...state.data, ...data }, riskClassFrom }
    }
    case 'CreditCodeAssigned':
      return { ...state, data: { ...state.data, creditCode: event.data.creditCode } }
    case 'ContributionSuspended':
      return { ...state, status: 'dormant' }
    case 'DeferralApproved': {
      const { employerId: _, ...deferral } = event.data
      return { ...state, deferrals: [...state.deferrals, deferral] }
    }
    case 'EmployerSucceeded':
      return { ...state, status: 'succeeded', successorId: event.data.successorId }
    case 'DeregistrationRequested':
      return { ...state, status: 'closing' }
    case 'EmployerDeregistered':
      return { ...state, status: 'closed' }
    case 'LicenceRevoked':
      return { ...state, status: 'revoked' }
  }
}

// --- one function a command ------------------------------------------------------------------------------------------

function register(data: EmployerRegistered): EmployerEvent[] {
  described(data)
  day('contributes_from', data.contributesFrom)
  return [{ type: 'EmployerRegistered', data }]
}

/** A new risk class holds from the next fee period (other-lines §1.8). */
function change(state: KnownEmployer, data: EmployerChange, world: World): EmployerEvent[] {
  open(state)
  described(data)
  const { name, place, industry, riskClass } = state.data
  if (data.name === name && data.place === place && data.industry === industry && data.riskClass === riskClass)
    return []
  const riskClassFrom =
    data.riskClass === riskClass ? state.riskClassFrom : firstDay(addMonths(monthOfDay(world.today), 1))
  return [{ type: 'EmployerChanged', data: { ...data, riskClassFrom } }]
}

function assignCode(state: KnownEmployer, creditCode: string): EmployerEvent[] {
  if (state.data.creditCode === creditCode) return []
  open(state)
  if (!isTemporary(state.data.creditCode) || isTemporary(creditCode)) refuse('CODE_FIXED')
  return [{ type: 'CreditCodeAssigned', data: { employerId: state.data.employerId, creditCode } }]
}

function suspend(state: KnownEmployer, on: string, employees: number): EmployerEvent[] {
  if (state.status === 'dormant') return []
  day('on', on)
  if (state.status !== 'active') refuse('EMPLOYER_STATE', { state: state.status })
  if (employees > 0) refuse('STILL_EMPLOYS', { employees })
  return [{ type: 'ContributionSuspended', data: { employerId: state.data.employerId, from: on } }]
}

function resume(state: KnownEmployer, on: string): EmployerEvent[] {
  if (state.status === 'active') return []
  day('on', on)
  if (state.status !== 'dormant') refuse('EMPLOYER_STATE', { state: state.status })
  return [{ type: 'ContributionResumed', data: { employerId: state.data.employerId, from: on } }]
}

function defer(state: KnownEmployer, data: DeferralApproved): EmployerEvent[] {
  if (!isMonth(data.fromMonth) || !isMonth(data.toMonth) || data.toMonth < data.fromMonth) refuse('BAD_MONTHS')
  if (!data.ground) refuse('GROUND_MISSING')
  if (state.status !== 'active') refuse('EMPLOYER_STATE', { state: state.status })
  const overlaps = state.deferrals.filter((one) => one.fromMonth <= data.toMonth && one.toMonth >= data.fromMonth)
  if (overlaps.some((one) => one.fromMonth === data.fromMonth && one.toMonth === data.toMonth)) return []
  if (overlaps.length > 0) refuse('DEFERRAL_OVERLAPS')
  return [{ type: 'DeferralApproved', data }]
}

function succeed(state: KnownEmployer, data: EmployerSucceeded, successorKnown: boolean): EmployerEvent[] {
  if (state.status === 'succeeded' && state.successorId === data.successorId) return []
  open(state)
  day('on', data.on)
  if (data.kind === Succession.SUCCESSION_UNSPECIFIED) refuse('SUCCESSION_KIND_MISSING')
  if (!successorKnown || data.successorId === data.employerId) refuse('SUCCESSOR_UNKNOWN')
  return [{ type: 'EmployerSucceeded', data }]
}

function requestDeregistration(state: KnownEmployer, on: string, owedFen: bigint): EmployerEvent[] {
  if (state.status === 'closing') return []
  open(state)
  day('on', on)
  nothingOwed(owedFen)
  return [{ type: 'DeregistrationRequested', data: { employerId: state.data.employerId, on } }]
}

function deregister(
  state: KnownEmployer,
  { on, owedFen, employees }: EmployerCommand & { type: 'Deregister' },
): EmployerEvent[] {
  if (state.status === 'closed') return []
  if (state.status !== 'closing') refuse('EMPLOYER_STATE', { state: state.status })
  day('on', on)
  nothingOwed(owedFen)
  if (employees > 0) refuse('STILL_EMPLOYS', { employees })
  return [{ type: 'EmployerDeregistered', data: { employerId: state.data.employerId, on } }]
}

function revokeLicence(state: KnownEmployer, data: LicenceRevoked): EmployerEvent[] {
  if (state.status === 'revoked') return []
  day('on', data.on)
  if (!data.noticeId) refuse('PROOF_MISSING')
  return [{ type: 'LicenceRevoked', data }]
}

// --- guards ----------------------------------------------------------------------------------------------------------

function described({ name, place, industry, riskClass }: EmployerChange): void {
  if (!name.trim() || name.length > 200) refuse('NAME_MISSING')
  if (!/^\d{6}$/.test(place)) refuse('PLACE_MALFORMED')
  if (!/^[A-T](\d{2,4})?$/.test(industry)) refuse('INDUSTRY_MALFORMED')
  if (riskClass < 1 || riskClass > 8) refuse('RISK_CLASS')
}

function open(state: KnownEmployer): void {
  if (['succeeded', 'closing', 'closed', 'revoked'].includes(state.status))
    refuse('EMPLOYER_STATE', { state: state.status })
}

function nothingOwed(owedFen: bigint): void {
  if (owedFen > 0n) refuse('ARREARS_OPEN', { fen: owedFen })
}

function day(field: string, value: string): void {
  if (!isDay(value)) refuse('BAD_DAY', { field, value })
}
