// Lifetime cover at retirement (MED-14): enough months, or paying on to them monthly or as a lump sum.
import { addMonths, firstDay, type Month, monthOfDay, type World } from '@jinbao/core'
import { Sex } from '@jinbao/proto/common/v1/common.ts'
import { type AccountEvent, countedMonths, evolveAccount, type OpenAccount } from './account-state.ts'
import { refuse } from './refusals.ts'

export function recordRetirement(
  state: OpenAccount,
  { personId, sex, month }: { readonly personId: string; readonly sex: Sex; readonly month: Month },
  { policyOn }: World,
): AccountEvent[] {
  if (state.retirement?.month === month) return []
  if (state.retirement) refuse('ALREADY_RETIRED', { month: state.retirement.month })
  const policy = policyOn(firstDay(month))
  const years = policy.value(`medical.retire.years.${sex === Sex.MALE ? 'male' : 'female'}`)
  const requiredMonths = Number((years.n * 12n) / years.d)
  const counted = countedMonths(state)
  const local = policy.has('medical.retire.localMonths') ? policy.value('medical.retire.localMonths') : undefined
  const enoughHere = !local || BigInt(state.months.size + state.shortfallMonths) * local.d >= local.n
  const lifetime = counted >= requiredMonths && enoughHere
  const data = { personId, month, countedMonths: counted, requiredMonths, lifetime }
  return [{ type: 'RetirementRecorded', data }]
}

export const missingMonths = (state: OpenAccount): number =>
  state.retirement && !state.lifetimeFrom ? Math.max(0, state.retirement.requiredMonths - countedMonths(state)) : 0

/** Who pays on after retirement is covered for life once the months are full. */
export function lifetimeBy(state: OpenAccount, events: readonly AccountEvent[]): AccountEvent[] {
  const after = events.reduce<OpenAccount>((one, event) => evolveAccount(one, event) as OpenAccount, state)
  if (!after.retirement || after.lifetimeFrom || missingMonths(after) > 0) return []
  const last = events.at(-1)
  if (last?.type === 'MonthCredited')
    return [{ type: 'LifetimeCoverGranted', data: { personId: after.personId, month: addMonths(last.data.month, 1) } }]
  if (last?.type === 'ShortfallPaid')
    return [{ type: 'LifetimeCoverGranted', data: { personId: after.personId, month: monthOfDay(last.data.on) } }]
  return []
}

export function payShortfall(
  state: OpenAccount,
  { months, receiptId }: { readonly months: number; readonly receiptId: string },
  { today }: World,
): AccountEvent[] {
  if (state.receipts.has(receiptId)) return []
  if (!state.retirement) return refuse('NOT_RETIRED')
  const missing = missingMonths(state)
  if (months <= 0 || months > missing) refuse('SHORTFALL_TOO_LARGE', { missing })
  const { personId } = state
  const paid: AccountEvent = { type: 'ShortfallPaid', data: { personId, months, receiptId, on: today } }
  return [paid, ...lifetimeBy(state, [paid])]
}
