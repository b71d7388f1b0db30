// Facts that a decision needs from elsewhere in this service: from the register's view, the account, the pension.
import type { Day, Month } from '@jinbao/core'
import type { Sex } from '@jinbao/proto/common/v1/common.ts'
import type { Context } from '@jinbao/service'
import { balanceOf, type OpenAccount } from './domain/account.ts'
import { careerIn, monthsIn, ownContributions } from './domain/book.ts'
import { isPension } from './domain/claim.ts'
import type { RetirementRecord } from './domain/decision.ts'
import { countedMonths } from './domain/entitlement.ts'
import { refuse } from './domain/refusals.ts'
import type { DeathFacts } from './domain/survivors.ts'
import { accounts, claims } from './streams.ts'

export interface PersonRow {
  readonly birth_month: Month
  readonly sex: Sex
  readonly died_on: Day | ''
}

export function personOf({ db }: Pick<Context, 'db'>, personId: string): PersonRow {
  const row = db.get<PersonRow>('SELECT birth_month, sex, died_on FROM people WHERE person_id = ?', personId)
  return row ?? refuse('UNKNOWN_PERSON', { person: personId })
}

export async function openAccount(context: Context, personId: string, mayMiss: true): Promise<OpenAccount | undefined>
export async function openAccount(context: Context, personId: string): Promise<OpenAccount>
export async function openAccount(
  context: Context,
  personId: string,
  mayMiss = false,
): Promise<OpenAccount | undefined> {
  const { state } = await context.load(accounts, personId)
  if (state.status === 'aliased') return refuse('ACCOUNT_ALIASED', { survivor: state.survivorId })
  if (state.status === 'open') return state
  return mayMiss ? undefined : refuse('UNKNOWN_ACCOUNT', { person: personId })
}

export function recordOf({ book, deemed, personId }: OpenAccount, balanceFen: bigint): RetirementRecord {
  return {
    career: careerIn(book, `pension-account-${personId}`),
    counted: { actual: monthsIn(book), deemed },
    balanceFen,
  }
}

/** D-2 counts a life's months at death; D-4 those at retirement, and the months of pension drawn. */
export async function deathFactsOf(context: Context, personId: string, diedOn: Day, funeralElsewhere: boolean) {
  const account = await openAccount(context, personId)
  const { counted } = recordOf(account, 0n)
  const { retirementMonth } = account
  const drawnMonths = retirementMonth ? await monthsDrawn(context, account.claimId, diedOn) : undefined
  const facts: DeathFacts = {
    stream: `pension-account-${personId}`,
    diedOn,
    contributedMonths: countedMonths(counted, retirementMonth || diedOn.slice(0, 7)).size,
    drawnMonths,
    ownFen: ownContributions(account.book),
    funeralElsewhere,
  }
  return { facts, balanceFen: balanceOf(account) }
}

async function monthsDrawn(context: Context, claimId: string, diedOn: Day): Promise<number> {
  const { state } = await context.load(claims, claimId)
  if (!isPension(state)) return 0
  return [...state.paid.keys()].filter((month) => month <= diedOn.slice(0, 7)).length
}
