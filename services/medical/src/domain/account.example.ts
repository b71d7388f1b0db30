// Stories about one account in Beijing, for the tests beside.
import { Calc, type World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import { MonthSource } from '@jinbao/proto/medical/v1/events.ts'
import { type AccountCommand, type AccountEvent, accountDecider, type OpenAccount } from './account.ts'
import { creditOf } from './account-money.ts'
import { fen, law } from './testing.ts'

export const world: World = {
  now: '2026-11-02T02:00:00Z',
  today: '2026-11-02',
  place: '110000',
  policyOn: law('110000'),
  by: { subject: 'officer-1', roles: ['officer'] },
}
export const history = story(accountDecider, world)
export const personId = 'p1'

export const credit = (
  month: string,
  change: Partial<Extract<AccountCommand, { type: 'CreditMonth' }>> = {},
): AccountCommand => ({
  type: 'CreditMonth',
  personId,
  birthMonth: '1980-06',
  month,
  source: MonthSource.EMPLOYEE,
  baseFen: fen('10000'),
  accountFen: fen('200'),
  receivedOn: `${month}-20`,
  receiptId: `r-${month}`,
  ...change,
})
export const after = (...commands: AccountCommand[]): AccountEvent[] => {
  let state = accountDecider.initial
  const events: AccountEvent[] = []
  for (const command of commands) {
    const made = accountDecider.decide(state, command, world)
    events.push(...made)
    state = made.reduce(accountDecider.evolve, state)
  }
  return events
}
export const told = (...commands: AccountCommand[]) => history(...after(...commands))
export const balance = (...commands: AccountCommand[]) => (told(...commands).state() as OpenAccount).balanceFen
export const creditFen = (month: string, change = {}, policyOn = world.policyOn) => {
  const value = creditOf(Calc.plain(), policyOn, credit(month, change) as never)
  return (value.n * 100n) / value.d
}
