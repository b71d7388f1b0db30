import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { World } from '@jinbao/core'
import { story } from '@jinbao/core/story.ts'
import {
  type ClaimReceived,
  ClaimStatus,
  type Encounter,
  Exclusion,
  type PricedItem,
  type Standing,
  Treatment,
} from '@jinbao/proto/medical/v1/events.ts'
import fc from 'fast-check'
import { noYear } from './figures.ts'
import { price, yearBefore } from './pricing.ts'
import { fen, item, law, standing } from './testing.ts'
import { freshYear, inOrder, type OpenYear, type YearCommand, type YearEvent, yearDecider } from './year.ts'

const world: World = {
  now: '2026-11-02T02:00:00Z',
  today: '2026-11-02',
  place: '110000',
  policyOn: law('110000'),
  by: { subject: 'officer-1', roles: ['officer'] },
}
const history = story(yearDecider, world)

const encounter = (claimId: string, day: string, change: Partial<Encounter> = {}): Encounter => ({
  claimId,
  personId: 'p1',
  institutionId: 'h1',
  billNumber: `b-${claimId}`,
  treatment: Treatment.INPATIENT,
  from: day,
  to: day,
  emergency: false,
  disease: '',
  exclusion: Exclusion.EXCLUSION_UNSPECIFIED,
  thirdPartyAbsent: false,
  manual: false,
  ...change,
})
interface Given extends Partial<Encounter> {
  readonly items?: readonly PricedItem[]
  readonly standing?: Partial<Standing>
  readonly dueOn?: string
}
const bill = (claimId: string, day: string, yuan: string, change: Given = {}): ClaimReceived => {
  const { items, standing: on, dueOn = '', ...rest } = change
  return {
    encounter: encounter(claimId, day, rest),
    standing: standing(on),
    items: [...(items ?? [item(1, 'A', yuan, '', '0', day)])],
    receivedOn: '2026-11-02',
    dueOn,
  }
}
const settle = (received: ClaimReceived, accountFen = 0n): YearCommand => ({
  type: 'SettleClaim',
  received,
  neighbours: [],
  payerId: 'p1',
  accountFen,
})
const after = (...commands: YearCommand[]): { state: OpenYear; events: YearEvent[] } => {
  let state = freshYear
  const events: YearEvent[] = []
  for (const command of commands) {
    const made = yearDecider.decide(state, command, world)
    events.push(...made)
    state = made.reduce((one, event) => yearDecider.evolve(one, event) as OpenYear, state)
  }
  return { state, events }
}
const told = (...commands: YearCommand[]) => history(...after(...commands).events)
const reverse = (claimId: string): YearCommand => ({ type: 'ReverseClaim', claimId, reason: 'wrong patient' })

const one = bill('c1', '2026-03-10', '11300')
const two = bill('c2', '2026-05-10', '10650')

