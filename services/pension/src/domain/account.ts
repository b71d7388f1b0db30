// The pension account of a person (P§2.3): stream `pension-account-<person id>`.
import type { Decider, World } from '@jinbao/core'
import { adjust, credit, posted, thenDifferences } from './account-credit.ts'
import {
  alias,
  aliasOnly,
  charge,
  close,
  inherit,
  registerDeath,
  release,
  reserve,
  revokeDeath,
} from './account-life.ts'
import { importRecord, takeOver } from './account-record.ts'
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  evolve,
  fresh,
  type OpenAccount,
} from './account-state.ts'
import { yearOf } from './dated.ts'
import { duePostings } from './postings.ts'
import { refuse } from './refusals.ts'

export { atRetirement } from './account-life.ts'
export * from './account-state.ts'

// --- decide ----------------------------------------------------------------------------------------------------------

export const accountDecider: Decider<AccountState, AccountCommand, AccountEvent> = {
  initial: { status: 'none' },
  decide(state, command, world) {
    if (state.status === 'aliased') {
      if (command.type === 'AliasTo' && command.survivorId === state.survivorId) return []
      return refuse('ACCOUNT_ALIASED', { survivor: state.survivorId })
    }
    return decideOpen(state, command, world)
  },
  evolve,
}

function decideOpen(state: { status: 'none' } | OpenAccount, command: AccountCommand, world: World): AccountEvent[] {
  const account = state.status === 'open' ? state : fresh(command.personId)
  const known = state.status === 'open'
  switch (command.type) {
    case 'ImportOpeningRecord':
      return thenDifferences(account, importRecord(account, command.record, world), world)
    case 'CreditContribution':
      return credit(account, command.data, world, command.diedOn)
    case 'AdjustContribution':
      return known ? adjust(account, command.data, world) : refuse('MONTH_NOT_CREDITED', { month: command.data.month })
    case 'PostInterest':
      return postInterest(account, command.year, world)
    case 'Reserve':
      return reserve(account, command.claimId)
    case 'Release':
      return account.claimId === command.claimId && account.retirementMonth === '' ? [release(account)] : []
    case 'CloseForRetirement':
      return close(account, command, world)
    case 'Charge':
      return charge(account, command.month, command.amountFen, world)
    // Most people who die have no account here: nothing to say.
    case 'RegisterDeath':
      return known ? registerDeath(account, command.diedOn, world) : []
    case 'RevokeDeath':
      return known ? revokeDeath(account, world) : []
    case 'Inherit':
      return inherit(account, command.amountFen, world)
    case 'AliasTo':
      // Without an account there is nothing to carry; the mark stays, so that a later payment finds the one who remains.
      return [known ? alias(account, command.survivorId) : aliasOnly(command.personId, command.survivorId)]
    case 'TakeOver':
      return thenDifferences(account, takeOver(account, command.absorbedId, command.record), world)
  }
}

function postInterest(account: OpenAccount, year: number, { policyOn, today }: World): AccountEvent[] {
  if (year >= yearOf(today)) refuse('YEAR_NOT_OVER', { year })
  return posted(duePostings(account, { policyOn, today, upTo: year }))
}
