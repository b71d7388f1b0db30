// Monthly clearing with an institution (O§3.5, O§3.6). Stream `medical-clearing-<institution>.<yyyy-mm>.<number>`.
import { type Decider, type EventOf, monthOfDay } from '@jinbao/core'
import { ClearingClosed, type ClearingLine, ClearingPaid } from '@jinbao/proto/medical/v1/events.ts'
import { refuse } from './refusals.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const clearingEvents = { ClearingClosed, ClearingPaid }
export type ClearingEvent = EventOf<typeof clearingEvents>
export type ClearingCommand =
  | {
      type: 'Close'
      clearingId: string
      institutionId: string
      month: string
      lines: readonly ClearingLine[]
      offRegion: boolean
    }
  | { type: 'Pay'; clearingId: string; paymentId: string }

export const MAX_LINES = 1_000

// --- state -----------------------------------------------------------------------------------------------------------

export type ClearingState =
  | { readonly status: 'none' }
  | { readonly status: 'closed' | 'paid'; readonly clearing: ClearingClosed; readonly paidOn: string }

// --- decide ----------------------------------------------------------------------------------------------------------

export const clearingDecider: Decider<ClearingState, ClearingCommand, ClearingEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    if (command.type === 'Pay') {
      if (state.status === 'none') return refuse('CLEARING_UNKNOWN', { clearing: command.clearingId })
      if (state.status === 'paid') return []
      const { clearingId, institutionId, lines } = state.clearing
      const data = { clearingId, institutionId, paymentId: command.paymentId, lines, on: world.today }
      return [{ type: 'ClearingPaid', data }]
    }
    if (state.status !== 'none' || command.lines.length === 0) return []
    const { clearingId, institutionId, month, offRegion } = command
    if (month >= monthOfDay(world.today)) refuse('MONTH_NOT_OVER', { month })
    const lines = [...command.lines]
    const totalFen = lines.reduce((sum, { fundFen }) => sum + fundFen, 0n)
    const data = { clearingId, institutionId, month, lines, totalFen, offRegion, on: world.today }
    return [{ type: 'ClearingClosed', data }]
  },
  evolve(state, { type, data }) {
    if (type === 'ClearingClosed') return { status: 'closed', clearing: data, paidOn: '' }
    return state.status === 'none' ? state : { ...state, status: 'paid', paidOn: data.on }
  },
}
