import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadPolicy, shippedPolicy } from '@jinbao/policy'
import { ClaimStatus, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import fc from 'fast-check'
import { price } from './pricing.ts'
import { fen } from './testing.ts'
import { after, bill, one, reverse, settle, told, two, world } from './year.example.ts'
import { inOrder, type OpenYear, type YearCommand } from './year.ts'

describe('O§3.6 replay', () => {
  test('O§3.6 the first stay is taken back: the second becomes the first and pays its deductible; only differences', () => {
    const events = told(settle(one, fen('300')), settle(two))
      .when(reverse('c1'))
      .thenTypes('ClaimReversed', 'ClaimReplayed')
    const [reversed, replayed] = events
    assert.deepEqual(reversed?.type === 'ClaimReversed' && [reversed.data.accountFen, reversed.data.cashFen], [
      fen('300'),
      fen('2500'),
    ])
    // The deductible of a first stay is 650 higher; 85 % of it was the fund's.
    assert.deepEqual(
      replayed?.type === 'ClaimReplayed' && [replayed.data.fundDifferenceFen, replayed.data.cashDifferenceFen],
      [-fen('552.50'), fen('552.50')],
    )
    told(settle(one), settle(two), reverse('c1')).when(reverse('c1')).thenNothing()
  })
  test('O§3.6 a claim of an earlier day settled late comes first; the later one gets its difference', () => {
    const events = told(settle(two)).when(settle(one)).events()
    assert.deepEqual(
      events.map(({ type }) => type),
      ['ClaimReceived', 'ClaimAdjudicated', 'PatientConfirmed', 'ClaimReplayed'],
    )
    const last = events.at(-1)
    assert.equal(last?.type === 'ClaimReplayed' && last.data.fundDifferenceFen, fen('552.50'))
  })
  test('O§1.6 a merge adds the years and computes the later claims anew, once', () => {
    const absorbed = after(settle(one)).state
    const take: YearCommand = {
      type: 'TakeOver',
      personId: 'p1',
      absorbedId: 'p2',
      year: 2026,
      claims: [...absorbed.claims.values()],
    }
    told(settle(two)).when(take).thenTypes('YearTakenOver', 'ClaimReplayed')
    told(settle(two), take).when(take).thenNothing()
    const alias: YearCommand = { type: 'AliasTo', personId: 'p2', survivorId: 'p1', year: 2026 }
    const [gone] = told(settle(one)).when(alias).thenTypes('YearAliased')
    assert.equal(gone?.type === 'YearAliased' && gone.data.claims.length, 1)
    told(settle(one), alias).when(settle(two)).thenRefused('YEAR_ALIASED')
  })

  test('O§3.4 G-04 a value of the law published backwards: differences once, a second run posts nothing', () => {
    const later = loadPolicy(shippedPolicy, {
      '990000/place.yaml':
        "code: '990000'\nzh: 试点\nen: Trial\nparent: '110000'\nkind: city\npoolingRegion: '990000'\n",
      '990000/medical.yaml':
        "medical.ip.deductible:\n  - { from: 2026-01-01, rows: { '3/first/active': 1000, '3/later/active': 500 }, source: t, mark: illustrative }\n",
    }).policyOn('990000')
    const resettle: YearCommand = { type: 'Resettle', cause: 'change-1' }
    told(settle(one), settle(two)).when(resettle).thenNothing()
    const made = told(settle(one), settle(two))
      .when(resettle, { policyOn: later })
      .thenTypes('ClaimReplayed', 'ClaimReplayed')
    const differences = made.map((event) => event.type === 'ClaimReplayed' && event.data.fundDifferenceFen)
    assert.deepEqual(differences, [fen('255'), fen('127.50')])
    told(settle(one), settle(two))
      .and(...made)
      .when(resettle, { policyOn: later })
      .thenNothing()
  })

  const anyBill = fc.record({
    day: fc.integer({ min: 1, max: 28 }),
    month: fc.integer({ min: 1, max: 10 }),
    fen: fc.integer({ min: 1, max: 9_000_000 }),
    treatment: fc.constantFrom(Treatment.OUTPATIENT, Treatment.CHRONIC, Treatment.INPATIENT),
    reversed: fc.boolean(),
  })
  test('O§3.6 whatever the order of settling and taking back, the year comes out as if settled in date order', () => {
    const property = fc.property(
      fc.uniqueArray(anyBill, { maxLength: 7, selector: (b) => `${b.month}-${b.day}` }),
      (bills) => {
        const commands = bills.map((b, i) => {
          const day = `2026-${String(b.month).padStart(2, '0')}-${String(b.day).padStart(2, '0')}`
          return {
            day,
            reversed: b.reversed,
            id: `c${i}`,
            command: settle(bill(`c${i}`, day, (b.fen / 100).toFixed(2), { treatment: b.treatment })),
          }
        })
        const taken = commands.filter(({ reversed }) => reversed).map(({ id }) => reverse(id))
        const { state, events } = after(...commands.map(({ command }) => command), ...taken)
        const kept = commands.filter(({ reversed }) => !reversed).sort((a, b) => (a.day < b.day ? -1 : 1))
        const straight = after(...kept.map(({ command }) => command)).state
        const shown = (year: OpenYear) =>
          inOrder(year.claims).map(({ received, settlement }) => [received?.encounter?.claimId, settlement])
        assert.deepEqual(shown(state), shown(straight))
        for (const claim of inOrder(state.claims)) {
          assert.deepEqual(price(state.claims, claim, world).settlement, claim.settlement)
          assert.equal(claim.accountFen + claim.cashFen, claim.settlement?.personFen, 'the person has paid her part')
        }
        const posted = events.reduce((sum, { type, data }) => {
          if (type === 'PatientConfirmed') return sum + data.fundFen
          if (type === 'ClaimReplayed') return sum + data.fundDifferenceFen
          return type === 'ClaimReversed' ? sum - data.fundFen : sum
        }, 0n)
        const funds = [...state.claims.values()].filter(({ status }) => status === ClaimStatus.SETTLED)
        assert.equal(
          posted,
          funds.reduce((sum, { settlement }) => sum + (settlement?.fundFen ?? 0n), 0n),
        )
      },
    )
    fc.assert(property, { numRuns: 40 })
  })
})
