import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Balances, Segment } from '@jinbao/proto/pension/v1/events.ts'
import { type AccountCommand, type AccountEvent, atRetirement, balanceOf } from './account.ts'
import { monthsIn } from './book.ts'
import {
  balance,
  credit,
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
  world,
  worldOn,
} from './fixtures/account.ts'

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

test('O§1.6 P-4 somebody without an account is merged: the mark stays, nothing is carried, a payment for the old id is refused', () => {
  const aliased = { type: 'AccountAliased' as const, data: { personId: 'old', survivorId: 'new', carried: undefined } }
  const merge = { type: 'AliasTo' as const, personId: 'old', survivorId: 'new' }
  history().when(merge).thenEvents(aliased)
  history(aliased).when(merge).thenNothing()
  history(aliased).when(credit('2026-03')).thenRefused('ACCOUNT_ALIASED')
})
