// Answers made of the account's events: by two clocks, as pages a year, as a ledger.
import { type Day, MonthSet, monthOf } from '@jinbao/core'
import type { AccountYear, GetAccountResponse, LedgerEntry } from '@jinbao/proto/pension/v1/pension.ts'
import type { Context, Envelope } from '@jinbao/service'
import { type AccountEvent, type AccountState, balanceOf, type OpenAccount } from './domain/account.ts'
import { accountOn } from './domain/as-of.ts'
import { addParts, balancesOf, noParts, totalOf } from './domain/balances.ts'
import { balanceBefore, monthsIn, pageOf, yearsIn } from './domain/book.ts'
import { refuse } from './domain/refusals.ts'
import { accounts } from './streams.ts'

/** The account by the two clocks, with the clocks themselves. */
export async function accountAt(context: Context, personId: string, asOf: Day, knownAt: string) {
  const history = await context.history(accounts, personId, knownAt || undefined)
  if (history.length === 0) return refuse('UNKNOWN_ACCOUNT', { person: personId })
  const day = asOf || context.world.today
  const state = asOf
    ? accountOn(
        history.map(({ event }) => event),
        day,
      )
    : history.reduce<AccountState>((one, { event }) => accounts.decider.evolve(one, event), accounts.decider.initial)
  return { state, history, clocks: clocks(history, day, knownAt || context.world.now) }
}

export const clocks = (history: readonly Envelope[], asOf: Day, knownAt: string) => ({
  asOf,
  knownAt,
  position: `pension:${history.at(-1)?.position ?? 0n}`,
})

const blank = {
  balanceFen: 0n,
  months: '',
  monthCount: 0,
  deemedMonths: '',
  retirementMonth: '',
  claimId: '',
  diedOn: '',
}

export function accountAnswer(state: AccountState, personId: string): Omit<GetAccountResponse, 'asOf'> {
  if (state.status !== 'open') {
    const survivorId = state.status === 'aliased' ? state.survivorId : ''
    return { ...blank, personId, status: state.status, survivorId, parts: balancesOf(noParts), years: [] }
  }
  const months = monthsIn(state.book)
  return {
    personId,
    status: state.diedOn ? 'dead' : state.retirementMonth ? 'retired' : 'open',
    balanceFen: balanceOf(state),
    parts: balancesOf(balanceBefore(state.book)),
    months: months.toString(),
    monthCount: months.size,
    deemedMonths: state.deemed.toString(),
    retirementMonth: state.retirementMonth,
    claimId: state.claimId,
    diedOn: state.diedOn,
    survivorId: '',
    years: yearsIn(state.book).map((year) => accountYear(state, year)),
  }
}

const sum = (list: readonly { readonly fen: bigint }[]) => list.reduce((total, { fen }) => total + fen, 0n)

function accountYear({ book }: OpenAccount, year: number): AccountYear {
  const page = pageOf(book, year)
  const records = [...page.months.values()]
  const posted = [...page.posted.values()]
  return {
    year,
    months: MonthSet.of(records.map(({ month }) => monthOf(year * 12 + month - 1))).toString(),
    baseFen: records.reduce((total, { baseFen }) => total + baseFen, 0n),
    creditedFen: sum(page.credits),
    interestFen: totalOf(posted.reduce((total, { parts }) => addParts(total, parts), noParts)),
    provisional: posted.some(({ provisional }) => provisional),
    chargedFen: sum(page.charges),
    closingFen: totalOf(balanceBefore(book, year + 1)) - totalOf(pageOf(book, year + 1).brought),
  }
}

export function ledgerEntry({ event, id, recordedAt }: Envelope<AccountEvent>): LedgerEntry {
  const { about, amountFen } = aboutOf(event)
  return { eventId: id, type: event.type, recordedAt, about, amountFen }
}

function aboutOf(event: AccountEvent): { about: string; amountFen: bigint } {
  switch (event.type) {
    case 'ContributionCredited':
    case 'ContributionAdjusted':
      return { about: event.data.month, amountFen: event.data.accountFen }
    case 'InterestPosted':
      return { about: String(event.data.year), amountFen: event.data.interestFen }
    case 'AccountCharged':
      return { about: event.data.month, amountFen: -event.data.amountFen }
    case 'AccountInherited':
      return { about: event.data.on, amountFen: -event.data.amountFen }
    case 'OpeningRecordImported':
    case 'AccountTakenOver': {
      const { record } = event.data
      const before = accounts.decider.evolve(accounts.decider.initial, event)
      return { about: record?.recordId ?? '', amountFen: before.status === 'open' ? balanceOf(before) : 0n }
    }
    case 'AccountClosedForRetirement':
      return { about: event.data.retirementMonth, amountFen: 0n }
    case 'AccountHolderDied':
      return { about: event.data.diedOn, amountFen: 0n }
    default:
      return { about: '', amountFen: 0n }
  }
}
