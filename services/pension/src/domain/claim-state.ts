// A pension claim: what can be ordered, what has happened, and what follows from it.
import { addMonths, type Day, type EventOf, type Month, MonthSet } from '@jinbao/core'
import type { Sex } from '@jinbao/proto/common/v1/common.ts'
import type { Application, Award, PensionAppliedFor } from '@jinbao/proto/pension/v1/events.ts'
import * as facts from '@jinbao/proto/pension/v1/events.ts'
import type { RetirementRecord, Who } from './decision.ts'
import type { CountedMonths } from './entitlement.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const claimEvents = {
  PensionAppliedFor: facts.PensionAppliedFor,
  ClaimChecked: facts.ClaimChecked,
  ClaimDecided: facts.ClaimDecided,
  ClaimReturned: facts.ClaimReturned,
  PensionAwarded: facts.PensionAwarded,
  ClaimRejected: facts.ClaimRejected,
  ClaimReminded: facts.ClaimReminded,
  PensionPaid: facts.PensionPaid,
  PensionReassessed: facts.PensionReassessed,
  PensionSuspended: facts.PensionSuspended,
  PensionResumed: facts.PensionResumed,
  PensionEnded: facts.PensionEnded,
  PensionRestored: facts.PensionRestored,
  RecoveryReceived: facts.RecoveryReceived,
}
export type ClaimEvent = EventOf<typeof claimEvents>

/** Facts of the account come with the command: whoever gives the order looks them up. */
export type ClaimCommand =
  | {
      readonly type: 'Apply'
      readonly claimId: string
      readonly personId: string
      readonly birthMonth: Month
      readonly sex: Sex
      readonly application: Application
    }
  | { readonly type: 'Check'; readonly counted: CountedMonths }
  | { readonly type: 'Decide'; readonly record: RetirementRecord }
  | { readonly type: 'Return'; readonly reason: string }
  | { readonly type: 'Approve' }
  | { readonly type: 'Reject'; readonly reason: string; readonly text: string }
  | { readonly type: 'Remind' }
  | { readonly type: 'PayMonth'; readonly month: Month }
  | { readonly type: 'PayDue' }
  | { readonly type: 'Reassess'; readonly record: RetirementRecord }
  | { readonly type: 'Suspend'; readonly from: Month; readonly reason: string }
  | { readonly type: 'Resume'; readonly from: Month; readonly payMissed: boolean }
  | { readonly type: 'RegisterDeath'; readonly diedOn: Day }
  | { readonly type: 'RevokeDeath' }
  | { readonly type: 'Recover'; readonly amountFen: bigint; readonly receiptId: string; readonly on: Day }

// --- state -----------------------------------------------------------------------------------------------------------

export interface Filed {
  readonly filed: PensionAppliedFor
  readonly reminded: 'no' | 'due' | 'overdue'
}
export interface Checked extends Filed {
  readonly counted: CountedMonths
}
export interface Pension extends Checked {
  readonly award: Award
  readonly firstMonth: Month
  /** Next month to pay. */
  readonly nextMonth: Month
  /** What was paid for each month. */
  readonly paid: ReadonlyMap<Month, bigint>
  readonly backPayFen: bigint
  readonly recoverableFen: bigint
  readonly receipts: ReadonlySet<string>
}
export type ClaimState =
  | { readonly status: 'none' }
  | ({ readonly status: 'applied' } & Filed)
  | ({ readonly status: 'checked' } & Checked)
  | ({ readonly status: 'decided'; readonly award: Award; readonly decidedBy: string } & Checked)
  | ({ readonly status: 'rejected'; readonly reason: string } & Filed)
  | ({ readonly status: 'paying' } & Pension)
  | ({ readonly status: 'suspended'; readonly from: Month; readonly reason: string } & Pension)
  | ({
      readonly status: 'ended'
      readonly diedOn: Day
      readonly lastMonth: Month
      readonly overpaidFen: bigint
    } & Pension)

export type PensionState = Extract<ClaimState, Pension>

export const isPension = (state: ClaimState): state is PensionState =>
  state.status === 'paying' || state.status === 'suspended' || state.status === 'ended'

