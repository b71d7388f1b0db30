// An employer's declaration of a month (other-lines §2.2): its way from the draft to the closed month, and its bill.
import { type Decider, type EventOf, isMonth, monthOfDay, type World } from '@jinbao/core'
import {
  ArrearsBegan,
  ChunkAdded,
  type ChunkMoney,
  type ChunkTotal,
  ContributionEstimated,
  DeclarationAssessed,
  DeclarationClosed,
  DeclarationCorrected,
  DeclarationOpened,
  DeclarationRejected,
  DeclarationSubmitted,
  EstimateSettled,
  LateFeeCharged,
  type LineDue,
  type LineFault,
  type LineMoney,
  PaymentAllocated,
} from '@jinbao/proto/collection/v1/events.ts'
import { assessedAs, chargesOnSettlement, openTotal } from './bill.ts'
import { type DeclarationState, evolveOpen, type OpenDeclaration, opened } from './declarationState.ts'
import { declareBy, dueOn } from './dueDays.ts'
import { estimate, totalOf } from './estimate.ts'
import { refuse } from './refusals.ts'
import { settled, settleEstimate } from './settlement.ts'
import { take } from './take.ts'
import type { InjuryTariff } from './terms.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const declarationEvents = {
  DeclarationOpened,
  ChunkAdded,
  DeclarationSubmitted,
  DeclarationRejected,
  DeclarationAssessed,
  ContributionEstimated,
  EstimateSettled,
  LateFeeCharged,
  PaymentAllocated,
  ArrearsBegan,
  DeclarationCorrected,
  DeclarationClosed,
}
export type DeclarationEvent = EventOf<typeof declarationEvents>

export interface Opening {
  readonly employerId: string
  readonly month: string
  readonly tariff: InjuryTariff
  /** Day from which the employer contributes. */
  readonly contributesFrom: string
}

export interface PaymentOrder {
  readonly receiptId: string
  readonly receivedOn: string
  readonly restFen: bigint
  readonly named: readonly ChunkMoney[]
  /** What the plan says the month takes; undefined while planning. */
  readonly takeFen?: bigint
}

export interface CorrectionOrder {
  readonly correctionId: string
  readonly chunk: number
  readonly reason: string
  readonly proof: string
  readonly dueOn: string
  readonly differences: readonly LineDue[]
  readonly released: readonly LineMoney[]
  /** Payments that the chunk has taken in: all of them, or the plan is too old. */
  readonly paymentsSeen: number
}

export type DeclarationCommand =
  | { type: 'Open'; data: Opening }
  | { type: 'UseChunk'; chunk: number }
  | { type: 'Submit' }
  | { type: 'Reject'; faults: readonly LineFault[] }
  | { type: 'Assess'; chunks: readonly ChunkTotal[] }
  | { type: 'Estimate'; opening: Opening; previous: readonly LineDue[] }
  | { type: 'ReceivePayment'; data: PaymentOrder }
  | { type: 'PassDueDay' }
  | { type: 'Correct'; data: CorrectionOrder }
  | { type: 'Close' }

// --- decide ----------------------------------------------------------------------------------------------------------

export const MAX_CHUNKS = 400
const FAULTS_ON_RECORD = 100

export const declarationDecider: Decider<DeclarationState, DeclarationCommand, DeclarationEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    if (command.type === 'Open') return state.status === 'none' ? [open(command.data, world)] : []
    if (command.type === 'Estimate') return estimateMonth(state, command, world)
    if (state.status === 'none') return refuse('NO_DECLARATION', { month: '' })
    switch (command.type) {
      case 'UseChunk':
        return useChunk(state, command.chunk)
      case 'Submit':
        return isDraft(state) ? [submitted(state, world)] : []
      case 'Reject':
        return reject(state, command.faults, world)
      case 'Assess':
        return assess(state, command.chunks, world)
      case 'ReceivePayment':
        return receivePayment(state, command.data, world)
      case 'PassDueDay':
        return passDueDay(state, world)
      case 'Correct':
        return correct(state, command.data, world)
      case 'Close':
        return close(state, world)
    }
  },
  evolve(state, event) {
    if (event.type === 'DeclarationOpened') return opened(event.data)
    return state.status === 'none' ? state : evolveOpen(state, event)
  },
}

const isDraft = ({ phase }: OpenDeclaration) => phase === 'draft' || phase === 'rejected'
const keyOf = ({ employerId, month }: OpenDeclaration) => ({ employerId, month })

// --- one function a command ------------------------------------------------------------------------------------------

function open({ employerId, month, tariff, contributesFrom }: Opening, world: World): DeclarationEvent {
  if (!isMonth(month)) refuse('BAD_MONTH', { value: month })
  if (month > monthOfDay(world.today)) refuse('MONTH_TOO_EARLY', { month })
  if (contributesFrom && month < monthOfDay(contributesFrom)) refuse('BEFORE_REGISTRATION', { from: contributesFrom })
  const days = { declareBy: declareBy(world.policyOn, month), dueOn: dueOn(world.policyOn, month) }
  return { type: 'DeclarationOpened', data: { employerId, month, ...days, ...tariff } }
}

function useChunk(state: OpenDeclaration, chunk: number): DeclarationEvent[] {
  if (!isDraft(state)) refuse('NOT_OPEN_FOR_CHANGE')
  if (!Number.isInteger(chunk) || chunk < 1 || chunk > Math.min(state.chunks + 1, MAX_CHUNKS))
    refuse('BAD_CHUNK', { max: MAX_CHUNKS })
  return chunk <= state.chunks ? [] : [{ type: 'ChunkAdded', data: { ...keyOf(state), chunk } }]
}

