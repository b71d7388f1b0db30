// The medical record of a person (O§3.1, O§3.2): stream `medical-account-<person id>`.
import { type Day, type Decider, type Month, MonthSet, type World } from '@jinbao/core'
import type { Sex } from '@jinbao/proto/common/v1/common.ts'
import {
  type CarriedAccount,
  type ChronicDiseaseListed,
  type Kinship,
  type LayerGranted,
  type MonthSource,
  type OffRegionApplied,
  OffRegionGround,
  type OtherCoverRecorded,
} from '@jinbao/proto/medical/v1/events.ts'
import {
  adjustMonth,
  checkDay,
  checkMonth,
  creditMonth,
  creditRetiree,
  inherit,
  postInterest,
  returnUse,
  use,
} from './account-money.ts'
import {
  type AccountEvent,
  type AccountState,
  elsewhereOf,
  evolveAccount,
  freshAccount,
  isKnown,
  type OpenAccount,
} from './account-state.ts'
import { apply, holding } from './off-region.ts'
import { refuse } from './refusals.ts'
import { authorise, remove } from './relatives.ts'
import { payShortfall, recordRetirement } from './retirement.ts'

export * from './account-state.ts'

export type AccountCommand = { readonly personId: string } & (
  | {
      type: 'CreditMonth'
      birthMonth: Month | ''
      month: Month
      source: MonthSource
      baseFen: bigint
      accountFen: bigint
      receivedOn: Day
      receiptId: string
    }
  | {
      type: 'AdjustMonth'
      month: Month
      baseFen: bigint
      accountFen: bigint
      withdrawn: boolean
      correctionId: string
      correctedOn: Day
    }
  /** All open months up to this one. */
  | { type: 'CreditRetiree'; birthMonth: Month | ''; month: Month }
  | { type: 'PostInterest'; year: number }
  | { type: 'Use'; useId: string; forPersonId: string; institutionId: string; amountFen: bigint }
  | { type: 'ReturnUse'; useId: string }
  | { type: 'AuthoriseRelative'; relativeId: string; kinship: Kinship }
  | { type: 'RemoveRelative'; relativeId: string }
  | { type: 'Inherit' }
  | { type: 'RecordRetirement'; sex: Sex; month: Month }
  | { type: 'PayShortfall'; months: number; receiptId: string }
  | { type: 'RecordOtherCover'; data: OtherCoverRecorded }
  | { type: 'RegisterDisease'; data: ChronicDiseaseListed }
  | { type: 'GrantLayer'; data: LayerGranted }
  | { type: 'ApplyOffRegion'; data: Omit<OffRegionApplied, 'on'> }
  | { type: 'ActivateOffRegion'; registrationId: string }
  | { type: 'ChangeOffRegion'; registrationId: string; places: readonly string[]; to: Day | '' }
  | { type: 'CancelOffRegion'; registrationId: string }
  | { type: 'ExpireOffRegion'; registrationId: string }
  | { type: 'RegisterDeath'; diedOn: Day }
  | { type: 'RevokeDeath' }
  | { type: 'AliasTo'; survivorId: string }
  | { type: 'TakeOver'; absorbedId: string; carried: CarriedAccount }
)
type Of<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>

// --- decide ----------------------------------------------------------------------------------------------------------

export const accountDecider: Decider<AccountState, AccountCommand, AccountEvent> = {
  initial: freshAccount,
  decide(state, command, world) {
    if (state.status === 'aliased') {
      if (command.type === 'AliasTo' && command.survivorId === state.survivorId) return []
      return refuse('ACCOUNT_ALIASED', { survivor: state.survivorId })
    }
    // Most people who die or are merged have no record here: nothing to say.
    const passing = ['RegisterDeath', 'RevokeDeath', 'AliasTo'].includes(command.type)
    if (!isKnown(state) && passing) return []
    const account = isKnown(state) ? state : { ...state, personId: command.personId }
    return decideMoney(account, command, world) ?? decideRecord(account, command, world)
  },
  evolve: evolveAccount,
}

function decideMoney(state: OpenAccount, command: AccountCommand, world: World): AccountEvent[] | undefined {
  switch (command.type) {
    case 'CreditMonth':
      return creditMonth(state, command, world)
    case 'AdjustMonth':
      return adjustMonth(state, command)
    case 'CreditRetiree':
      return creditRetiree(state, command, world)
    case 'PostInterest':
      return postInterest(state, command, world)
    case 'Use':
      return use(state, command, world)
    case 'ReturnUse':
      return returnUse(state, command, world)
    case 'Inherit':
      return inherit(state, command, world)
    case 'AliasTo':
      return alias(state, command.survivorId)
    case 'TakeOver':
      return takeOver(state, command, world)
    default:
      return undefined
  }
}

function decideRecord(state: OpenAccount, command: AccountCommand, world: World): AccountEvent[] {
  switch (command.type) {
    case 'AuthoriseRelative':
      return authorise(state, command.relativeId, command.kinship, world)
    case 'RemoveRelative':
      return remove(state, command.relativeId, world)
    case 'RecordRetirement':
      checkMonth(command.month)
      return recordRetirement(state, command, world)
    case 'PayShortfall':
      return payShortfall(state, command, world)
    case 'RecordOtherCover':
      return recordOtherCover(state, command.data)
    case 'RegisterDisease':
      return registerDisease(state, command.data, world)
    case 'GrantLayer':
      return grantLayer(state, command.data, world)
    case 'RegisterDeath':
      return registerDeath(state, command.diedOn)
    case 'RevokeDeath':
      return state.diedOn ? [{ type: 'HolderDeathRevoked', data: { personId: state.personId } }] : []
    default:
      return decideOffRegion(state, command, world)
  }
}

// --- one function a command ------------------------------------------------------------------------------------------

