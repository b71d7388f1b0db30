import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Exclusion, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { noYear } from './figures.ts'
import { yearBefore } from './pricing.ts'
import { fen, item } from './testing.ts'
import { bill, history, one, reverse, settle, told, two, world } from './year.example.ts'
import type { OpenYear, YearCommand, YearEvent } from './year.ts'

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
  test('MED-11 refused in a gap, the bill is sent again when the gap is paid back, and paid', () => {
    const dark = bill('c1', '2026-03-10', '11300', { standing: { covered: false, reason: 'MONTH_NOT_PAID' } })
    told(settle(dark)).when(settle(dark)).thenNothing()
    told(settle(dark)).when(settle(one)).thenTypes('ClaimReceived', 'ClaimAdjudicated', 'PatientConfirmed')
    const waiting: YearCommand = { type: 'ReceiveClaim', received: { ...dark, dueOn: '2026-12-01' }, neighbours: [] }
    const [anew] = told(waiting)
      .when({ ...waiting, received: one })
      .thenTypes('ClaimReceived')
    assert.deepEqual(anew?.type === 'ClaimReceived' && [anew.data.dueOn, anew.data.standing?.covered], [
      '2026-12-01',
      true,
    ])
  })
})
