// Paid months come in and are corrected.
import { type Day, isDay, isMonth, type Month, monthOfDay, type World } from '@jinbao/core'
import { AccountPart, type InterestPosted } from '@jinbao/proto/pension/v1/events.ts'
import { type AccountEvent, type Adjusted, type Credited, foldOn, type OpenAccount } from './account-state.ts'
import { pageOf, recordOf, yearsIn } from './book.ts'
import { duePostings } from './postings.ts'
import { refuse } from './refusals.ts'

/** A fact that falls into years with posted interest is followed by what they now earn more or less (I-4, I-5). */
export function thenDifferences(account: OpenAccount, events: readonly AccountEvent[], world: World): AccountEvent[] {
  if (events.length === 0) return []
  const after = foldOn(account, events)
  const last = yearsIn(account.book).findLast((year) => pageOf(account.book, year).posted.size > 0)
  if (last === undefined) return [...events]
  const { policyOn, today } = world
  return [...events, ...posted(duePostings(after, { policyOn, today, upTo: last, onlyPosted: true, settling: true }))]
}

export const posted = (list: readonly InterestPosted[]): AccountEvent[] =>
  list.map((data) => ({ type: 'InterestPosted', data }))

export function checkMonth(account: OpenAccount, month: Month, world: World): void {
  if (!isMonth(month)) refuse('BAD_MONTH', { field: 'month', value: month })
  if (month > monthOfDay(world.today)) refuse('MONTH_IN_FUTURE', { month })
  if (account.retirementMonth && month > account.retirementMonth)
    refuse('MONTH_AFTER_RETIREMENT', { month, retirement: account.retirementMonth })
  if (account.diedOn && month > monthOfDay(account.diedOn)) refuse('MONTH_AFTER_DEATH', { month })
}

/** C-10, C-11: a fully paid month; interest starts by the region's choice with the month received or belonged to. */
export function credit(account: OpenAccount, data: Credited, world: World, diedOn = ''): AccountEvent[] {
  checkMonth({ ...account, diedOn: account.diedOn || diedOn }, data.month, world)
  if (!isDay(data.receivedOn)) refuse('BAD_DAY', { field: 'received_on', value: data.receivedOn })
  if (data.baseFen <= 0n) refuse('BAD_AMOUNT', { field: 'base_fen', value: data.baseFen })
  if (data.accountFen < 0n || data.accountFen > data.baseFen)
    refuse('BAD_AMOUNT', { field: 'account_fen', value: data.accountFen })
  const before = recordOf(account.book, data.month)
  if (before?.receiptId === data.receiptId) return []
  if (before) refuse('MONTH_ALREADY_CREDITED', { month: data.month })
  const part = data.part === AccountPart.ACCOUNT_PART_UNSPECIFIED ? defaultPart(data.month) : data.part
  const event = {
    ...data,
    personId: account.personId,
    part,
    interestFrom: interestFrom(data.month, data.receivedOn, world),
  }
  return thenDifferences(account, [{ type: 'ContributionCredited', data: event }], world)
}

/** From 1998 on the account is one (国发〔1997〕26号); what a person paid before is kept apart. */
export const defaultPart = (month: Month): AccountPart =>
  month < '1998-01' ? AccountPart.PRE98_OWN : AccountPart.FROM98

function interestFrom(month: Month, receivedOn: Day, { policyOn }: World): Month {
  const start = policyOn(receivedOn).word('interest.startsFrom', ['RECEIVED_MONTH', 'BELONGS_MONTH'])
  return start.word === 'BELONGS_MONTH' ? month : monthOfDay(receivedOn)
}

/** C-12: by differences. What was too much never earned interest; what is paid in addition earns it from then on. */
export function adjust(account: OpenAccount, data: Adjusted, world: World): AccountEvent[] {
  if (account.done.has(data.correctionId)) return []
  const record = recordOf(account.book, data.month)
  if (!record) return refuse('MONTH_NOT_CREDITED', { month: data.month })
  if (!isDay(data.correctedOn)) refuse('BAD_DAY', { field: 'corrected_on', value: data.correctedOn })
  const change = data.withdrawn ? { ...data, baseFen: -record.baseFen, accountFen: -record.accountFen } : data
  if (record.accountFen + change.accountFen < 0n) refuse('BAD_AMOUNT', { field: 'account_fen', value: data.accountFen })
  if (record.baseFen + change.baseFen < 0n) refuse('BAD_AMOUNT', { field: 'base_fen', value: data.baseFen })
  const from = change.accountFen > 0n ? interestFrom(data.month, data.correctedOn, world) : record.interestFrom
  const event = { ...change, personId: account.personId, interestFrom: from }
  return thenDifferences(account, [{ type: 'ContributionAdjusted', data: event }], world)
}
