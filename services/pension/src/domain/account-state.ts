// The pension account: what can be ordered, what has happened, and what follows from it.
import { type Day, type EventOf, type Month, MonthSet } from '@jinbao/core'
import type { Insured } from '@jinbao/proto/collection/v1/events.ts'
import type { AccountPart, OpeningRecord } from '@jinbao/proto/pension/v1/events.ts'
import * as facts from '@jinbao/proto/pension/v1/events.ts'
import { withRecordTaken } from './account-record.ts'
import { partIndex, totalOf } from './balances.ts'
import { type Book, balanceBefore, monthNumber, recordOf, withCredit, withPage, withRecord } from './book.ts'
import { yearOf } from './dated.ts'
import { type Holder, withPosting } from './postings.ts'

// --- vocabulary ------------------------------------------------------------------------------------------------------

export const accountEvents = {
  OpeningRecordImported: facts.OpeningRecordImported,
  ContributionCredited: facts.ContributionCredited,
  ContributionAdjusted: facts.ContributionAdjusted,
  InterestPosted: facts.InterestPosted,
  AccountReserved: facts.AccountReserved,
  AccountReleased: facts.AccountReleased,
  AccountClosedForRetirement: facts.AccountClosedForRetirement,
  AccountCharged: facts.AccountCharged,
  AccountHolderDied: facts.AccountHolderDied,
  AccountHolderLives: facts.AccountHolderLives,
  AccountInherited: facts.AccountInherited,
  AccountAliased: facts.AccountAliased,
  AccountTakenOver: facts.AccountTakenOver,
}
export type AccountEvent = EventOf<typeof accountEvents>

export interface Credited {
  readonly month: Month
  readonly employerId: string
  readonly insured: Insured
  readonly baseFen: bigint
  readonly accountFen: bigint
  readonly part: AccountPart
  readonly receivedOn: Day
  readonly receiptId: string
}
export interface Adjusted {
  readonly month: Month
  readonly baseFen: bigint
  readonly accountFen: bigint
  readonly withdrawn: boolean
  readonly correctionId: string
  readonly reason: string
  readonly correctedOn: Day
}
/** Every command names its person: the first one opens the account. */
export type AccountCommand = { readonly personId: string } & (
  | { readonly type: 'ImportOpeningRecord'; readonly record: OpeningRecord }
  /** `diedOn` from the register: most people who die have no account that could know. */
  | { readonly type: 'CreditContribution'; readonly data: Credited; readonly diedOn?: string }
  | { readonly type: 'AdjustContribution'; readonly data: Adjusted }
  | { readonly type: 'PostInterest'; readonly year: number }
  | { readonly type: 'Reserve' | 'Release'; readonly claimId: string }
  | {
      readonly type: 'CloseForRetirement'
      readonly claimId: string
      readonly month: Month
      readonly balanceFen: bigint
    }
  | { readonly type: 'Charge'; readonly month: Month; readonly amountFen: bigint }
  | { readonly type: 'RegisterDeath'; readonly diedOn: Day }
  | { readonly type: 'RevokeDeath' }
  | { readonly type: 'Inherit'; readonly amountFen: bigint }
  | { readonly type: 'AliasTo'; readonly survivorId: string }
  | { readonly type: 'TakeOver'; readonly absorbedId: string; readonly record: OpeningRecord }
)

// --- state -----------------------------------------------------------------------------------------------------------

export interface OpenAccount extends Holder {
  readonly status: 'open'
  readonly deemed: MonthSet
  /** Ids of opening records and corrections that have had their effect. */
  readonly done: ReadonlySet<string>
  /** Claim that holds the account. */
  readonly claimId: string
  readonly inheritedFen: bigint
}
export type AccountState =
  | { readonly status: 'none' }
  | { readonly status: 'aliased'; readonly personId: string; readonly survivorId: string }
  | OpenAccount

export const balanceOf = ({ book, inheritedFen }: OpenAccount): bigint => totalOf(balanceBefore(book)) - inheritedFen

export const fresh = (personId: string): OpenAccount => ({
  status: 'open',
  personId,
  book: new Map(),
  retirementMonth: '',
  diedOn: '',
  deemed: MonthSet.empty,
  done: new Set(),
  claimId: '',
  inheritedFen: 0n,
})

// --- evolve ----------------------------------------------------------------------------------------------------------

export function evolve(state: AccountState, event: AccountEvent): AccountState {
  if (event.type === 'AccountAliased')
    return { status: 'aliased', personId: event.data.personId, survivorId: event.data.survivorId }
  const account = state.status === 'open' ? state : fresh(event.data.personId)
  switch (event.type) {
    case 'OpeningRecordImported':
    case 'AccountTakenOver':
      return withRecordTaken(account, event.data.record)
    case 'ContributionCredited':
      return { ...account, book: credited(account.book, event.data) }
    case 'ContributionAdjusted':
      return adjusted(account, event.data)
    case 'InterestPosted':
      return { ...account, book: withPosting(account.book, event.data) }
    case 'AccountReserved':
      return { ...account, claimId: event.data.claimId }
    case 'AccountReleased':
      return { ...account, claimId: '' }
    case 'AccountClosedForRetirement':
      return { ...account, claimId: event.data.claimId, retirementMonth: event.data.retirementMonth }
    case 'AccountCharged':
      return { ...account, book: charged(account.book, event.data.month, event.data.amountFen) }
    case 'AccountHolderDied':
      return { ...account, diedOn: event.data.diedOn }
    case 'AccountHolderLives':
      return { ...account, diedOn: '' }
    case 'AccountInherited':
      return { ...account, inheritedFen: account.inheritedFen + event.data.amountFen }
  }
}

export const foldOn = (account: OpenAccount, events: readonly AccountEvent[]): OpenAccount =>
  events.reduce<AccountState>(evolve, account) as OpenAccount

function credited(book: Book, one: facts.ContributionCredited): Book {
  const { month, baseFen, accountFen, interestFrom, insured, receiptId } = one
  const part = partIndex(one.part)
  const record = {
    month: monthNumber(month),
    baseFen,
    accountFen,
    indexTenThousandths: 0n,
    part,
    interestFrom,
    insured,
    receiptId,
  }
  return withCredit(withRecord(book, month, record), interestFrom, part, accountFen)
}

function adjusted(account: OpenAccount, one: facts.ContributionAdjusted): OpenAccount {
  const record = recordOf(account.book, one.month)
  if (!record) return account
  const changed = {
    ...record,
    baseFen: record.baseFen + one.baseFen,
    accountFen: record.accountFen + one.accountFen,
  }
  const book = withRecord(account.book, one.month, one.withdrawn ? undefined : changed)
  return {
    ...account,
    done: new Set(account.done).add(one.correctionId),
    book: withCredit(book, one.interestFrom, record.part, one.accountFen),
  }
}

const charged = (book: Book, month: Month, fen: bigint): Book =>
  withPage(book, yearOf(month), ({ charges }) => ({ charges: [...charges, { at: monthNumber(month), part: 0, fen }] }))
