// A pension in payment: months, reassessment, suspension, death, recovery.
import { addMonths, type Day, isDay, isMonth, type Month, monthOfDay, type World } from '@jinbao/core'
import { type ClaimCommand, type ClaimEvent, type Pension, type PensionState, whoOf } from './claim-state.ts'
import { explainedAward, type RetirementRecord } from './decision.ts'
import { refuse } from './refusals.ts'

const idsOf = ({ filed: { claimId, personId } }: Pension) => ({ claimId, personId })

/** Last month that may be paid now. */
function lastDue(state: PensionState, today: Day): Month {
  const now = monthOfDay(today)
  if (state.status === 'ended' && state.lastMonth < now) return state.lastMonth
  // A suspended pension is still owed for the months before.
  if (state.status === 'suspended' && state.from <= now) return before(state.from)
  return now
}

const before = (month: Month): Month => addMonths(month, -1)

export function pay(state: PensionState, month: Month, { today }: World): ClaimEvent[] {
  if (!isMonth(month)) refuse('BAD_MONTH', { field: 'month', value: month })
  if (state.paid.has(month)) return []
  if (month !== state.nextMonth || month > lastDue(state, today))
    refuse('MONTH_NOT_DUE', { month, first: state.nextMonth })
  return [paid(state, month, state.backPayFen, today)]
}

/** All months that are due and not paid: one in the usual month, several after a late decision. */
export function payDue(state: PensionState, { today }: World): ClaimEvent[] {
  const events: ClaimEvent[] = []
  const last = lastDue(state, today)
  for (let month = state.nextMonth; month <= last; month = after(month))
    events.push(paid(state, month, events.length === 0 ? state.backPayFen : 0n, today))
  return events
}

const after = (month: Month): Month => addMonths(month, 1)

function paid(state: Pension, month: Month, backPayFen: bigint, on: Day): ClaimEvent {
  const { totalFen: amountFen, accountFen } = state.award
  return { type: 'PensionPaid', data: { ...idsOf(state), month, amountFen, accountFen, backPayFen, on } }
}

/** Difference of rounded totals by the months paid; below zero a recoverable with notice, never a silent cut. */
export function reassess(state: PensionState, record: RetirementRecord, world: World): ClaimEvent[] {
  const facts = { ...record, counted: state.counted, balanceFen: state.award.balanceFen }
  const { award, explanation } = explainedAward(world, whoOf(state), facts)
  const old = state.award
  if (award.totalFen === old.totalFen && award.accountFen === old.accountFen && award.provisional === old.provisional)
    return []
  const monthsPaid = state.paid.size
  const difference = (award.totalFen - old.totalFen) * BigInt(monthsPaid)
  const data = {
    ...idsOf(state),
    oldTotalFen: old.totalFen,
    award,
    monthsPaid,
    backPayFen: difference > 0n ? difference : 0n,
    recoverableFen: difference < 0n ? -difference : 0n,
    explanation,
    on: world.today,
  }
  return [{ type: 'PensionReassessed', data }]
}

export function suspend(state: PensionState, from: Month, reason: string, { by }: World): ClaimEvent[] {
  if (state.status === 'suspended') return []
  if (state.status === 'ended') return refuse('PERSON_DEAD')
  if (!isMonth(from)) refuse('BAD_MONTH', { field: 'from', value: from })
  if (from < state.nextMonth) refuse('MONTH_NOT_DUE', { month: from, first: state.nextMonth })
  if (!/^[A-Z][A-Z_]+$/.test(reason)) refuse('REASON_MISSING')
  return [{ type: 'PensionSuspended', data: { claimId: state.filed.claimId, from, reason, by: by.subject } }]
}

export function resume(state: PensionState, from: Month, payMissed: boolean, { by }: World): ClaimEvent[] {
  if (state.status === 'paying') return []
  if (state.status === 'ended') return refuse('PERSON_DEAD')
  if (!isMonth(from)) refuse('BAD_MONTH', { field: 'from', value: from })
  if (from < state.from) refuse('MONTH_NOT_DUE', { month: from, first: state.from })
  return [{ type: 'PensionResumed', data: { claimId: state.filed.claimId, from, payMissed, by: by.subject } }]
}

/** D-9: due to the month of death; what was paid for later months is to be recovered. */
export function registerDeath(state: PensionState, diedOn: Day): ClaimEvent[] {
  if (state.status === 'ended') return []
  const lastMonth = monthOfDay(diedOn)
  let recoverableFen = 0n
  for (const [month, fen] of state.paid) if (month > lastMonth) recoverableFen += fen
  return [{ type: 'PensionEnded', data: { ...idsOf(state), diedOn, lastMonth, recoverableFen } }]
}

export function revokeDeath(state: PensionState): ClaimEvent[] {
  return state.status === 'ended' ? [{ type: 'PensionRestored', data: idsOf(state) }] : []
}

export function recover(
  state: PensionState,
  { amountFen, receiptId, on }: ClaimCommand & { type: 'Recover' },
): ClaimEvent[] {
  if (state.receipts.has(receiptId)) return []
  if (!isDay(on)) refuse('BAD_DAY', { field: 'on', value: on })
  if (amountFen <= 0n || amountFen > state.recoverableFen) refuse('NOTHING_TO_RECOVER', { left: state.recoverableFen })
  return [{ type: 'RecoveryReceived', data: { claimId: state.filed.claimId, amountFen, on, receiptId } }]
}
