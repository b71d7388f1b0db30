// The claims of one person in one year: stream `medical-year-<person id>-<yyyy>`. Claims of a year stand together, so
// that a reversal can replay the later ones on facts.
import type { Day, EventOf } from '@jinbao/core'
import {
  type Accumulators,
  AuditCut,
  ClaimAdjudicated,
  ClaimCleared,
  ClaimPaid,
  ClaimReceived,
  type ClaimRecord,
  ClaimReminded,
  ClaimReplayed,
  ClaimReversed,
  ClaimStatus,
  EligibilityFailed,
  type ItemCut,
  PatientConfirmed,
  ThirdPartyAdvanced,
  ThirdPartyRecovered,
  YearAliased,
  YearTakenOver,
} from '@jinbao/proto/medical/v1/events.ts'

export const yearEvents = {
  ClaimReceived,
  EligibilityFailed,
  ClaimAdjudicated,
  PatientConfirmed,
  ClaimReplayed,
  AuditCut,
  ClaimReversed,
  ClaimCleared,
  ClaimPaid,
  ThirdPartyAdvanced,
  ThirdPartyRecovered,
  ClaimReminded,
  YearAliased,
  YearTakenOver,
}
export type YearEvent = EventOf<typeof yearEvents>

/** A stay of a neighbouring year, which a stay of this one must not overlap. */
export interface Stay {
  readonly claimId: string
  readonly from: Day
  readonly to: Day
}

export type YearCommand =
  | { type: 'ReceiveClaim'; received: ClaimReceived; neighbours: readonly Stay[] }
  | { type: 'AdjudicateClaim'; claimId: string }
  | { type: 'ConfirmClaim'; claimId: string; payerId: string; accountFen: bigint }
  | { type: 'SettleClaim'; received: ClaimReceived; neighbours: readonly Stay[]; payerId: string; accountFen: bigint }
  | { type: 'CutClaim'; claimId: string; cutId: string; cuts: readonly ItemCut[] }
  | { type: 'ReverseClaim'; claimId: string; reason: string }
  | { type: 'Clear'; claimId: string; clearingId: string; fundFen: bigint }
  | { type: 'Pay'; claimId: string; clearingId: string }
  | { type: 'RecordRecovery'; claimId: string; amountFen: bigint; receiptId: string }
  | { type: 'Remind'; claimId: string }
  /** A value of the law changed backwards: what the year now comes to, by differences. */
  | { type: 'Resettle'; cause: string }
  | { type: 'AliasTo'; personId: string; survivorId: string; year: number }
  | { type: 'TakeOver'; personId: string; absorbedId: string; year: number; claims: readonly ClaimRecord[] }

export type Claims = ReadonlyMap<string, ClaimRecord>
export type YearState =
  | { readonly status: 'open'; readonly claims: Claims; readonly merged: ReadonlySet<string> }
  | { readonly status: 'aliased'; readonly survivorId: string }
export type OpenYear = Extract<YearState, { status: 'open' }>

export const freshYear: OpenYear = { status: 'open', claims: new Map(), merged: new Set() }

/** What an aggregate read back from JSON always has. */
export const received = ({ received: one }: ClaimRecord): Required<ClaimReceived> => one as Required<ClaimReceived>
export const encounterOf = (one: ClaimRecord) => received(one).encounter!
export const standingOf = (one: ClaimRecord) => received(one).standing!

export const asRecord = (bill: ClaimReceived): ClaimRecord => ({
  received: bill,
  status: ClaimStatus.RECEIVED,
  reason: '',
  settlement: undefined,
  before: undefined,
  payerId: '',
  accountFen: 0n,
  cashFen: 0n,
  cutFen: 0n,
  cutIds: [],
  clearingId: '',
  advancedFen: 0n,
  recoveredFen: 0n,
  recoveryIds: [],
  remindedOn: '',
})

export function evolveYear(state: YearState, event: YearEvent): YearState {
  if (state.status === 'aliased') return state
  if (event.type === 'YearAliased') return { status: 'aliased', survivorId: event.data.survivorId }
  const claims = new Map(state.claims)
  if (event.type === 'YearTakenOver') {
    for (const one of event.data.claims) claims.set(encounterOf(one).claimId, one)
    return { ...state, claims, merged: new Set([...state.merged, event.data.absorbedId]) }
  }
  if (event.type === 'ClaimReceived') {
    const claimId = event.data.encounter!.claimId
    claims.set(claimId, asRecord(event.data))
    return { ...state, claims }
  }
  const known = claims.get(event.data.claimId)
  if (!known) return state
  claims.set(event.data.claimId, { ...known, ...changed(known, event) })
  return { ...state, claims }
}

type Later = Exclude<YearEvent, { type: 'YearAliased' | 'YearTakenOver' | 'ClaimReceived' }>

function changed(known: ClaimRecord, { type, data }: Later): Partial<ClaimRecord> {
  switch (type) {
    case 'EligibilityFailed':
      return { status: ClaimStatus.REFUSED, reason: data.reason }
    case 'ClaimAdjudicated':
      return { status: ClaimStatus.PRICED, settlement: data.settlement, before: data.before }
    case 'PatientConfirmed': {
      const { payerId, accountFen, cashFen } = data
      return { status: ClaimStatus.SETTLED, payerId, accountFen, cashFen }
    }
    case 'ClaimReplayed': {
      const cashFen = known.cashFen + data.cashDifferenceFen
      const advancedFen = known.advancedFen > 0n ? known.advancedFen + data.fundDifferenceFen : 0n
      return { settlement: data.settlement, before: data.before, cashFen, advancedFen }
    }
    case 'AuditCut':
      return {
        status: ClaimStatus.ADJUSTED,
        cutFen: known.cutFen + data.cutFen,
        cutIds: [...known.cutIds, data.cutId],
      }
    case 'ClaimReversed':
      return { status: ClaimStatus.REVERSED, reason: data.reason, advancedFen: known.recoveredFen }
    case 'ClaimCleared':
      return { status: ClaimStatus.CLEARED, clearingId: data.clearingId }
    case 'ClaimPaid':
      return { status: ClaimStatus.PAID }
    case 'ThirdPartyAdvanced':
      return { advancedFen: data.advancedFen }
    case 'ThirdPartyRecovered':
      return {
        recoveredFen: known.recoveredFen + data.amountFen,
        recoveryIds: [...known.recoveryIds, data.receiptId],
      }
    case 'ClaimReminded':
      return { remindedOn: data.on }
  }
}

const counting: ReadonlySet<ClaimStatus> = new Set([
  ClaimStatus.SETTLED,
  ClaimStatus.ADJUSTED,
  ClaimStatus.CLEARED,
  ClaimStatus.PAID,
])
/** Settled and not taken back: it moved the accumulators. */
export const counts = (one: ClaimRecord): boolean => counting.has(one.status)

/** Claims that count, by the day that closed the service, then by receipt (reading on §3.6 replay). */
export const inOrder = (claims: Claims): ClaimRecord[] =>
  [...claims.values()].filter(counts).sort((a, b) => order(a, b))

export function order(a: ClaimRecord, b: ClaimRecord): number {
  const [x, y] = [sortKey(a), sortKey(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
const sortKey = (one: ClaimRecord) => `${encounterOf(one).to} ${received(one).receivedOn}`

export interface Priced {
  readonly settlement: NonNullable<ClaimRecord['settlement']>
  readonly before: Accumulators
}
