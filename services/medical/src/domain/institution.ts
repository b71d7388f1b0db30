// Designated institutions 定点医疗机构: level and designation with their days. Stream `medical-institution-<id>`.
import { type Day, type Decider, type EventOf, isDay } from '@jinbao/core'
import {
  DesignationEnded,
  HospitalLevel,
  InstitutionDesignated,
  InstitutionRated,
} from '@jinbao/proto/medical/v1/events.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const institutionEvents = { InstitutionDesignated, InstitutionRated, DesignationEnded }
export type InstitutionEvent = EventOf<typeof institutionEvents>
export type InstitutionCommand =
  | { type: 'Designate'; data: InstitutionDesignated }
  | { type: 'Rate'; data: InstitutionRated }
  | { type: 'End'; data: DesignationEnded }

// --- state -----------------------------------------------------------------------------------------------------------

export type InstitutionState =
  | { readonly status: 'none' }
  | {
      readonly status: 'known'
      readonly institutionId: string
      readonly name: string
      readonly place: string
      readonly from: Day
      readonly to: Day | ''
      readonly levels: readonly { readonly from: Day; readonly level: HospitalLevel }[]
    }
type Known = Extract<InstitutionState, { status: 'known' }>

export const designatedOn = ({ from, to }: Known, day: Day): boolean => from <= day && (to === '' || to >= day)
export const levelOn = ({ levels }: Known, day: Day): HospitalLevel =>
  (levels.findLast(({ from }) => from <= day) ?? levels[0])?.level ?? HospitalLevel.HOSPITAL_LEVEL_UNSPECIFIED

// --- decide ----------------------------------------------------------------------------------------------------------

export const institutionDecider: Decider<InstitutionState, InstitutionCommand, InstitutionEvent> = {
  initial: { status: 'none' },
  decide(state, command) {
    if (command.type === 'Designate') return designate(state, command.data)
    if (state.status === 'none') return refuse('INSTITUTION_UNKNOWN', { institution: command.data.institutionId })
    return command.type === 'Rate' ? rate(state, command.data) : end(state, command.data)
  },
  evolve(state, { type, data }) {
    if (type === 'InstitutionDesignated') {
      const { level, ...one } = data
      return { ...one, status: 'known', to: '', levels: [{ from: data.from, level }] }
    }
    if (state.status === 'none') return state
    if (type === 'DesignationEnded') return { ...state, to: data.on }
    const levels = [...state.levels.filter(({ from }) => from !== data.from), { from: data.from, level: data.level }]
    return { ...state, levels: levels.sort((a, b) => (a.from < b.from ? -1 : 1)) }
  },
}

// --- one function a command ------------------------------------------------------------------------------------------

function check(level: HospitalLevel, from: Day): void {
  if (level === HospitalLevel.HOSPITAL_LEVEL_UNSPECIFIED) refuse('LEVEL_MISSING')
  if (!isDay(from)) refuse('BAD_DAY', { field: 'from', value: from })
}

function designate(state: InstitutionState, data: InstitutionDesignated): InstitutionEvent[] {
  check(data.level, data.from)
  if (!/^\d{6}$/.test(data.place)) refuse('BAD_PLACE', { value: data.place })
  if (state.status === 'none' || (state.to && data.from > state.to)) return [{ type: 'InstitutionDesignated', data }]
  const same = state.name === data.name && state.place === data.place && state.from === data.from
  return same && levelOn(state, data.from) === data.level ? [] : refuse('INSTITUTION_EXISTS')
}

function rate(state: Known, data: InstitutionRated): InstitutionEvent[] {
  check(data.level, data.from)
  return levelOn(state, data.from) === data.level ? [] : [{ type: 'InstitutionRated', data }]
}

function end(state: Known, data: DesignationEnded): InstitutionEvent[] {
  if (!isDay(data.on) || data.on < state.from) refuse('BAD_DAY', { field: 'on', value: data.on })
  if (state.to === data.on) return []
  if (state.to) refuse('INSTITUTION_ENDED')
  return [{ type: 'DesignationEnded', data }]
}
