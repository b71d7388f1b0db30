import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AccountPart } from '@jinbao/proto/pension/v1/events.ts'
import { type AccountCommand, balanceOf } from './account.ts'
import { monthsIn } from './book.ts'
import {
  balance,
  credit,
  credited,
  history,
  interest,
  open,
  opening,
  personId,
  post,
  worldOn,
} from './fixtures/account.ts'
import { beijing, type Law } from './testing.ts'

describe('credits and corrections', () => {
  test('C-10 a paid month is credited once; another receipt for it is refused', () => {
    history()
      .when(credit('2026-06'))
      .thenEvents(credited('2026-06', { part: AccountPart.FROM98, interestFrom: '2026-06' }))
    history(credited('2026-06')).when(credit('2026-06')).thenNothing()
    history(credited('2026-06'))
      .when(credit('2026-06', { receiptId: 'r-2' }))
      .thenRefused('MONTH_ALREADY_CREDITED')
    history().when(credit('2026-08')).thenRefused('MONTH_IN_FUTURE')
    history().when(credit('2026-13')).thenRefused('BAD_MONTH')
    history()
      .when(credit('2026-06', { baseFen: 0n }))
      .thenRefused('BAD_AMOUNT')
    history()
      .when(credit('2026-06', { accountFen: -1n }))
      .thenRefused('BAD_AMOUNT')
    history()
      .when(credit('2026-06', { receivedOn: '2026-06-31' }))
      .thenRefused('BAD_DAY')
  })
  test('C-11 interest starts with the month received, or with the month it belongs to where the region says so', () => {
    const late = credit('2025-11', { receivedOn: '2026-02-03' })
    const from = (law: Law) =>
      history().when(late, worldOn('2026-07-15', law)).events()[0]!.data as { interestFrom: string }
    assert.equal(from(beijing).interestFrom, '2026-02')
    assert.equal(
      from({ ...beijing, 'interest.startsFrom': [{ from: '1998-01-01', word: 'BELONGS_MONTH' }] }).interestFrom,
      '2025-11',
    )
  })
  test('P§2.3 months before 1998 belong to the old own part', () => {
    const [event] = history()
      .when(credit('1997-12', { receivedOn: '2026-06-01' }))
      .events()
    assert.equal((event!.data as { part: string }).part, AccountPart.PRE98_OWN)
  })
  test('C-12 I-5 a corrected month is a difference, and years already posted follow with their difference', () => {
    const before = [opening, credited('2024-03')]
    const posted = history(...before)
      .when(post(2024))
      .events()
    const fix: AccountCommand = {
      type: 'AdjustContribution',
      personId,
      data: {
        month: '2024-03',
        baseFen: -400_000n,
        accountFen: -32_000n,
        withdrawn: false,
        correctionId: 'c1',
        reason: 'WRONG_BASE',
        correctedOn: '2026-07-10',
      },
    }
    const events = history(...before, ...posted)
      .when(fix)
      .thenTypes('ContributionAdjusted', 'InterestPosted')
    // 13.97 had been posted for 640.00 from March, 6.99 is due for 320.00.
    assert.equal(interest(events)[0]!.interestFen, -698n)
    const right = history(opening, credited('2024-03', { baseFen: 400_000n, accountFen: 32_000n }))
      .when(post(2024))
      .state()
    assert.equal(balance(history(...before, ...posted, ...events).state()), balance(right))
    history(...before, ...posted, ...events)
      .when(fix)
      .thenNothing()
  })
  test('C-6 C-12 a supplement bears interest from the month it came; a withdrawn month no longer counts', () => {
    const data = {
      month: '2026-03',
      baseFen: 100_000n,
      accountFen: 8_000n,
      withdrawn: false,
      correctionId: 'c1',
      reason: 'NEW_BOUNDS',
      correctedOn: '2026-07-10',
    }
    const more: AccountCommand = { type: 'AdjustContribution', personId, data }
    const [event] = history(credited('2026-03')).when(more).events()
    assert.equal((event!.data as { interestFrom: string }).interestFrom, '2026-07')
    const gone: AccountCommand = { type: 'AdjustContribution', personId, data: { ...data, withdrawn: true } }
    const state = open(history(credited('2026-03')).when(gone).state())
    assert.deepEqual([monthsIn(state.book).size, balanceOf(state)], [0, 0n])
    history(credited('2026-03'), ...history(credited('2026-03')).when(gone).events())
      .when(credit('2026-03'))
      .thenTypes('ContributionCredited')
    history(credited('2026-02')).when(more).thenRefused('MONTH_NOT_CREDITED')
  })
})
