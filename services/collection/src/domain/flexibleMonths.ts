// A flexible worker's months (C-13 to C-18): chosen and paid of one's own will, no late fee, no payment for past years.
import {
  addMonths,
  Calc,
  type Decider,
  type EventOf,
  firstDay,
  formatFen,
  isMonth,
  type Month,
  MonthSet,
  monthIndex,
  monthOfDay,
  type Policy,
  toFen,
  type Val,
  type World,
} from '@jinbao/core'
import type { DeclareFlexibleRequest, WithdrawFlexibleRequest } from '@jinbao/proto/collection/v1/collection.ts'
import {
  ContributionsReceived,
  FlexibleMonthDeclared,
  FlexibleMonthWithdrawn,
  FlexiblePaymentTaken,
  Insured,
  type LineDue,
  type LineMoney,
} from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import { proRata, sumOf } from './allocation.ts'
import { chosenBase, flexibleAmounts, tierBase } from './flexible.ts'
import { whole } from './lines.ts'
import { refuse } from './refusals.ts'
import { baseTerms } from './terms.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const flexibleEvents = {
  FlexibleMonthDeclared,
  FlexibleMonthWithdrawn,
  FlexiblePaymentTaken,
  ContributionsReceived,
}
export type FlexibleEvent = EventOf<typeof flexibleEvents>

/** What the registers say about the person. */
export interface FlexibleFacts {
  readonly birthMonth: Month
  readonly diedOn: string
  readonly pensionFrom: Month
  /** Months for which an employer declares the person for all lines. */
  readonly employed: ReadonlySet<Month>
}

export interface FlexiblePayment {
  readonly receiptId: string
  readonly receivedOn: string
  readonly amountFen: bigint
  /** What the plan says the months take; undefined while planning. */
  readonly takeFen?: bigint
}

export type FlexibleCommand =
  | { type: 'Declare'; data: DeclareFlexibleRequest; facts: FlexibleFacts | undefined }
  | { type: 'Withdraw'; data: WithdrawFlexibleRequest }
  | { type: 'Receive'; data: FlexiblePayment }

// --- state -----------------------------------------------------------------------------------------------------------

export interface FlexibleMonthState {
  readonly month: Month
  readonly baseFen: bigint
  readonly lines: readonly { readonly due: LineDue; readonly paidFen: bigint }[]
}

export interface FlexibleState {
  readonly personId: string
  /** Oldest first. */
  readonly months: readonly FlexibleMonthState[]
}

export const paidOnMonth = ({ lines }: FlexibleMonthState): bigint => lines.reduce((sum, one) => sum + one.paidFen, 0n)

// --- decide, evolve --------------------------------------------------------------------------------------------------

export const flexibleDecider: Decider<FlexibleState, FlexibleCommand, FlexibleEvent> = {
  initial: { personId: '', months: [] },
  decide(state, command, world) {
    switch (command.type) {
      case 'Declare':
        return declare(state, command.data, command.facts, world)
      case 'Withdraw':
        return withdraw(state, command.data)
      case 'Receive':
        return receive(state, command.data)
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'FlexibleMonthDeclared': {
        const { personId, month, baseFen, lines } = event.data
        const now = { month, baseFen, lines: lines.map((due) => ({ due, paidFen: 0n })) }
        const others = state.months.filter((one) => one.month !== month)
        return { personId, months: [...others, now].sort((a, b) => (a.month < b.month ? -1 : 1)) }
      }
      case 'FlexibleMonthWithdrawn':
        return { ...state, months: state.months.filter((one) => one.month !== event.data.month) }
      case 'FlexiblePaymentTaken': {
        const { month, lines } = event.data
        return { ...state, months: state.months.map((one) => (one.month === month ? paid(one, lines) : one)) }
      }
      case 'ContributionsReceived':
        return state
    }
  },
}

function paid(month: FlexibleMonthState, money: readonly LineMoney[]): FlexibleMonthState {
  const by = new Map(money.map((one) => [one.line, one.principalFen]))
  const lines = month.lines.map((one) => ({ ...one, paidFen: one.paidFen + (by.get(one.due.line) ?? 0n) }))
  return { ...month, lines }
}

// --- one function a command ------------------------------------------------------------------------------------------

const WORKING_AGE_MONTHS = 16 * 12

function monthsOf({ fromMonth, toMonth }: { readonly fromMonth: string; readonly toMonth: string }): Month[] {
  for (const value of [fromMonth, toMonth || fromMonth]) if (!isMonth(value)) refuse('BAD_MONTH', { value })
  return [...MonthSet.range(fromMonth, toMonth || fromMonth)]
}

function declare(
  state: FlexibleState,
  data: DeclareFlexibleRequest,
  facts: FlexibleFacts | undefined,
  world: World,
): FlexibleEvent[] {
  const months = monthsOf(data)
  if (!facts) return refuse('PERSON_UNKNOWN')
  if (!data.tier === (data.baseFen === 0n)) refuse('TIER_OR_BASE')
  if (data.lines.some((line) => line !== Line.PENSION)) refuse('LINE_NOT_FLEXIBLE')
  withinYear(months, world)
  for (const month of months) maySettle(data, world.policyOn(firstDay(month)))
  return months.flatMap((month) => {
    mayJoin(facts, month)
    const before = state.months.find((one) => one.month === month)
    const now = monthDue(world.policyOn(firstDay(month)), data)
    if (before && before.baseFen === now.baseFen) return []
    if (before && paidOnMonth(before) > 0n) refuse('FLEXIBLE_MONTH_PAID', { month })
    return [{ type: 'FlexibleMonthDeclared', data: { personId: data.personId, month, ...now } }]
  })
}

