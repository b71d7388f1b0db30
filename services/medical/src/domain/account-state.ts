// The medical record of a person: account, paid months, retirement, registrations. Stream `medical-account-<person id>`.
import { addMonths, type Day, type EventOf, type Month, MonthSet, monthOfDay } from '@jinbao/core'
import {
  AccountAliased,
  AccountInherited,
  AccountTakenOver,
  AccountUsed,
  AccountUseReturned,
  type CarriedAccount,
  ChronicDiseaseListed,
  HolderDeathRevoked,
  HolderDied,
  InterestPosted,
  type Kinship,
  LayerGranted,
  LifetimeCoverGranted,
  MonthAdjusted,
  MonthCredited,
  type MonthSource,
  OffRegionActivated,
  OffRegionApplied,
  OffRegionCancelled,
  OffRegionChanged,
  OffRegionExpired,
  OtherCoverRecorded,
  RelativeAuthorised,
  RelativeRemoved,
  RetireeCredited,
  RetirementRecorded,
  ShortfallPaid,
} from '@jinbao/proto/medical/v1/events.ts'
import { evolveRegistration, type Registration } from './off-region.ts'

export const accountEvents = {
  MonthCredited,
  MonthAdjusted,
  RetireeCredited,
  InterestPosted,
  AccountUsed,
  AccountUseReturned,
  RelativeAuthorised,
  RelativeRemoved,
  AccountInherited,
  RetirementRecorded,
  LifetimeCoverGranted,
  ShortfallPaid,
  OtherCoverRecorded,
  ChronicDiseaseListed,
  LayerGranted,
  OffRegionApplied,
  OffRegionActivated,
  OffRegionChanged,
  OffRegionCancelled,
  OffRegionExpired,
  HolderDied,
  HolderDeathRevoked,
  AccountAliased,
  AccountTakenOver,
}
export type AccountEvent = EventOf<typeof accountEvents>

export interface MonthRecord {
  readonly source: MonthSource
  readonly baseFen: bigint
  readonly accountFen: bigint
  readonly paidIn: Month
  readonly receiptId: string
}

export interface OpenAccount {
  readonly status: 'open'
  readonly personId: string
  readonly balanceFen: bigint
  /** Last year with interest, the balance at its end, and what moved in each month since (MED-06). */
  readonly interestUntil: number
  readonly openingFen: bigint
  readonly moves: ReadonlyMap<Month, bigint>
  readonly months: ReadonlyMap<Month, MonthRecord>
  readonly corrections: ReadonlySet<string>
  readonly retireeMonths: MonthSet
  /** Payments of the account that were not taken back. */
  readonly uses: ReadonlyMap<string, { readonly amountFen: bigint; readonly forPersonId: string }>
  readonly relatives: ReadonlyMap<string, Kinship>
  readonly retirement: RetirementRecorded | undefined
  readonly lifetimeFrom: Month | ''
  readonly shortfallMonths: number
  readonly receipts: ReadonlySet<string>
  readonly otherCover: readonly OtherCoverRecorded[]
  readonly diseases: readonly ChronicDiseaseListed[]
  readonly layers: readonly LayerGranted[]
  readonly registrations: ReadonlyMap<string, Registration>
  readonly diedOn: Day | ''
  readonly inherited: boolean
  readonly absorbed: ReadonlySet<string>
}
export type AccountState = OpenAccount | { readonly status: 'aliased'; readonly survivorId: string }

export const freshAccount: OpenAccount = {
  status: 'open',
  personId: '',
  balanceFen: 0n,
  interestUntil: 0,
  openingFen: 0n,
  moves: new Map(),
  months: new Map(),
  corrections: new Set(),
  retireeMonths: MonthSet.empty,
  uses: new Map(),
  relatives: new Map(),
  retirement: undefined,
  lifetimeFrom: '',
  shortfallMonths: 0,
  receipts: new Set(),
  otherCover: [],
  diseases: [],
  layers: [],
  registrations: new Map(),
  diedOn: '',
  inherited: false,
  absorbed: new Set(),
}

export const isKnown = (state: OpenAccount): boolean => state.personId !== ''
export const elsewhereOf = ({ otherCover }: OpenAccount): MonthSet =>
  otherCover.reduce((all, { months }) => all.union(MonthSet.parse(months)), MonthSet.empty)
/** Months that count for lifetime cover: paid here, paid elsewhere in the employee scheme, bought (MED-14). */
export const countedMonths = (state: OpenAccount): number => {
  const employee = state.otherCover.filter(({ scheme }) => scheme === 'EMPLOYEE')
  const elsewhere = employee.reduce((all, { months }) => all.union(MonthSet.parse(months)), MonthSet.empty)
  return MonthSet.of(state.months.keys()).union(elsewhere).size + state.shortfallMonths
}

/** Money never moves in a year that has its interest: what comes late counts from the next. */
function moved(state: OpenAccount, day: Day, fen: bigint): OpenAccount {
  if (fen === 0n) return state
  const earliest = `${state.interestUntil + 1}-01`
  const month = state.interestUntil > 0 && monthOfDay(day) < earliest ? earliest : monthOfDay(day)
  const moves = new Map(state.moves).set(month, (state.moves.get(month) ?? 0n) + fen)
  return { ...state, balanceFen: state.balanceFen + fen, moves }
}

