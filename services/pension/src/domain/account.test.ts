import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatFen, MonthSet, parseYuan, toFen, type World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import { Insured } from '@jinbao/proto/collection/v1/events.ts'
import {
  AccountPart,
  Balances,
  type InterestPosted,
  MonthRun,
  OpeningRecord,
  Segment,
} from '@jinbao/proto/pension/v1/events.ts'
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  accountDecider,
  atRetirement,
  balanceOf,
  type Credited,
  type OpenAccount,
} from './account.ts'
import { accountOn } from './as-of.ts'
import { totalOf } from './balances.ts'
import { balanceBefore, monthsIn, ownContributions } from './book.ts'
import { explainPosting } from './postings.ts'
import { beijing, cases, type Law, lawWith } from './testing.ts'

const personId = 'p1'
const fen = (text: string) => parseYuan(text)!
const worldOn = (today: string, law: Law = beijing): World => ({
  now: `${today}T02:00:00Z`,
  today,
  place: '110000',
  policyOn: lawWith(law, today),
  by: { subject: 'officer-1', roles: ['officer'] },
})
const world = worldOn('2026-07-15')
const history = story(accountDecider, world)

const credit = (month: string, change: Partial<Credited> = {}): AccountCommand => ({
  type: 'CreditContribution',
  personId,
  data: {
    month,
    employerId: 'e1',
    insured: Insured.EMPLOYEE,
    baseFen: 800_000n,
    accountFen: 64_000n,
    part: AccountPart.ACCOUNT_PART_UNSPECIFIED,
    receivedOn: `${month}-20`,
    receiptId: `r-${month}`,
    ...change,
  },
})
const credited = (month: string, change: Partial<Credited> & { interestFrom?: string } = {}): AccountEvent => ({
  type: 'ContributionCredited',
  data: {
    ...(credit(month, change) as AccountCommand & { type: 'CreditContribution' }).data,
    personId,
    part: AccountPart.FROM98,
    interestFrom: month,
    ...change,
  },
})
const imported = (change: Partial<OpeningRecord>): AccountEvent => ({
  type: 'OpeningRecordImported',
  data: {
    personId,
    importedOn: '2025-02-01',
    record: OpeningRecord.create({ recordId: 'doc-1', sourceSystem: 'old', ...change }),
  },
})
const open = (state: AccountState): OpenAccount => {
  assert.equal(state.status, 'open')
  return state as OpenAccount
}
const balance = (state: AccountState) => formatFen(balanceOf(open(state)))
const interest = (events: readonly AccountEvent[]): InterestPosted[] =>
  events.flatMap((event) => (event.type === 'InterestPosted' ? [event.data] : []))
/** 100,000.00 at the end of 2023, as EX-4 opens. */
const opening = imported({ balancesUntil: '2023-12', balances: Balances.create({ from98Fen: 10_000_000n }) })
const post = (year: number): AccountCommand => ({ type: 'PostInterest', personId, year })

interface Lhasa {
  months: { months: string; base: string; account: string }[]
  interest: Record<string, string>
  closing: Record<string, string>
  balance: string
}
const { lhasa } = cases<{ lhasa: Lhasa }>('account.cases.yaml')
const runs = lhasa.months.map(({ months, base, account }) =>
  MonthRun.create({ months, baseFen: fen(base), accountFen: fen(account), insured: Insured.EMPLOYEE }),
)
const lhasaCredits = lhasa.months.flatMap(({ months, base, account }) =>
  [...MonthSet.parse(months)].map((month) => credited(month, { baseFen: fen(base), accountFen: fen(account) })),
)

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

