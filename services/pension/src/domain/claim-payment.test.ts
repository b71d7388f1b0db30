import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimCommand, ClaimState } from './claim.ts'
import { awarded, checked, dataOf, history, paidTo, payDue, record, stateOf, worldOn } from './fixtures/claim.ts'
import { beijing, type Law } from './testing.ts'

describe('pension in payment', () => {
  const published: Law = {
    ...beijing,
    'pension.base': [{ from: '2026-01-01', value: 12_300 }],
    'pension.baseForIndex': [{ from: '2026-01-01', value: 12_300 }],
  }
  const lower: Law = {
    ...beijing,
    'pension.base': [{ from: '2026-01-01', value: 12_000 }],
    'pension.baseForIndex': [{ from: '2026-01-01', value: 12_000 }],
  }
  const reassess: ClaimCommand = { type: 'Reassess', record }

  test('P-6 months are paid in order, once; a late decision pays several', () => {
    const events = paidTo('2026-10-10')
    assert.deepEqual(
      dataOf(events, 'PensionPaid').map((one) => one.month),
      ['2026-08', '2026-09', '2026-10'],
    )
    history(...events)
      .when(payDue, worldOn('2026-10-31'))
      .thenNothing()
    const pay = (month: string) => history(...awarded).when({ type: 'PayMonth', month }, worldOn('2026-09-10'))
    pay('2026-08').thenTypes('PensionPaid')
    pay('2026-09').thenRefused('MONTH_NOT_DUE')
    pay('2026-07').thenRefused('MONTH_NOT_DUE')
    history(...events)
      .when({ type: 'PayMonth', month: '2026-09' })
      .thenNothing()
  })
  test('P§2.4 the base is published: the difference of rounded totals for the months paid goes out with the next', () => {
    const five = paidTo('2026-12-10')
    const world = worldOn('2026-12-20', 'service', published)
    const events = history(...five)
      .when(reassess, world)
      .thenTypes('PensionReassessed')
    const [one] = dataOf(events, 'PensionReassessed')
    // (12,300 + 13,593.96) / 2 × 31 % = 4,013.56; 5,377.28 a month instead of 5,295.38.
    assert.deepEqual([one!.award!.basicFen, one!.award!.totalFen, one!.award!.provisional], [401_356n, 537_728n, false])
    assert.deepEqual(
      [one!.oldTotalFen, one!.monthsPaid, one!.backPayFen, one!.recoverableFen],
      [529_538n, 5, 40_950n, 0n],
    )
    const all = [...five, ...events]
    history(...all)
      .when(reassess, world)
      .thenNothing()
    const [next] = dataOf(
      history(...all)
        .when(payDue, worldOn('2027-01-10'))
        .events(),
      'PensionPaid',
    )
    assert.deepEqual([next!.amountFen, next!.backPayFen], [537_728n, 40_950n])
    const [then] = dataOf(
      history(...paidTo('2027-01-10', all))
        .when(payDue, worldOn('2027-02-10'))
        .events(),
      'PensionPaid',
    )
    assert.equal(then!.backPayFen, 0n)
  })
  test('P§2.4 a lower base makes a recoverable, paid back against receipts, never a silent cut', () => {
    const two = paidTo('2026-09-10')
    const events = [
      ...two,
      ...history(...two)
        .when(reassess, worldOn('2026-12-20', 'service', lower))
        .events(),
    ]
    const [one] = dataOf(events, 'PensionReassessed')
    assert.equal(one!.backPayFen, 0n)
    assert.equal(one!.recoverableFen, (529_538n - one!.award!.totalFen) * 2n)
    const recover = (amountFen: bigint, receiptId = 'b1'): ClaimCommand => ({
      type: 'Recover',
      amountFen,
      receiptId,
      on: '2027-01-05',
    })
    history(...events)
      .when(recover(one!.recoverableFen + 1n))
      .thenRefused('NOTHING_TO_RECOVER')
    const back = history(...events)
      .when(recover(one!.recoverableFen))
      .thenTypes('RecoveryReceived')
    history(...events, ...back)
      .when(recover(one!.recoverableFen))
      .thenNothing()
    history(...events, ...back)
      .when(recover(1n, 'b2'))
      .thenRefused('NOTHING_TO_RECOVER')
  })
  test('P-6 suspended months are not paid; on resumption they are made up where the officer says so', () => {
    const one = paidTo('2026-08-10')
    const suspended = [
      ...one,
      ...history(...one)
        .when({ type: 'Suspend', from: '2026-10', reason: 'NO_PROOF_OF_LIFE' })
        .events(),
    ]
    const stopped = paidTo('2026-12-10', suspended)
    assert.deepEqual(
      dataOf(stopped, 'PensionPaid').map((paid) => paid.month),
      ['2026-08', '2026-09'],
    )
    const resumed = (payMissed: boolean) => {
      const events = [
        ...stopped,
        ...history(...stopped)
          .when({ type: 'Resume', from: '2027-01', payMissed })
          .events(),
      ]
      return dataOf(paidTo('2027-01-10', events), 'PensionPaid').map((paid) => paid.month)
    }
    assert.deepEqual(resumed(false), ['2026-08', '2026-09', '2027-01'])
    assert.deepEqual(resumed(true), ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'])
    history(...one)
      .when({ type: 'Suspend', from: '2026-08', reason: 'PRISON' })
      .thenRefused('MONTH_NOT_DUE')
    history(...one)
      .when({ type: 'Suspend', from: '2026-10', reason: 'x' })
      .thenRefused('REASON_MISSING')
    history(...suspended)
      .when({ type: 'Resume', from: '2026-09', payMissed: true })
      .thenRefused('MONTH_NOT_DUE')
    history(...one)
      .when({ type: 'Resume', from: '2026-09', payMissed: true })
      .thenNothing()
  })
  test('D-9 death: due to its month, later months are recovered; an error restores the pension', () => {
    const five = paidTo('2026-12-10')
    const death: ClaimCommand = { type: 'RegisterDeath', diedOn: '2026-10-03' }
    const ended = [
      ...five,
      ...history(...five)
        .when(death)
        .thenTypes('PensionEnded'),
    ]
    const [one] = dataOf(ended, 'PensionEnded')
    assert.deepEqual([one!.lastMonth, one!.recoverableFen], ['2026-10', 2n * 529_538n])
    history(...ended)
      .when(payDue, worldOn('2027-03-10'))
      .thenNothing()
    history(...ended)
      .when(death)
      .thenNothing()
    history(...ended)
      .when({ type: 'Suspend', from: '2027-01', reason: 'PRISON' })
      .thenRefused('PERSON_DEAD')
    const restored = [
      ...ended,
      ...history(...ended)
        .when({ type: 'RevokeDeath' })
        .thenTypes('PensionRestored'),
    ]
    const state = stateOf(restored) as ClaimState & { status: 'paying' }
    assert.deepEqual([state.status, state.recoverableFen, state.nextMonth], ['paying', 0n, '2027-01'])
  })
  test('D-9 what was due to the month of death and not yet paid is still paid', () => {
    const ended = [
      ...awarded,
      ...history(...awarded)
        .when({ type: 'RegisterDeath', diedOn: '2026-09-30' })
        .events(),
    ]
    assert.deepEqual(
      dataOf(paidTo('2026-12-10', ended), 'PensionPaid').map((paid) => paid.month),
      ['2026-08', '2026-09'],
    )
  })
  test('D-9 an applicant who dies before the award: the claim ends refused', () => {
    const [event] = history(...checked)
      .when({ type: 'RegisterDeath', diedOn: '2026-07-21' })
      .events()
    assert.equal((event!.data as { reason: string }).reason, 'PERSON_DEAD')
    history().when({ type: 'RegisterDeath', diedOn: '2026-07-21' }).thenNothing()
  })
})