function recordOtherCover(state: OpenAccount, data: OtherCoverRecorded): AccountEvent[] {
  if (data.scheme !== 'RESIDENT' && data.scheme !== 'EMPLOYEE') refuse('SCHEME_UNKNOWN')
  if (!data.documentId) refuse('DOCUMENT_MISSING')
  const known = state.otherCover.find(({ documentId }) => documentId === data.documentId)
  if (known?.months === data.months && known.scheme === data.scheme) return []
  if (known) refuse('CERTIFICATE_USED', { document: data.documentId })
  if (!/^\d{4}-\d{2}(\.\.\d{4}-\d{2})?(,\d{4}-\d{2}(\.\.\d{4}-\d{2})?)*$/.test(data.months))
    refuse('BAD_MONTH', { field: 'months', value: data.months })
  for (const part of data.months.split(/,|\.\./)) checkMonth(part, 'months')
  const months = MonthSet.parse(data.months)
  // MED-17: one person, one scheme, one region a month.
  const twice = [...months].find((month) => state.months.has(month) || elsewhereOf(state).has(month))
  if (twice) refuse('MONTH_COVERED_ELSEWHERE', { month: twice })
  return [{ type: 'OtherCoverRecorded', data: { ...data, months: months.toString() } }]
}

function registerDisease(state: OpenAccount, data: ChronicDiseaseListed, { policyOn }: World): AccountEvent[] {
  checkDay('from', data.from)
  if (data.to) checkDay('to', data.to)
  if (!policyOn(data.from).table('medical.chronic.diseases').rows.has(data.disease))
    refuse('DISEASE_UNKNOWN', { disease: data.disease })
  const known = state.diseases.find(({ certificateId }) => certificateId === data.certificateId)
  if (known?.disease === data.disease && known.from === data.from && known.to === data.to) return []
  if (known) refuse('CERTIFICATE_USED', { document: data.certificateId })
  return [{ type: 'ChronicDiseaseListed', data }]
}

function grantLayer(state: OpenAccount, data: LayerGranted, { policyOn }: World): AccountEvent[] {
  checkDay('from', data.from)
  if (data.to) checkDay('to', data.to)
  const policy = policyOn(data.from)
  const known = policy.has('medical.supplement.ratio') && policy.table('medical.supplement.ratio').rows.has(data.layer)
  if (!known) refuse('LAYER_UNKNOWN', { layer: data.layer })
  const same = state.layers.some((one) => one.layer === data.layer && one.from === data.from && one.to === data.to)
  return same ? [] : [{ type: 'LayerGranted', data }]
}

function registerDeath(state: OpenAccount, diedOn: Day): AccountEvent[] {
  return state.diedOn === diedOn ? [] : [{ type: 'HolderDied', data: { personId: state.personId, diedOn } }]
}

function decideOffRegion(state: OpenAccount, command: AccountCommand, world: World): AccountEvent[] {
  const { personId } = state
  if (command.type === 'ApplyOffRegion') {
    if (state.diedOn) refuse('HOLDER_DEAD', { on: state.diedOn })
    return apply(state.registrations, command.data, world)
  }
  if (!('registrationId' in command)) return []
  const { registrationId } = command
  const known = state.registrations.get(registrationId)
  const about = { personId, registrationId, on: world.today }
  if (command.type === 'CancelOffRegion' && known?.status === 'CANCELLED') return []
  const one = holding(state.registrations, registrationId)
  switch (command.type) {
    case 'ActivateOffRegion':
      return one.status === 'ACTIVE' ? [] : [{ type: 'OffRegionActivated', data: about }]
    case 'ChangeOffRegion':
      return changeOffRegion(state, command, world)
    case 'CancelOffRegion':
      return [{ type: 'OffRegionCancelled', data: about }]
    case 'ExpireOffRegion':
      return one.to && one.to < world.today ? [{ type: 'OffRegionExpired', data: about }] : []
  }
}

function changeOffRegion(state: OpenAccount, command: Of<'ChangeOffRegion'>, world: World): AccountEvent[] {
  const { registrationId, places, to, personId } = command
  const one = holding(state.registrations, registrationId)
  if (places.length === 0) refuse('BAD_PLACE', { value: '' })
  for (const place of places) if (!/^\d{6}$/.test(place)) refuse('BAD_PLACE', { value: place })
  if (to) checkDay('to', to)
  if (one.ground === OffRegionGround.REFERRAL && (to === '' || to < one.to))
    refuse('BAD_DAY', { field: 'to', value: to })
  if (one.to === to && one.places.join() === places.join()) return []
  return [{ type: 'OffRegionChanged', data: { personId, registrationId, places: [...places], to, on: world.today } }]
}

// --- merge (O§1.6) ---------------------------------------------------------------------------------------------------

function alias(state: OpenAccount, survivorId: string): AccountEvent[] {
  const months = [...state.months].map(([month, one]) => ({ month, ...one }))
  const { balanceFen, otherCover, shortfallMonths, retirement, personId } = state
  const carried = { balanceFen, months, otherCover: [...otherCover], shortfallMonths, retirement }
  return [{ type: 'AccountAliased', data: { personId, survivorId, carried } }]
}

/** A month present twice counts once: its money goes back, only the other months' balance comes over. */
function takeOver(state: OpenAccount, { absorbedId, carried }: Of<'TakeOver'>, { today }: World): AccountEvent[] {
  if (state.absorbed.has(absorbedId)) return []
  const twice = carried.months.filter(({ month }) => state.months.has(month))
  const balanceFen = carried.balanceFen - twice.reduce((sum, { accountFen }) => sum + accountFen, 0n)
  return [{ type: 'AccountTakenOver', data: { personId: state.personId, absorbedId, carried, balanceFen, on: today } }]
}