describe('account at retirement and death', () => {
  const claimed: AccountEvent = { type: 'AccountReserved', data: { personId, claimId: 'k1' } }
  const may = imported({ balancesUntil: '2025-12', balances: Balances.create({ from98Fen: 18_486_284n }) })
  const held = [may, claimed]
  const settled = atRetirement(open(history(...held).state()), '2026-07', world)
  const close = (balanceFen = settled.balanceFen): AccountCommand => ({
    type: 'CloseForRetirement',
    personId,
    claimId: 'k1',
    month: '2026-07',
    balanceFen,
  })
  const charge = (month: string, amountFen = 136_372n): AccountCommand => ({
    type: 'Charge',
    personId,
    month,
    amountFen,
  })

  test('I-1 at retirement: the year to the retirement month is posted with the last published rate', () => {
    const events = history(...held)
      .when(close())
      .thenTypes('AccountClosedForRetirement', 'InterestPosted')
    const [posting] = interest(events)
    // 184,862.84 × 1.5 % × 7/12
    assert.deepEqual(
      [posting!.segment, posting!.interestFen, posting!.provisional],
      [Segment.TO_RETIREMENT, 161_755n, true],
    )
    assert.equal(settled.balanceFen, 18_486_284n + 161_755n)
    history(...held, ...events)
      .when(close())
      .thenNothing()
    history(...held, ...events)
      .when(credit('2026-08'), worldOn('2026-09-01'))
      .thenRefused('MONTH_AFTER_RETIREMENT')
    history(...held)
      .when(close(1n))
      .thenRefused('ACCOUNT_CHANGED')
    history(may).when(close()).thenRefused('ANOTHER_CLAIM')
    history(...held)
      .when({ type: 'Reserve', personId, claimId: 'k2' })
      .thenRefused('ANOTHER_CLAIM')
    history(...held)
      .when({ type: 'Reserve', personId, claimId: 'k1' })
      .thenNothing()
    history(...held)
      .when({ type: 'Release', personId, claimId: 'k1' })
      .thenTypes('AccountReleased')
  })

  /** EX-11 f: 184,803.34 at the end of 2025 is 186,420.37 at retirement in July, as EX-7 has it. */
  const opened = imported({ balancesUntil: '2025-12', balances: Balances.create({ from98Fen: 18_480_334n }) })
  const exact = [opened, claimed, ...history(opened, claimed).when(close(18_642_037n)).events()]
  const paid = ['08', '09', '10', '11', '12'].map(
    (m): AccountEvent => ({ type: 'AccountCharged', data: { personId, month: `2026-${m}`, amountFen: 136_372n } }),
  )

  test('EX-11 f I-3 D-9 five months paid, death in December: the heirs get the residue with interest', () => {
    const death: AccountCommand = { type: 'RegisterDeath', personId, diedOn: '2026-12-20' }
    const outcome = history(...exact, ...paid).when(death, worldOn('2027-01-10'))
    const [posting] = interest(outcome.events())
    assert.deepEqual(
      [posting!.segment, posting!.year, posting!.interestFen, posting!.provisional],
      [Segment.TO_DEATH, 2026, 113_956n, true],
    )
    assert.equal(balance(outcome.state()), '180741.33')
  })
  test('I-3 charges go month by month, once, and the last one is cut to the balance', () => {
    const small = [
      ...exact.slice(2, 3),
      imported({ recordId: 'doc-9', balancesUntil: '2025-12', balances: Balances.create({ from98Fen: 200_000n }) }),
    ]
    const first = history(...small)
      .when(charge('2026-08'))
      .thenTypes('AccountCharged')
    history(...small, ...first)
      .when(charge('2026-08'))
      .thenNothing()
    const [second] = history(...small, ...first)
      .when(charge('2026-09'))
      .events()
    assert.equal((second!.data as { amountFen: bigint }).amountFen, 63_628n)
    history(...small, ...first, second!)
      .when(charge('2026-10'))
      .thenNothing()
    history(...small)
      .when(charge('2026-07'))
      .thenRefused('MONTH_NOT_DUE')
  })
  test('D-9 charges after the month of death come back; an error about the death is undone by differences', () => {
    const death: AccountCommand = { type: 'RegisterDeath', personId, diedOn: '2026-10-03' }
    const late = worldOn('2027-01-10')
    const events = history(...exact, ...paid)
      .when(death, late)
      .events()
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'AccountCharged' ? [[event.data.month, event.data.amountFen]] : [])),
      [
        ['2026-11', -136_372n],
        ['2026-12', -136_372n],
      ],
    )
    history(...exact, ...paid, ...events)
      .when(death, late)
      .thenNothing()
    const revoked = history(...exact, ...paid, ...events).when({ type: 'RevokeDeath', personId }, late)
    assert.ok(
      revoked
        .events()
        .some(
          (event) =>
            event.type === 'InterestPosted' && event.data.segment === Segment.TO_DEATH && event.data.interestFen < 0n,
        ),
    )
    const without = history(...exact, ...paid.slice(0, 3))
      .when(post(2026), late)
      .state()
    assert.equal(balance(revoked.state()), balance(without))
  })
  test('D-9 a death that becomes known late takes back the interest of later years', () => {
    const past = [opening, ...history(opening).when(post(2025)).events()]
    const outcome = history(...past).when({ type: 'RegisterDeath', personId, diedOn: '2024-06-30' })
    const half = history(opening).when({ type: 'RegisterDeath', personId, diedOn: '2024-06-30' })
    assert.equal(balance(outcome.state()), balance(half.state()))
    // 100,000 × 2.62 % × 6/12
    assert.equal(balance(half.state()), '101310.00')
  })
  test('D-9 the balance goes to the heirs in full, once, and not while the holder lives', () => {
    const died: AccountEvent = { type: 'AccountHolderDied', data: { personId, diedOn: '2026-07-01' } }
    const inherit = { type: 'Inherit', personId, amountFen: 10_000_000n } as const
    history(opening).when(inherit).thenRefused('PERSON_ALIVE')
    const events = history(opening, died).when(inherit).thenTypes('AccountInherited')
    history(opening, died, ...events)
      .when(inherit)
      .thenRefused('ACCOUNT_CHANGED')
    history(opening, died)
      .when({ ...inherit, amountFen: 0n })
      .thenNothing()
    history(opening, died, ...events)
      .when({ type: 'RevokeDeath', personId })
      .thenRefused('ALREADY_INHERITED')
    history(opening, died).when(credit('2026-08'), worldOn('2026-09-01')).thenRefused('MONTH_AFTER_DEATH')
    history().when({ type: 'RegisterDeath', personId, diedOn: '2026-07-01' }).thenNothing()
  })
  test('P-4 two records of one person become one account: money adds up, a month counts once, interest goes on', () => {
    const mine = history(
      ...lhasaCredits,
      ...history(...lhasaCredits)
        .when(post(2024))
        .events(),
    )
    const [aliased] = mine.when({ type: 'AliasTo', personId, survivorId: 'p2' }).thenTypes('AccountAliased')
    const { carried } = (aliased as AccountEvent & { type: 'AccountAliased' }).data
    const other = credited('2026-02', { receiptId: 'other' })
    const take: AccountCommand = { type: 'TakeOver', personId: 'p2', absorbedId: personId, record: carried! }
    const events = history(other).when(take).thenTypes('AccountTakenOver')
    assert.equal((events[0]!.data as { duplicateMonths: string }).duplicateMonths, '2026-02')
    const merged = history(other, ...events)
      .when(post(2025))
      .state()
    assert.equal(balanceOf(open(merged)), fen(lhasa.balance) + 64_000n)
    assert.equal(monthsIn(open(merged).book).size, 84)
    mine.and(aliased!).when(credit('2026-03')).thenRefused('ACCOUNT_ALIASED')
    mine.and(aliased!).when({ type: 'AliasTo', personId, survivorId: 'p2' }).thenNothing()
  })
})
