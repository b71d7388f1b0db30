// A settled claim goes on: audit, clearing, payment, reversal, recovery from a third party (O§3.6).
import type { World } from '@jinbao/core'
import { type ClaimRecord, ClaimStatus, type ItemCut } from '@jinbao/proto/medical/v1/events.ts'
import { replay } from './pricing.ts'
import { refuse } from './refusals.ts'
import { encounterOf, evolveYear, type OpenYear, received, type YearCommand, type YearEvent } from './year-state.ts'

type Of<T extends YearCommand['type']> = Extract<YearCommand, { type: T }>

/** The hospital bears the cut: the patient's part stays, the fund pays less. */
export function cut(one: ClaimRecord, cutId: string, cuts: readonly ItemCut[], world: World): YearEvent[] {
  if (one.cutIds.includes(cutId)) return []
  if (one.status !== ClaimStatus.SETTLED && one.status !== ClaimStatus.ADJUSTED)
    return refuse('CLAIM_NOT_SETTLED', { status: one.status })
  for (const { line, cutFen } of cuts) {
    const item = received(one).items.find((row) => row.line === line)
    if (!item) return refuse('LINE_UNKNOWN', { line })
    if (cutFen <= 0n || cutFen > item.amountFen) refuse('CUT_TOO_LARGE')
  }
  const cutFen = cuts.reduce((sum, row) => sum + row.cutFen, 0n)
  if (cutFen <= 0n || one.cutFen + cutFen > one.settlement!.fundFen) refuse('CUT_TOO_LARGE')
  const { claimId, personId, institutionId } = encounterOf(one)
  const data = { claimId, personId, institutionId, cutId, cuts: [...cuts], cutFen, on: world.today }
  return [{ type: 'AuditCut', data }]
}

export function reverse(state: OpenYear, one: ClaimRecord, reason: string, world: World): YearEvent[] {
  if (one.status === ClaimStatus.REVERSED) return []
  if (one.status !== ClaimStatus.SETTLED) return refuse('CLAIM_NOT_SETTLED', { status: one.status })
  const { claimId, personId, institutionId } = encounterOf(one)
  const { payerId, accountFen, cashFen } = one
  const { fundFen } = one.settlement!
  const data = { claimId, personId, institutionId, payerId, fundFen, accountFen, cashFen, reason, on: world.today }
  const event: YearEvent = { type: 'ClaimReversed', data }
  const next = evolveYear(state, event) as OpenYear
  return [event, ...replay(next.claims, claimId, world)]
}

/** Differences of a claim that is cleared already go into a later clearing; its state stays. */
export function clear(one: ClaimRecord, { claimId, clearingId, fundFen }: Of<'Clear'>, world: World): YearEvent[] {
  if (one.status !== ClaimStatus.SETTLED && one.status !== ClaimStatus.ADJUSTED) return []
  const { personId } = encounterOf(one)
  return [{ type: 'ClaimCleared', data: { claimId, personId, clearingId, fundFen, on: world.today } }]
}

export function pay(one: ClaimRecord, { claimId, clearingId }: Of<'Pay'>, world: World): YearEvent[] {
  if (one.status !== ClaimStatus.CLEARED || one.clearingId !== clearingId) return []
  const { personId } = encounterOf(one)
  return [{ type: 'ClaimPaid', data: { claimId, personId, clearingId, on: world.today } }]
}

/** MED-21: what the third party pays goes back to the fund. */
export function recordRecovery(one: ClaimRecord, command: Of<'RecordRecovery'>, world: World): YearEvent[] {
  const { claimId, amountFen, receiptId } = command
  if (one.recoveryIds.includes(receiptId)) return []
  if (one.advancedFen === 0n) refuse('NO_ADVANCE')
  if (amountFen <= 0n || one.recoveredFen + amountFen > one.advancedFen) refuse('RECOVERY_TOO_LARGE')
  const { personId } = encounterOf(one)
  return [{ type: 'ThirdPartyRecovered', data: { claimId, personId, amountFen, receiptId, on: world.today } }]
}

/** SIAR art. 20: manual papers are decided within the working days of the policy. */
export function remind(one: ClaimRecord, { today }: World): YearEvent[] {
  const { dueOn } = received(one)
  const open = one.status === ClaimStatus.RECEIVED || one.status === ClaimStatus.PRICED
  if (!open || !dueOn || today < dueOn) return []
  const overdue = today > dueOn
  if (one.remindedOn && (!overdue || one.remindedOn > dueOn)) return []
  const { claimId, personId } = encounterOf(one)
  return [{ type: 'ClaimReminded', data: { claimId, personId, dueOn, overdue, on: today } }]
}
