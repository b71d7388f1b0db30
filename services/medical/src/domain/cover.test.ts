import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addMonths, MonthSet, monthIndex, type PolicyOn } from '@jinbao/core'
import { type CoverFacts, coveredOn, coverOf, type PaidMonth } from './cover.ts'
import { law } from './testing.ts'

const shanghai = law('310000')
const paid = (runs: string, paidIn?: string): PaidMonth[] =>
  [...MonthSet.parse(runs)].map((month) => ({ month, paidIn: paidIn ?? month }))
const facts = (paidMonths: readonly PaidMonth[], change: Partial<CoverFacts> = {}): CoverFacts => ({
  paid: paidMonths,
  elsewhere: MonthSet.empty,
  lifetimeFrom: '',
  diedOn: '',
  ...change,
})
const cover = (one: CoverFacts, policyOn: PolicyOn = shanghai) => coverOf(one, policyOn).months.toString()

describe('O§3.2 entitlement window', () => {
  test('MED-10 cover follows paid months, from the month of payment', () => {
    assert.equal(cover(facts(paid('2025-01..2025-06'))), '2025-01..2025-06')
    assert.equal(cover(facts(paid('2025-01..2025-03', '2025-03'))), '2025-03')
    assert.deepEqual(coveredOn(facts([]), '2025-01-05', shanghai), {
      covered: false,
      reason: 'NEVER_INSURED',
      retired: false,
    })
  })
  test('MED-11 a gap of exactly three months paid back is covered after all', () => {
    const gap = [...paid('2025-01..2025-03'), ...paid('2025-04..2025-07', '2025-07'), ...paid('2025-08')]
    assert.equal(cover(facts(gap)), '2025-01..2025-08')
  })
  test('MED-11 a gap up to three months that is not paid back stays open; cover runs from the month of payment', () => {
    assert.equal(
      cover(facts([...paid('2025-01..2025-03'), ...paid('2025-07..2025-08')])),
      '2025-01..2025-03,2025-07..2025-08',
    )
  })
  test('MED-11 one month late every month is never a long gap', () => {
    const late = [...MonthSet.parse('2025-01..2025-12')].map((month) => ({ month, paidIn: addMonths(month, 1) }))
    assert.equal(cover(facts([...paid('2024-12'), ...late])), '2024-12..2025-12')
  })
  test('MED-13 four months are too long: six months of waiting from the month of payment (paid 2025-06, from 2025-12)', () => {
    const one = facts([...paid('2024-01..2025-01'), ...paid('2025-06..2026-01')])
    assert.equal(cover(one), '2024-01..2025-01,2025-12..2026-01')
    assert.equal(coverOf(one, shanghai).waitingUntil, '2025-12')
    assert.equal(coveredOn(one, '2025-11-30', shanghai).reason, 'WAITING_PERIOD')
    assert.equal(coveredOn(one, '2025-03-01', shanghai).reason, 'MONTH_NOT_PAID')
  })
  test('MED-13 a longer gap paid back all the same is not covered', () => {
    const back = [...paid('2025-01'), ...paid('2025-02..2025-06', '2025-06'), ...paid('2025-07..2025-12')]
    assert.equal(cover(facts(back)), '2025-01,2025-12')
  })
  test('MED-12 24 months in the resident scheme keep the gap rule; 23 do not', () => {
    const now = paid('2025-02..2025-04', '2025-04')
    const elsewhere = (runs: string) => facts(now, { elsewhere: MonthSet.parse(runs) })
    assert.equal(cover(elsewhere('2023-02..2025-01')), '2025-02..2025-04')
    assert.equal(cover(elsewhere('2023-03..2025-01')), '2025-04')
    assert.equal(monthIndex('2025-01') - monthIndex('2023-02') + 1, 24)
  })
  test('MED-14 lifetime cover needs no payment; O§1.7 it ends on the day of death', () => {
    const one = facts(paid('2000-01..2025-06'), { lifetimeFrom: '2025-07', diedOn: '2026-02-10' })
    assert.deepEqual(coveredOn(one, '2026-02-10', shanghai), { covered: true, reason: '', retired: true })
    assert.equal(coveredOn(one, '2026-02-11', shanghai).reason, 'DEAD')
  })
})