/** Whom a decision is about. */
export const whoOf = ({ filed }: Filed): Who => ({
  personId: filed.personId,
  claimId: filed.claimId,
  birthMonth: filed.birthMonth,
  retirementMonth: filed.retirementMonth,
  special: filed.application!.specialAddition,
})

// --- evolve ----------------------------------------------------------------------------------------------------------

export function evolve(state: ClaimState, event: ClaimEvent): ClaimState {
  if (event.type === 'PensionAppliedFor') return { status: 'applied', filed: event.data, reminded: 'no' }
  if (state.status === 'none') return state
  switch (event.type) {
    case 'ClaimReminded':
      return { ...state, reminded: event.data.overdue ? 'overdue' : 'due' }
    case 'ClaimRejected':
      return { status: 'rejected', filed: state.filed, reminded: state.reminded, reason: event.data.reason }
    case 'ClaimChecked':
      return { ...filedOf(state), status: 'checked', counted: countedOf(event.data) }
    default:
      return 'counted' in state ? evolveChecked(state, event) : state
  }
}

const filedOf = ({ filed, reminded }: Filed): Filed => ({ filed, reminded })
const checkedOf = (state: Checked): Checked => ({ ...filedOf(state), counted: state.counted })
const countedOf = ({ actualMonths, deemedMonths }: facts.ClaimChecked): CountedMonths => ({
  actual: MonthSet.parse(actualMonths),
  deemed: MonthSet.parse(deemedMonths),
})

function evolveChecked(state: ClaimState & Checked, event: ClaimEvent): ClaimState {
  switch (event.type) {
    case 'ClaimDecided':
      return { ...checkedOf(state), status: 'decided', award: event.data.award!, decidedBy: event.data.decidedBy }
    case 'ClaimReturned':
      return { ...checkedOf(state), status: 'checked' }
    case 'PensionAwarded':
      return state.status === 'decided' ? awarded(state, event.data.firstMonth) : state
    default:
      return isPension(state) ? evolvePension(state, event) : state
  }
}

const awarded = (state: ClaimState & { status: 'decided' }, firstMonth: Month): ClaimState => ({
  ...checkedOf(state),
  status: 'paying',
  award: state.award,
  firstMonth,
  nextMonth: firstMonth,
  paid: new Map(),
  backPayFen: 0n,
  recoverableFen: 0n,
  receipts: new Set(),
})

function evolvePension(state: PensionState, event: ClaimEvent): ClaimState {
  switch (event.type) {
    case 'PensionPaid': {
      const { month, amountFen, backPayFen } = event.data
      const paid = new Map(state.paid).set(month, amountFen)
      return { ...state, paid, nextMonth: addMonths(month, 1), backPayFen: state.backPayFen - backPayFen }
    }
    case 'PensionReassessed': {
      const { award, backPayFen, recoverableFen } = event.data
      return {
        ...state,
        award: award!,
        backPayFen: state.backPayFen + backPayFen,
        recoverableFen: state.recoverableFen + recoverableFen,
      }
    }
    case 'PensionSuspended':
      return { ...state, status: 'suspended', from: event.data.from, reason: event.data.reason }
    case 'PensionResumed': {
      const { from, payMissed } = event.data
      return { ...state, status: 'paying', nextMonth: payMissed || from < state.nextMonth ? state.nextMonth : from }
    }
    case 'PensionEnded': {
      const { diedOn, lastMonth, recoverableFen } = event.data
      const recoverable = state.recoverableFen + recoverableFen
      return { ...state, status: 'ended', diedOn, lastMonth, overpaidFen: recoverableFen, recoverableFen: recoverable }
    }
    case 'PensionRestored':
      return state.status === 'ended'
        ? { ...state, status: 'paying', recoverableFen: state.recoverableFen - state.overpaidFen }
        : state
    case 'RecoveryReceived':
      return {
        ...state,
        recoverableFen: state.recoverableFen - event.data.amountFen,
        receipts: new Set(state.receipts).add(event.data.receiptId),
      }
    default:
      return state
  }
}
