// Retirement and death of the account's holder.
import { type Day, type Month, monthOfDay, type World } from '@jinbao/core'
import { posted, thenDifferences } from './account-credit.ts'
import { carriedOf } from './account-record.ts'
import { type AccountCommand, type AccountEvent, balanceOf, foldOn, type OpenAccount } from './account-state.ts'
import { emptyPage, monthNumber, pageOf, yearsIn } from './book.ts'
import { yearOf } from './dated.ts'
import { duePostings } from './postings.ts'
import { refuse } from './refusals.ts'

export function reserve(account: OpenAccount, claimId: string): AccountEvent[] {
  if (account.claimId === claimId) return []
  if (account.claimId) refuse('ANOTHER_CLAIM', { claim: account.claimId })
  if (account.diedOn) refuse('PERSON_DEAD')
  return [{ type: 'AccountReserved', data: { personId: account.personId, claimId } }]
}

export const release = ({ personId, claimId }: OpenAccount): AccountEvent => ({
  type: 'AccountReleased',
  data: { personId, claimId },
})

/** Reading on I-1: the years so far and the retirement year to the retirement month are posted at retirement. */
export function atRetirement(account: OpenAccount, month: Month, { policyOn, today }: World) {
  const retired = { ...account, retirementMonth: month }
  const upTo = yearOf(month)
  // The rest of a retirement year that is over already is posted at its own time.
  const over = Math.min(yearOf(today), upTo)
  const interest = posted(duePostings(retired, { policyOn, today, upTo, over, settling: true }))
  return { interest, balanceFen: balanceOf(foldOn(retired, interest)) }
}

export function close(
  account: OpenAccount,
  { claimId, month, balanceFen }: AccountCommand & { type: 'CloseForRetirement' },
  world: World,
): AccountEvent[] {
  if (account.retirementMonth && account.claimId === claimId) return []
  if (account.diedOn) refuse('PERSON_DEAD')
  if (account.claimId !== claimId) refuse('ANOTHER_CLAIM', { claim: account.claimId || '–' })
  const { interest, balanceFen: now } = atRetirement(account, month, world)
  if (now !== balanceFen) refuse('ACCOUNT_CHANGED')
  const data = { personId: account.personId, claimId, retirementMonth: month, balanceFen }
  return [{ type: 'AccountClosedForRetirement', data }, ...interest]
}

/** I-3: the last charge is cut to the balance; the pension itself goes on from the pool. */
export function charge(account: OpenAccount, month: Month, amountFen: bigint, world: World): AccountEvent[] {
  if (!account.retirementMonth || month <= account.retirementMonth)
    refuse('MONTH_NOT_DUE', { month, first: account.retirementMonth || '–' })
  if (chargedFor(account, month) !== 0n) return []
  const balance = balanceOf(account)
  const amount = amountFen < balance ? amountFen : balance
  if (amount <= 0n) return []
  const event: AccountEvent = { type: 'AccountCharged', data: { personId: account.personId, month, amountFen: amount } }
  return thenDifferences(account, [event], world)
}

const chargedFor = ({ book }: OpenAccount, month: Month): bigint =>
  (book.get(yearOf(month)) ?? emptyPage).charges.reduce(
    (sum, { at, fen }) => (at === monthNumber(month) ? sum + fen : sum),
    0n,
  )

/** Charges for months after the death come back, and interest is posted to the month of death (D-9). */
export function registerDeath(account: OpenAccount, diedOn: Day, world: World): AccountEvent[] {
  if (account.diedOn === diedOn || account.inheritedFen > 0n) return []
  const { personId, book } = account
  const died: AccountEvent = { type: 'AccountHolderDied', data: { personId, diedOn } }
  const back = yearsIn(book).flatMap((year) =>
    [...new Set(pageOf(book, year).charges.map(({ at }) => `${year}-${String(at).padStart(2, '0')}`))]
      .filter((month) => month > monthOfDay(diedOn) && chargedFor(account, month) !== 0n)
      .map((month): AccountEvent => {
        return { type: 'AccountCharged', data: { personId, month, amountFen: -chargedFor(account, month) } }
      }),
  )
  return [died, ...back, ...settle(foldOn(account, [died, ...back]), world, yearOf(diedOn))]
}

function settle(account: OpenAccount, { policyOn, today }: World, upTo: number): AccountEvent[] {
  const last = Math.max(upTo, ...yearsIn(account.book))
  return posted(duePostings(account, { policyOn, today, upTo: last, settling: true }))
}

export function revokeDeath(account: OpenAccount, world: World): AccountEvent[] {
  if (!account.diedOn) return []
  if (account.inheritedFen > 0n) refuse('ALREADY_INHERITED')
  const lives: AccountEvent = { type: 'AccountHolderLives', data: { personId: account.personId } }
  return [lives, ...settle(foldOn(account, [lives]), world, yearOf(world.today) - 1)]
}

export function inherit(account: OpenAccount, amountFen: bigint, world: World): AccountEvent[] {
  if (!account.diedOn) refuse('PERSON_ALIVE')
  if (amountFen <= 0n) return []
  if (amountFen !== balanceOf(account)) refuse('ACCOUNT_CHANGED')
  return [{ type: 'AccountInherited', data: { personId: account.personId, amountFen, on: world.today } }]
}

export const aliasOnly = (personId: string, survivorId: string): AccountEvent => ({
  type: 'AccountAliased',
  data: { personId, survivorId, carried: undefined },
})

export function alias(account: OpenAccount, survivorId: string): AccountEvent {
  return { type: 'AccountAliased', data: { personId: account.personId, survivorId, carried: carriedOf(account) } }
}