/** C-17: most regions ask no more; some keep the condition of residence. */
function maySettle({ residenceProofId }: DeclareFlexibleRequest, policy: Policy): void {
  const { word } = policy.word('contribution.flexible.residence', ['NONE', 'REQUIRED'])
  if (word === 'REQUIRED' && !residenceProofId) refuse('RESIDENCE_PROOF_MISSING')
}

function mayJoin({ birthMonth, diedOn, pensionFrom, employed }: FlexibleFacts, month: Month): void {
  if (diedOn && monthOfDay(diedOn) < month) refuse('PERSON_DEAD', { on: diedOn })
  if (monthIndex(month) - monthIndex(birthMonth) < WORKING_AGE_MONTHS) refuse('UNDER_AGE')
  if (pensionFrom && pensionFrom <= month) refuse('DRAWING_PENSION', { from: pensionFrom })
  if (employed.has(month)) refuse('DECLARED_ELSEWHERE')
}

/** C-16: within the contribution year; how far back in it is the region's word. */
function withinYear(months: readonly Month[], { today, policyOn }: World): void {
  const law = policyOn(today)
  const now = monthOfDay(today)
  const start = law.value('contribution.year.start')
  const first = `${now.slice(0, 4)}-${String(start.n / start.d).padStart(2, '0')}`
  const from = first <= now ? first : addMonths(first, -12)
  const back = law.word('contribution.flexible.backPay', ['CONTRIBUTION_YEAR', 'NONE']).word
  const earliest = back === 'NONE' ? now : from
  const to = addMonths(from, 11)
  for (const month of months) {
    if (month < earliest) refuse('NO_BACK_PAYMENT', { from: earliest })
    if (month > to) refuse('BEYOND_CONTRIBUTION_YEAR', { to })
  }
}

function monthDue(law: Policy, { tier, baseFen }: DeclareFlexibleRequest): { baseFen: bigint; lines: LineDue[] } {
  const base = tier ? baseOfTier(law, tier) : baseChosen(law, baseFen)
  const rates = {
    total: law.value('contribution.rate.pension.flexible'),
    account: law.value('contribution.rate.pension.toAccount'),
  }
  const { total, account } = flexibleAmounts(Calc.plain(), base, rates)
  const due = { line: Line.PENSION, employerFen: 0n, employeeFen: toFen(total), accountFen: toFen(account) }
  return { baseFen: toFen(base), lines: [due] }
}

function baseOfTier(law: Policy, tier: string): Val {
  const tiers = law.table('contribution.flexible.tiers')
  if (!tiers.rows.has(tier)) refuse('TIER_UNKNOWN', { tier, tiers: [...tiers.rows.keys()].join(', ') })
  return tierBase(Calc.plain(), { ...baseTerms(law), tiers, average: law.value('wage.average.contribution') }, tier)
}

function baseChosen(law: Policy, baseFen: bigint): Val {
  const { floor, ceiling } = baseTerms(law)
  const [least, most] = [toFen(floor), toFen(ceiling)]
  if (baseFen < least || baseFen > most)
    refuse('BASE_OUT_OF_BOUNDS', { floor: formatFen(least), ceiling: formatFen(most) })
  return chosenBase(Calc.plain(), baseFen, {})
}

function withdraw(state: FlexibleState, data: WithdrawFlexibleRequest): FlexibleEvent[] {
  const months = new Set(monthsOf(data))
  return state.months
    .filter(({ month }) => months.has(month))
    .map((one) => {
      if (paidOnMonth(one) > 0n) refuse('FLEXIBLE_MONTH_PAID', { month: one.month })
      return { type: 'FlexibleMonthWithdrawn', data: { personId: data.personId, month: one.month } }
    })
}

/** Oldest month first; a line counts when it is full (C-10). */
function receive({ personId, months }: FlexibleState, { receiptId, receivedOn, amountFen, takeFen }: FlexiblePayment) {
  const events: FlexibleEvent[] = []
  let left = amountFen
  for (const month of months) {
    const open = month.lines.map(({ due, paidFen }) => ({ line: due.line, fen: whole(due) - paidFen }))
    const parts = proRata(left, open).filter(({ fen }) => fen > 0n)
    if (parts.length === 0) continue
    left -= sumOf(parts)
    const lines = parts.map(({ line, fen }) => ({ line, principalFen: fen, lateFeeFen: 0n }))
    events.push({
      type: 'FlexiblePaymentTaken',
      data: { personId, month: month.month, receiptId, receivedOn, lines },
    })
    const full = paid(month, lines).lines.filter((one, i) => one.paidFen === whole(one.due) && open[i]!.fen > 0n)
    const person = { personId, insured: Insured.FLEXIBLE, baseFen: month.baseFen, basis: '' }
    if (full.length > 0)
      events.push({
        type: 'ContributionsReceived',
        data: {
          employerId: '',
          month: month.month,
          dueOn: '',
          receivedOn,
          receiptId,
          persons: [{ ...person, lines: full.map(({ due }) => due) }],
        },
      })
  }
  if (takeFen !== undefined && amountFen - left !== takeFen) refuse('CHANGED_MEANWHILE')
  return events
}