describe('O§3.6 states of a claim', () => {
  test('O§3.6 received, priced, confirmed: each a fact; the account pays no more than it may', () => {
    const received: YearEvent = { type: 'ClaimReceived', data: one }
    history().when({ type: 'ReceiveClaim', received: one, neighbours: [] }).thenEvents(received)
    const priced = history(received).when({ type: 'AdjudicateClaim', claimId: 'c1' }).thenTypes('ClaimAdjudicated')
    const confirm: YearCommand = { type: 'ConfirmClaim', claimId: 'c1', payerId: 'p1', accountFen: fen('1000') }
    history(received).when(confirm).thenRefused('CLAIM_NOT_PRICED')
    history(received, ...priced)
      .when({ ...confirm, accountFen: fen('2800.01') })
      .thenRefused('PRICE_OUTDATED')
    const [settled] = history(received, ...priced)
      .when(confirm)
      .thenTypes('PatientConfirmed')
    assert.equal(settled?.type === 'PatientConfirmed' && settled.data.cashFen, fen('1800'))
    history(received, ...priced, settled!)
      .when(confirm)
      .thenNothing()
  })
  test('O§3.6 a bill sent twice is one claim; the same number with other rows is refused', () => {
    told(settle(one)).when(settle(one)).thenNothing()
    told(settle(one))
      .when(settle(bill('c1', '2026-03-10', '11301')))
      .thenRefused('BILL_ALREADY_CLAIMED')
  })
  test('MED-20 O§3.7.1 who is not covered is refused with the reason, and nothing moves', () => {
    const events = history().when(
      settle(bill('c1', '2026-03-10', '100', { standing: { covered: false, reason: 'WAITING_PERIOD' } })),
    )
    const [, failed] = events.thenTypes('ClaimReceived', 'EligibilityFailed')
    assert.deepEqual(failed?.type === 'EligibilityFailed' && [failed.data.reason, failed.data.personFen], [
      'WAITING_PERIOD',
      fen('100'),
    ])
    assert.deepEqual(yearBefore((events.state() as OpenYear).claims, world), noYear)
  })
  test('O§3.7 two stays may not overlap; discharge and admission may fall on one day', () => {
    const stay = (id: string, from: string, to: string) =>
      settle(bill(id, from, '2000', { from, to, items: [item(1, 'A', '2000', '', '0', from)] }))
    const first = stay('c1', '2026-03-10', '2026-03-20')
    told(first)
      .when(stay('c2', '2026-03-19', '2026-03-25'))
      .thenRefused('STAYS_OVERLAP')
    told(first)
      .when(stay('c2', '2026-03-20', '2026-03-25'))
      .thenTypes('ClaimReceived', 'ClaimAdjudicated', 'PatientConfirmed')
    const outpatient = bill('c2', '2026-03-15', '50', { treatment: Treatment.OUTPATIENT })
    told(first).when(settle(outpatient)).thenTypes('ClaimReceived', 'ClaimAdjudicated', 'PatientConfirmed')
    const neighbours = [{ claimId: 'old', from: '2025-12-28', to: '2026-01-04' }]
    const january = bill('c3', '2026-01-02', '10', { from: '2026-01-02', to: '2026-01-09' })
    history()
      .when({ ...settle(january), neighbours } as YearCommand)
      .thenRefused('STAYS_OVERLAP')
  })
  test('O§3.6 the price follows the year: settled in between, it has to be made again', () => {
    const priced = told(
      { type: 'ReceiveClaim', received: two, neighbours: [] },
      { type: 'AdjudicateClaim', claimId: 'c2' },
      settle(one),
    )
    priced.when({ type: 'ConfirmClaim', claimId: 'c2', payerId: 'p1', accountFen: 0n }).thenRefused('PRICE_OUTDATED')
    priced.when({ type: 'AdjudicateClaim', claimId: 'c2' }).thenTypes('ClaimAdjudicated')
  })
  test('O§3.6 an audit cut is borne by the hospital, within the row and the funds’ money', () => {
    const cut = (cutFen: bigint, line = 1, cutId = 'a1'): YearCommand => ({
      type: 'CutClaim',
      claimId: 'c1',
      cutId,
      cuts: [{ line, cutFen, reason: 'not given' }],
    })
    const [event] = told(settle(one))
      .when(cut(fen('100')))
      .thenTypes('AuditCut')
    assert.equal(event?.type === 'AuditCut' && event.data.cutFen, fen('100'))
    told(settle(one), cut(fen('100')))
      .when(cut(fen('100')))
      .thenNothing()
    told(settle(one))
      .when(cut(fen('100'), 9))
      .thenRefused('LINE_UNKNOWN')
    told(settle(one))
      .when(cut(fen('8500.01')))
      .thenRefused('CUT_TOO_LARGE')
    told(settle(one), cut(fen('8400')))
      .when(cut(fen('101'), 1, 'a2'))
      .thenRefused('CUT_TOO_LARGE')
    told(settle(one), cut(1n)).when(reverse('c1')).thenRefused('CLAIM_NOT_SETTLED')
  })
  test('O§3.6 cleared, then paid; a cleared claim is no longer taken back or cut', () => {
    const clear: YearCommand = { type: 'Clear', claimId: 'c1', clearingId: 'h1.2026-10.1', fundFen: fen('8500') }
    const pay: YearCommand = { type: 'Pay', claimId: 'c1', clearingId: 'h1.2026-10.1' }
    told(settle(one)).when(clear).thenTypes('ClaimCleared')
    told(settle(one), clear).when(reverse('c1')).thenRefused('CLAIM_NOT_SETTLED')
    told(settle(one), clear).when(pay).thenTypes('ClaimPaid')
    told(settle(one), clear, pay).when(pay).thenNothing()
    told(settle(one)).when(pay).thenNothing()
  })
  test('MED-21 the fund advances for an absent third party and claims back', () => {
    const given = bill('c1', '2026-03-10', '11300', { exclusion: Exclusion.THIRD_PARTY, thirdPartyAbsent: true })
    const recover = (amountFen: bigint, receiptId = 'r1'): YearCommand => ({
      type: 'RecordRecovery',
      claimId: 'c1',
      amountFen,
      receiptId,
    })
    history()
      .when(settle(given))
      .thenTypes('ClaimReceived', 'ClaimAdjudicated', 'PatientConfirmed', 'ThirdPartyAdvanced')
    told(settle(given))
      .when(recover(fen('8500')))
      .thenTypes('ThirdPartyRecovered')
    told(settle(given), recover(fen('8500')))
      .when(recover(fen('8500')))
      .thenNothing()
    told(settle(given))
      .when(recover(fen('8500.01')))
      .thenRefused('RECOVERY_TOO_LARGE')
    told(settle(one)).when(recover(1n)).thenRefused('NO_ADVANCE')
  })
  test('O§0.3 manual papers: a reminder on the last day, one more when it has passed', () => {
    const receive: YearCommand = {
      type: 'ReceiveClaim',
      received: bill('c1', '2026-03-10', '100', { manual: true, dueOn: '2026-11-10' }),
      neighbours: [],
    }
    const on = (today: string) => ({ today })
    told(receive).when({ type: 'Remind', claimId: 'c1' }, on('2026-11-09')).thenNothing()
    const first = told(receive).when({ type: 'Remind', claimId: 'c1' }, on('2026-11-10')).thenTypes('ClaimReminded')
    told(receive)
      .and(...first)
      .when({ type: 'Remind', claimId: 'c1' }, on('2026-11-10'))
      .thenNothing()
    const [late] = told(receive)
      .and(...first)
      .when({ type: 'Remind', claimId: 'c1' }, on('2026-11-11'))
      .thenTypes('ClaimReminded')
    assert.equal(late?.type === 'ClaimReminded' && late.data.overdue, true)
  })
})

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