const withMonth = (state: OpenAccount, month: Month, one: MonthRecord): OpenAccount => ({
  ...state,
  months: new Map(state.months).set(month, one),
})
const without = <V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> => {
  const next = new Map(map)
  next.delete(key)
  return next
}

export function evolveAccount(state: AccountState, event: AccountEvent): AccountState {
  if (state.status === 'aliased') return state
  if (event.type === 'AccountAliased') return { status: 'aliased', survivorId: event.data.survivorId }
  const known = state.personId ? state : { ...state, personId: event.data.personId }
  return evolveMoney(known, event) ?? evolveRecord(known, event)
}

type Kept = Exclude<AccountEvent, { type: 'AccountAliased' }>

function evolveMoney(state: OpenAccount, { type, data }: Kept): OpenAccount | undefined {
  switch (type) {
    case 'MonthCredited': {
      const { month, source, baseFen, accountFen, receivedOn, receiptId } = data
      const one = { source, baseFen, accountFen, paidIn: monthOfDay(receivedOn), receiptId }
      return moved(withMonth(state, month, one), receivedOn, accountFen)
    }
    case 'MonthAdjusted':
      return adjusted(state, data)
    case 'RetireeCredited':
      return moved({ ...state, retireeMonths: state.retireeMonths.with(data.month) }, data.on, data.amountFen)
    case 'InterestPosted':
      return interest(state, data)
    case 'AccountUsed': {
      const { useId, amountFen, forPersonId } = data
      return moved({ ...state, uses: new Map(state.uses).set(useId, { amountFen, forPersonId }) }, data.on, -amountFen)
    }
    case 'AccountUseReturned':
      return moved({ ...state, uses: without(state.uses, data.useId) }, data.on, data.amountFen)
    case 'AccountInherited':
      return moved({ ...state, inherited: true }, data.on, -data.amountFen)
    case 'AccountTakenOver':
      return takenOver(state, data)
    default:
      return undefined
  }
}

function adjusted(state: OpenAccount, data: MonthAdjusted): OpenAccount {
  const old = state.months.get(data.month)
  const corrections = new Set([...state.corrections, data.correctionId])
  if (!old) return { ...state, corrections }
  const change = { baseFen: old.baseFen + data.baseFen, accountFen: old.accountFen + data.accountFen }
  const months = data.withdrawn
    ? without(state.months, data.month)
    : new Map(state.months).set(data.month, { ...old, ...change })
  return moved({ ...state, months, corrections }, data.correctedOn, data.accountFen)
}

function interest(state: OpenAccount, { year, interestFen }: InterestPosted): OpenAccount {
  const moves = new Map([...state.moves].filter(([month]) => month > `${year}-12`))
  const later = [...moves.values()].reduce((sum, fen) => sum + fen, 0n)
  const balanceFen = state.balanceFen + interestFen
  return { ...state, interestUntil: year, moves, balanceFen, openingFen: balanceFen - later }
}

function takenOver(state: OpenAccount, data: AccountTakenOver): OpenAccount {
  const carried = data.carried as CarriedAccount
  const months = new Map(state.months)
  for (const { month, ...one } of carried.months) if (!months.has(month)) months.set(month, one)
  const otherCover = [...state.otherCover, ...carried.otherCover]
  const shortfallMonths = state.shortfallMonths + carried.shortfallMonths
  const absorbed = new Set([...state.absorbed, data.absorbedId])
  return moved({ ...state, months, otherCover, shortfallMonths, absorbed }, data.on, data.balanceFen)
}

function evolveRecord(state: OpenAccount, { type, data }: Kept): OpenAccount {
  switch (type) {
    case 'RelativeAuthorised':
      return { ...state, relatives: new Map(state.relatives).set(data.relativeId, data.kinship) }
    case 'RelativeRemoved':
      return { ...state, relatives: without(state.relatives, data.relativeId) as ReadonlyMap<string, Kinship> }
    case 'RetirementRecorded':
      return { ...state, retirement: data, lifetimeFrom: data.lifetime ? addMonths(data.month, 1) : state.lifetimeFrom }
    case 'LifetimeCoverGranted':
      return { ...state, lifetimeFrom: data.month }
    case 'ShortfallPaid': {
      const receipts = new Set([...state.receipts, data.receiptId])
      return { ...state, shortfallMonths: state.shortfallMonths + data.months, receipts }
    }
    case 'OtherCoverRecorded':
      return { ...state, otherCover: [...state.otherCover, data] }
    case 'ChronicDiseaseListed':
      return { ...state, diseases: [...state.diseases, data] }
    case 'LayerGranted':
      return { ...state, layers: [...state.layers, data] }
    case 'HolderDied':
      return { ...state, diedOn: data.diedOn }
    case 'HolderDeathRevoked':
      return { ...state, diedOn: '' }
    case 'OffRegionApplied':
    case 'OffRegionActivated':
    case 'OffRegionChanged':
    case 'OffRegionCancelled':
    case 'OffRegionExpired':
      return { ...state, registrations: evolveRegistration(state.registrations, { type, data } as never) }
    default:
      return state
  }
}
