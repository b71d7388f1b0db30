// The state of a declaration: a union of its cases, folded from its events.
import { DeclarationStatus } from '@jinbao/proto/collection/v1/collection.ts'
import type { ChunkMoney, DeclarationOpened, LineFault } from '@jinbao/proto/collection/v1/events.ts'
import { assessedAs, change, charge, estimatedAs, type MonthBill, noBill, openTotal, paidTotal, pay } from './bill.ts'
import type { DeclarationEvent } from './declaration.ts'
import { settled } from './settlement.ts'
import type { InjuryTariff } from './terms.ts'

/** How far the declaration has come; what is owed on it is in the bill, which an estimate opens before it. */
export type Phase = 'draft' | 'submitted' | 'rejected' | 'assessed' | 'closed'

export interface OpenDeclaration {
  readonly status: 'open'
  readonly phase: Phase
  readonly employerId: string
  readonly month: string
  readonly declareBy: string
  readonly dueOn: string
  readonly tariff: InjuryTariff
  readonly chunks: number
  readonly faults: readonly LineFault[]
  readonly bill: MonthBill
  /** The estimate the bill rests on, until the true declaration settles it. */
  readonly estimateFen: bigint | undefined
  readonly overdue: boolean
  /** Corrections done, `<id> <chunk>`. */
  readonly corrections: ReadonlySet<string>
  readonly payments: number
  /** How many payments each chunk has been sent. */
  readonly sent: ReadonlyMap<number, number>
}

export type DeclarationState = { readonly status: 'none' } | OpenDeclaration

export const opened = ({ riskClass, floatStep, ...data }: DeclarationOpened): OpenDeclaration => ({
  status: 'open',
  phase: 'draft',
  ...data,
  tariff: { riskClass, floatStep },
  chunks: 0,
  faults: [],
  bill: noBill,
  estimateFen: undefined,
  overdue: false,
  corrections: new Set(),
  payments: 0,
  sent: new Map(),
})

export function evolveOpen(
  state: OpenDeclaration,
  event: Exclude<DeclarationEvent, { type: 'DeclarationOpened' }>,
): OpenDeclaration {
  switch (event.type) {
    case 'ChunkAdded':
      return { ...state, chunks: event.data.chunk }
    case 'DeclarationSubmitted':
      return { ...state, phase: 'submitted', faults: [] }
    case 'DeclarationRejected':
      return { ...state, phase: 'rejected', faults: event.data.faults }
    case 'DeclarationAssessed': {
      const truth = assessedAs(event.data.chunks, state.dueOn)
      // A bill that rests on an estimate is replaced by its settlement, which follows.
      return {
        ...state,
        phase: 'assessed',
        bill: state.estimateFen === undefined ? truth : settled(state.bill, truth, []),
      }
    }
    case 'ContributionEstimated':
      return { ...state, bill: estimatedAs(event.data.lines, event.data.dueOn), estimateFen: event.data.totalFen }
    case 'EstimateSettled': {
      const { chunks, payment } = event.data
      return sendTo({ ...state, estimateFen: undefined, bill: pay(state.bill, [], chunks, '') }, payment, chunks)
    }
    case 'LateFeeCharged':
      return { ...state, bill: charge(state.bill, event.data.lines) }
    case 'PaymentAllocated': {
      const { lines, chunks, receivedOn, payment } = event.data
      const bill = pay(state.bill, lines, chunks, receivedOn)
      return sendTo({ ...state, bill, overdue: state.overdue && openTotal(bill) > 0n }, payment, chunks)
    }
    case 'ArrearsBegan':
      return { ...state, overdue: true }
    case 'DeclarationCorrected': {
      const { correctionId, chunk, correctedOn } = event.data
      const bill = change(state.bill, state.dueOn, { ...event.data, releasedOn: correctedOn })
      return { ...state, bill, corrections: new Set(state.corrections).add(`${correctionId} ${chunk}`) }
    }
    case 'DeclarationClosed':
      return { ...state, phase: 'closed' }
  }
}

function sendTo(state: OpenDeclaration, payment: number, chunks: readonly ChunkMoney[]): OpenDeclaration {
  const sent = new Map(state.sent)
  for (const { chunk } of chunks) sent.set(chunk, (sent.get(chunk) ?? 0) + 1)
  return { ...state, payments: payment, sent }
}

/** The state as the trade calls it (other-lines §2.2). */
export function statusOf(state: DeclarationState): DeclarationStatus {
  if (state.status === 'none') return DeclarationStatus.DECLARATION_STATUS_UNSPECIFIED
  if (state.phase === 'submitted') return DeclarationStatus.SUBMITTED
  if (state.phase === 'rejected' && state.estimateFen === undefined) return DeclarationStatus.REJECTED
  if (state.phase === 'draft' && state.estimateFen === undefined) return DeclarationStatus.DRAFT
  if (state.phase === 'closed') return DeclarationStatus.CLOSED
  return billStatus(state)
}

function billStatus({ bill, overdue, corrections, estimateFen }: OpenDeclaration): DeclarationStatus {
  if (openTotal(bill) === 0n) return corrections.size > 0 ? DeclarationStatus.CORRECTED : DeclarationStatus.PAID
  if (overdue) return DeclarationStatus.OVERDUE
  if (paidTotal(bill) > 0n) return DeclarationStatus.PART_PAID
  return estimateFen === undefined ? DeclarationStatus.ASSESSED : DeclarationStatus.ESTIMATED
}