const submitted = (state: OpenDeclaration, { today }: World): DeclarationEvent => ({
  type: 'DeclarationSubmitted',
  data: { ...keyOf(state), submittedOn: today, late: today > state.declareBy },
})

/** Submitted in the same breath where that was not recorded before (validate only). */
const submittedFirst = (state: OpenDeclaration, world: World): DeclarationEvent[] =>
  isDraft(state) ? [submitted(state, world)] : []

function reject(state: OpenDeclaration, faults: readonly LineFault[], world: World): DeclarationEvent[] {
  if (state.phase === 'rejected' || (state.phase !== 'submitted' && !isDraft(state))) return []
  const data = { ...keyOf(state), faultCount: faults.length, faults: faults.slice(0, FAULTS_ON_RECORD) }
  return [...submittedFirst(state, world), { type: 'DeclarationRejected', data }]
}

function assess(state: OpenDeclaration, chunks: readonly ChunkTotal[], world: World): DeclarationEvent[] {
  if (state.phase !== 'submitted' && !isDraft(state)) return []
  if (chunks.every(({ persons }) => persons === 0)) refuse('NO_LINES')
  const key = keyOf(state)
  const events = submittedFirst(state, world)
  events.push({ type: 'DeclarationAssessed', data: { ...key, dueOn: state.dueOn, chunks: [...chunks] } })
  return state.estimateFen === undefined ? events : [...events, ...settlement(state, chunks, world)]
}

/** C-7: the estimate is settled with the true declaration, by credit or debit; late fees follow the true amount (E2). */
function settlement(state: OpenDeclaration, chunks: readonly ChunkTotal[], world: World): DeclarationEvent[] {
  const truth = assessedAs(chunks, state.dueOn)
  const money = settleEstimate(state.bill, truth)
  const key = keyOf(state)
  const assessedFen = totalOf(chunks.flatMap(({ lines }) => lines))
  const data = { ...key, estimatedFen: state.estimateFen ?? 0n, assessedFen, ...money, payment: state.payments + 1 }
  const charged = chargesOnSettlement(settled(state.bill, truth, money.chunks), world.policyOn)
  const events: DeclarationEvent[] = [{ type: 'EstimateSettled', data }]
  if (charged.length > 0)
    events.push({ type: 'LateFeeCharged', data: { ...key, chargedOn: money.receivedOn, lines: charged } })
  return events
}

function estimateMonth(
  state: DeclarationState,
  { opening, previous }: Extract<DeclarationCommand, { type: 'Estimate' }>,
  world: World,
): DeclarationEvent[] {
  if (state.status !== 'none' && state.estimateFen !== undefined) return []
  if (state.status !== 'none' && !isDraft(state)) return refuse('ALREADY_DECLARED')
  const first = state.status === 'none' ? [open(opening, world)] : []
  const days = state.status === 'none' ? opened(first[0]!.data as DeclarationOpened) : state
  if (world.today <= days.declareBy) refuse('NOT_YET_OVERDUE', { on: days.declareBy })
  if (totalOf(previous) <= 0n) refuse('NO_PREVIOUS_BILL')
  const { employerId, month } = opening
  const share = world.policyOn(`${month}-01`).value('contribution.estimate')
  const bill = estimate(previous, share)
  const data = { employerId, month, dueOn: days.dueOn, previousFen: totalOf(previous), ...bill }
  return [...first, { type: 'ContributionEstimated', data }]
}

function receivePayment(state: OpenDeclaration, order: PaymentOrder, { policyOn }: World): DeclarationEvent[] {
  const { receiptId, receivedOn, takeFen } = order
  const taking = take(state.bill, order, policyOn)
  if (!taking || (takeFen !== undefined && taking.takenFen !== takeFen)) return refuse('CHANGED_MEANWHILE')
  if (taking.takenFen === 0n) return []
  const key = keyOf(state)
  const events: DeclarationEvent[] = []
  if (taking.charged.length > 0)
    events.push({ type: 'LateFeeCharged', data: { ...key, chargedOn: receivedOn, lines: taking.charged } })
  const { lines, chunks } = taking
  events.push({
    type: 'PaymentAllocated',
    data: { ...key, receiptId, receivedOn, lines, chunks, payment: state.payments + 1 },
  })
  return events
}

function passDueDay(state: OpenDeclaration, { today }: World): DeclarationEvent[] {
  const unpaidFen = openTotal(state.bill)
  if (state.overdue || unpaidFen <= 0n || today <= state.dueOn) return []
  return [{ type: 'ArrearsBegan', data: { ...keyOf(state), dueOn: state.dueOn, unpaidFen } }]
}

function correct(state: OpenDeclaration, order: CorrectionOrder, { today }: World): DeclarationEvent[] {
  const { correctionId, chunk, reason, proof, paymentsSeen } = order
  if (state.corrections.has(`${correctionId} ${chunk}`)) return []
  if (state.phase !== 'assessed' && state.phase !== 'closed') refuse('NOT_ASSESSED')
  if (!reason || !proof) refuse('NO_REASON')
  if ((state.sent.get(chunk) ?? 0) !== paymentsSeen) refuse('CHANGED_MEANWHILE')
  const { differences, released } = order
  if (differences.length === 0) return []
  const money = { differences: [...differences], released: [...released], dueOn: order.dueOn, correctedOn: today }
  return [{ type: 'DeclarationCorrected', data: { ...keyOf(state), correctionId, chunk, reason, proof, ...money } }]
}

function close(state: OpenDeclaration, { today }: World): DeclarationEvent[] {
  if (state.phase === 'closed') return []
  if (state.phase !== 'assessed') refuse('NOT_ASSESSED')
  if (openTotal(state.bill) > 0n) refuse('NOT_PAID')
  return [{ type: 'DeclarationClosed', data: { ...keyOf(state), closedOn: today } }]
}
