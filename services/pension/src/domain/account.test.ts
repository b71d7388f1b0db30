import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatFen, toFen } from '@jinbao/core'
import { Balances, MonthRun, OpeningRecord } from '@jinbao/proto/pension/v1/events.ts'
import { type AccountCommand, type AccountState, accountDecider } from './account.ts'
import { accountOn } from './as-of.ts'
import { totalOf } from './balances.ts'
import { balanceBefore, monthsIn, ownContributions } from './book.ts'
import {
  balance,
  credited,
  fen,
  history,
  imported,
  interest,
  lhasa,
  lhasaCredits,
  open,
  opening,
  personId,
  post,
  runs,
  worldOn,
} from './fixtures/account.ts'
import { explainPosting } from './postings.ts'
import { beijing, type Law, lawWith } from './testing.ts'

describe('account', () => {
  test('EX-9 I-1 the Lhasa worker, credited month by month: 84 months, 71,898.06 at 2026-02', () => {
    const outcome = history(...lhasaCredits).when(post(2025))
    for (const { year, interestFen, provisional } of interest(outcome.events())) {
      assert.equal(formatFen(interestFen), lhasa.interest[year], String(year))
      assert.equal(provisional, false)
    }
    const account = open(outcome.state())
    for (const [year, closing] of Object.entries(lhasa.closing))
      assert.equal(formatFen(totalOf(balanceBefore(account.book, Number(year) + 1))), closing, year)
    assert.equal(monthsIn(account.book).size, 84)
    assert.equal(balance(account), lhasa.balance)
  })
  test('EX-9 the same worker as an opening record of months, and as one with the balance of 2025', () => {
    const months = imported({ runs })
    assert.equal(balance(history(months).when(post(2025)).state()), lhasa.balance)
    const closed = imported({
      runs,
      balancesUntil: '2025-12',
      balances: Balances.create({ from98Fen: fen('70106.06') }),
    })
    assert.equal(balance(history(closed).state()), lhasa.balance)
    assert.equal(monthsIn(open(history(closed).state()).book).size, 84)
    history(closed).when(post(2025)).thenNothing()
  })
  test('EX-9 as of a day: the closing of each year, and the months so far', () => {
    const events = [
      ...lhasaCredits,
      ...history(...lhasaCredits)
        .when(post(2025))
        .events(),
    ]
    const on = (day: string) => open(accountOn(events, day))
    assert.equal(balance(on('2026-02-28')), lhasa.balance)
    for (const [year, closing] of Object.entries(lhasa.closing))
      assert.equal(balance(on(`${year}-12-31`)), closing, year)
    assert.equal(monthsIn(on('2023-06-30').book).size, 52)
    const record = [
      imported({ runs, balancesUntil: '2025-12', balances: Balances.create({ from98Fen: fen('70106.06') }) }),
    ]
    assert.equal(balance(accountOn(record, '2026-02-28')), lhasa.balance)
    assert.equal(balance(accountOn(record, '2026-01-31')), '71002.06')
    assert.equal(monthsIn(open(accountOn(record, '2023-06-30')).book).size, 52)
  })

  test('EX-4 I-1 interest of 2024 on the account', () => {
    const months = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']
    const credits = months.map((m, i) => credited(`2024-${m}`, { accountFen: i < 6 ? 56_000n : 64_000n }))
    assert.equal(
      balance(
        history(opening, ...credits)
          .when(post(2024))
          .state(),
      ),
      '109919.04',
    )
  })
  test('I-5 a year’s interest is posted once; asked again nothing happens', () => {
    const once = history(opening).when(post(2024)).thenTypes('InterestPosted')
    history(opening, ...once)
      .when(post(2024))
      .thenNothing()
    history(opening).when(post(2026)).thenRefused('YEAR_NOT_OVER')
  })
  test('I-4 the rate comes late: provisional first, then the difference only, also for the year after', () => {
    const early = history(opening).when(post(2024), worldOn('2025-02-01')).events()
    const [first] = interest(early)
    assert.deepEqual([first!.provisional, first!.rateYear, first!.interestFen], [true, 2023, 397_000n])
    const later = history(opening, ...early)
      .when(post(2025), worldOn('2026-02-01'))
      .events()
    assert.deepEqual(
      interest(later).map((one) => [one.year, one.interestFen, one.provisional, one.correction]),
      [
        [2024, -135_000n, false, true],
        [2025, 268_864n, true, false],
      ],
    )
    const last = history(opening, ...early, ...later)
      .when(post(2025))
      .events()
    assert.deepEqual(
      interest(last).map((one) => [one.year, one.interestFen, one.correction]),
      [[2025, -114_934n, true]],
    )
    assert.equal(balance(history(opening, ...early, ...later, ...last).state()), '104159.30')
  })
  test('I-4 a final rate equal to the provisional one is recorded, without money', () => {
    const same: Law = {
      ...beijing,
      'account.interestRate': [
        { from: '2023-01-01', to: '2023-12-31', value: '2%' },
        { from: '2024-01-01', to: '2024-12-31', published: '2025-06-01', value: '2%' },
      ],
    }
    const early = history(opening).when(post(2024), worldOn('2025-02-01', same)).events()
    const [done] = interest(
      history(opening, ...early)
        .when(post(2024), worldOn('2025-07-01', same))
        .events(),
    )
    assert.deepEqual([done!.interestFen, done!.provisional], [0n, false])
  })
  test('I-4 NONE waits for the rate', () => {
    const none: Law = { ...beijing, 'interest.provisionalPolicy': [{ from: '1998-01-01', word: 'NONE' }] }
    history(opening).when(post(2024), worldOn('2025-02-01', none)).thenNothing()
    history(opening).when(post(2024), worldOn('2025-07-01', none)).thenTypes('InterestPosted')
  })
  test('I-1 every posting is explained again from the events before it, equal to the fen', () => {
    let state: AccountState = accountDecider.initial
    const early = history(...lhasaCredits)
      .when(post(2024), worldOn('2025-02-01'))
      .events()
    const late = history(...lhasaCredits, ...early)
      .when(post(2025))
      .events()
    let explained = 0
    for (const [events, today] of [
      [[...lhasaCredits, ...early], '2025-02-01'],
      [late, '2026-07-15'],
    ] as const)
      for (const event of events) {
        if (event.type === 'InterestPosted') {
          const { interest: again } = explainPosting(open(state), event.data, lawWith(beijing, today))!
          if (!event.data.correction) assert.equal(toFen(again.total), event.data.interestFen)
          explained++
        }
        state = accountDecider.evolve(state, event)
      }
    assert.equal(explained, 8)
  })

  test('P-4 an opening record enters once; a month it shares with the account is refused', () => {
    const record = OpeningRecord.create({
      recordId: 'doc-2',
      runs: [MonthRun.create({ months: '2020-01..2020-12', baseFen: 500_000n, accountFen: 40_000n })],
      deemedMonths: '1990-01..1991-12',
    })
    const command: AccountCommand = { type: 'ImportOpeningRecord', personId, record }
    const events = history().when(command).thenTypes('OpeningRecordImported')
    history(...events)
      .when(command)
      .thenNothing()
    history(credited('2020-05')).when(command).thenRefused('MONTH_ALREADY_CREDITED')
    const bad = (change: Partial<OpeningRecord>) => history().when({ ...command, record: { ...record, ...change } })
    bad({ balancesUntil: '2020-06', balances: Balances.create({ from98Fen: 1n }) }).thenRefused(
      'BALANCES_NOT_AT_YEAR_END',
    )
    bad({ deemedMonths: '1991-12..1990-01' }).thenRefused('BAD_MONTH_SET')
    bad({ deemedMonths: 'all' }).thenRefused('BAD_MONTH_SET')
    bad({ runs: [{ ...record.runs[0]!, months: '2026-01..2026-09' }] }).thenRefused('MONTH_IN_FUTURE')
    assert.equal(open(history(...events).state()).deemed.size, 24)
    assert.equal(ownContributions(open(history(...events).state()).book), 480_000n)
  })
  test('I-1 P§2.3 the parts of the account earn what each of them held', () => {
    const balances = Balances.create({ pre98OwnFen: 100_000n, pre98EmployerFen: 100_000n, from98Fen: 200_000n })
    const [event] = interest(
      history(imported({ balancesUntil: '2023-12', balances }))
        .when(post(2024))
        .events(),
    )
    assert.deepEqual(event!.parts, {
      pre98OwnFen: 2_620n,
      pre98EmployerFen: 2_620n,
      from98Fen: 5_240n,
      temporaryFen: 0n,
    })
  })
})
