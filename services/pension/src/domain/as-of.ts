// The two clocks of the account: what of its facts a day of life has seen. Record time is cut by whoever reads events.
import { type Day, lastDay, type Month, MonthSet, monthOfDay } from '@jinbao/core'
import { type InterestPosted, type OpeningRecord, Segment } from '@jinbao/proto/pension/v1/events.ts'
import { type AccountEvent, type AccountState, accountDecider } from './account.ts'

/** The account as it stood on a day, of the events given. */
export function accountOn(events: Iterable<AccountEvent>, day: Day): AccountState {
  let state = accountDecider.initial
  const known = [...events]
  for (const event of known) {
    const cut = event.type === 'OpeningRecordImported' || event.type === 'AccountTakenOver' ? cutAt(event, day) : event
    if (dayOf(cut, known) <= day) state = accountDecider.evolve(state, cut)
  }
  return state
}

/** A record is about a past life: of it counts what lies before the day. */
function cutAt<E extends AccountEvent & { type: 'OpeningRecordImported' | 'AccountTakenOver' }>(event: E, day: Day): E {
  const { record } = event.data
  return record ? { ...event, data: { ...event.data, record: recordUntil(record, day) } } : event
}

function recordUntil(record: OpeningRecord, day: Day): OpeningRecord {
  const month = monthOfDay(day)
  const until = MonthSet.range('1900-01', month)
  const held = record.balancesUntil !== '' && lastDay(record.balancesUntil) <= day
  const { balances: _, ...rest } = record
  return {
    ...rest,
    balances: held ? record.balances : undefined,
    balancesUntil: held ? record.balancesUntil : '',
    runs: record.runs.map((run) => ({ ...run, months: MonthSet.parse(run.months).intersect(until).toString() })),
    // Before the balances' December nothing is known of how they came about.
    creditsListed: record.creditsListed || (!held && record.balancesUntil !== ''),
    credits: record.credits.filter(({ interestFrom }) => interestFrom <= month),
  }
}

/** Business day of a fact. */
function dayOf(event: AccountEvent, all: readonly AccountEvent[]): Day {
  switch (event.type) {
    case 'OpeningRecordImported':
    case 'AccountTakenOver':
    case 'AccountReserved':
    case 'AccountReleased':
    case 'AccountAliased':
    case 'AccountHolderLives':
      return ''
    case 'ContributionCredited':
      return event.data.receivedOn
    // A correction says what had been true all along.
    case 'ContributionAdjusted':
      return lastDay(event.data.interestFrom)
    case 'InterestPosted':
      return interestDay(event.data, all)
    case 'AccountClosedForRetirement':
      return lastDay(event.data.retirementMonth)
    case 'AccountCharged':
      return `${event.data.month}-01`
    case 'AccountHolderDied':
      return event.data.diedOn
    case 'AccountInherited':
      return event.data.on
  }
}

/** Interest is there on the last day of its segment. */
function interestDay({ year, segment }: InterestPosted, all: readonly AccountEvent[]): Day {
  if (segment === Segment.TO_RETIREMENT) return cutDay(all, year, 'AccountClosedForRetirement')
  if (segment === Segment.TO_DEATH) return cutDay(all, year, 'AccountHolderDied')
  return `${year}-12-31`
}

function cutDay(all: readonly AccountEvent[], year: number, type: AccountEvent['type']): Day {
  const cut = all.findLast((event) => event.type === type)
  const month: Month | undefined =
    cut?.type === 'AccountClosedForRetirement'
      ? cut.data.retirementMonth
      : cut?.type === 'AccountHolderDied'
        ? monthOfDay(cut.data.diedOn)
        : undefined
  return month ? lastDay(month) : `${year}-12-31`
}
