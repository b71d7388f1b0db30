// Households and who is maintained in them, with dates.
import { type Decider, type EventOf, isDay } from '@jinbao/core'
import {
  HouseholdClosed,
  HouseholdRegistered,
  Kinship,
  MemberAdded,
  MemberRemoved,
} from '@jinbao/proto/identity/v1/events.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const householdEvents = { HouseholdRegistered, MemberAdded, MemberRemoved, HouseholdClosed }
export type HouseholdEvent = EventOf<typeof householdEvents>

export type HouseholdCommand =
  | { type: 'Register'; data: HouseholdRegistered }
  | { type: 'Add'; data: MemberAdded }
  | { type: 'Remove'; data: MemberRemoved }
  | { type: 'Close'; to: string }

// --- state -----------------------------------------------------------------------------------------------------------

export interface MemberState {
  readonly personId: string
  readonly kinship: Kinship
  readonly dependant: boolean
  readonly from: string
  readonly to: string
}
export type HouseholdState =
  | { readonly status: 'none' }
  | {
      readonly status: 'open' | 'closed'
      readonly data: HouseholdRegistered
      readonly to: string
      readonly members: readonly MemberState[]
    }
type Known = Exclude<HouseholdState, { status: 'none' }>

// --- decide ----------------------------------------------------------------------------------------------------------

export const householdDecider: Decider<HouseholdState, HouseholdCommand, HouseholdEvent> = {
  initial: { status: 'none' },
  decide(state, command) {
    if (command.type === 'Register') return state.status === 'none' ? register(command.data) : []
    if (state.status === 'none') return refuse('HOUSEHOLD_UNKNOWN')
    if (command.type === 'Close') return close(state, command.to)
    if (state.status === 'closed') refuse('HOUSEHOLD_CLOSED', { to: state.to })
    return command.type === 'Add' ? add(state, command.data) : remove(state, command.data)
  },

  // --- evolve --------------------------------------------------------------------------------------------------------

  evolve(state, event) {
    if (event.type === 'HouseholdRegistered') return { status: 'open', data: event.data, to: '', members: [] }
    if (state.status === 'none') return state
    switch (event.type) {
      case 'MemberAdded': {
        const { householdId: _, ...member } = event.data
        return { ...state, members: [...state.members, { ...member, to: '' }] }
      }
      case 'MemberRemoved':
        return { ...state, members: state.members.map((one) => ended(one, event.data.personId, event.data.to)) }
      case 'HouseholdClosed':
        return {
          ...state,
          status: 'closed',
          to: event.data.to,
          members: state.members.map((one) => ended(one, one.personId, event.data.to)),
        }
    }
  },
}

const ended = (one: MemberState, personId: string, to: string): MemberState =>
  one.personId === personId && one.to === '' ? { ...one, to } : one

// --- one function a command ------------------------------------------------------------------------------------------

function register(data: HouseholdRegistered): HouseholdEvent[] {
  day('from', data.from)
  if (!/^\d{6}$/.test(data.division)) refuse('PLACE_MALFORMED')
  const { householdId, headId: personId, from } = data
  return [
    { type: 'HouseholdRegistered', data },
    { type: 'MemberAdded', data: { householdId, personId, kinship: Kinship.HEAD, dependant: false, from } },
  ]
}

function add(state: Known, data: MemberAdded): HouseholdEvent[] {
  day('from', data.from)
  if (data.kinship === Kinship.KINSHIP_UNSPECIFIED || data.kinship === Kinship.HEAD) refuse('KINSHIP_MISSING')
  if (data.from < state.data.from) refuse('BEFORE_HOUSEHOLD', { from: state.data.from })
  const here = state.members.find((one) => one.personId === data.personId && (one.to === '' || one.to >= data.from))
  if (here && here.from === data.from && here.kinship === data.kinship && here.dependant === data.dependant) return []
  if (here) refuse('MEMBER_ALREADY', { from: here.from })
  return [{ type: 'MemberAdded', data }]
}

function remove(state: Known, data: MemberRemoved): HouseholdEvent[] {
  day('to', data.to)
  const all = state.members.filter((one) => one.personId === data.personId)
  if (all.some((one) => one.to === data.to)) return []
  const member = all.find((one) => one.to === '') ?? refuse('MEMBER_UNKNOWN')
  if (member.kinship === Kinship.HEAD) refuse('HEAD_STAYS')
  if (data.to < member.from) refuse('BEFORE_HOUSEHOLD', { from: member.from })
  return [{ type: 'MemberRemoved', data }]
}

function close(state: Known, to: string): HouseholdEvent[] {
  if (state.status === 'closed') return []
  day('to', to)
  if (to < state.data.from) refuse('BEFORE_HOUSEHOLD', { from: state.data.from })
  return [{ type: 'HouseholdClosed', data: { householdId: state.data.householdId, to } }]
}

function day(field: string, value: string): void {
  if (!isDay(value)) refuse('BAD_DAY', { field, value })
}
