import assert from 'node:assert/strict'
import * as path from 'node:path'
import { describe, test } from 'node:test'
import { Problem } from '@jinbao/core'
import { ItemClass, Treatment } from '@jinbao/proto/medical/v1/events.ts'
import { Bill } from '@jinbao/proto/medical/v1/medical.ts'
import { readCatalogue } from '../catalogue.ts'
import { checkBill, partsOf, pricedItems } from './bill.ts'
import { sameProvince, upward, within } from './places.ts'
import { fen, item, law } from './testing.ts'

const catalogue = readCatalogue(path.join(import.meta.dirname, '../../catalogue'))
const row = (line: number, code: string, on: string, quantity = '1', amount = '100') => ({
  line,
  code,
  on,
  quantity,
  amountFen: fen(amount),
})
const bill = (change: Partial<Bill> = {}): Bill =>
  Bill.create({
    personId: 'p1',
    institutionId: 'h1',
    billNumber: 'b1',
    treatment: Treatment.INPATIENT,
    from: '2025-12-30',
    to: '2026-01-02',
    items: [row(1, 'XL01EB02', '2025-12-31'), row(2, 'XL01EB02', '2026-01-01')],
    ...change,
  })
const reason = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return error instanceof Problem ? error.reason : error
  }
  return 'accepted'
}

describe('O§3.7 a bill comes in', () => {
  test('MED-24 each row by the catalogue of its own day', () => {
    const [old, now] = pricedItems(bill(), '110105', catalogue)
    assert.deepEqual(
      [old?.firstPay, old?.catalogue, now?.firstPay, now?.catalogue],
      ['20%', '000000 2024-01-01', '10%', '000000 2026-01-01'],
    )
    const left = pricedItems(
      bill({ items: [row(1, 'XZ01LIAN', '2025-12-31'), row(2, 'XZ01LIAN', '2026-01-01')] }),
      '110105',
      catalogue,
    )
    assert.deepEqual(
      left.map((one) => one.class),
      [ItemClass.CLASS_A, ItemClass.CLASS_C],
    )
  })
  test('MED-23 the ceiling of a row is its quantity times the ceiling of a piece', () => {
    const [one] = pricedItems(bill({ items: [row(1, 'F2102001', '2025-12-31', '1.5')] }), '110105', catalogue)
    assert.equal(one?.ceilingFen, fen('870'))
  })
  test('O§3.5 the catalogue is that of the place of treatment, then of what lies above it', () => {
    const first = (place: string) =>
      pricedItems(bill({ items: [row(1, 'F2102001', '2026-01-01')] }), place, catalogue)[0]
    assert.deepEqual(
      ['110105', '310101', '650100'].map((place) => first(place)?.catalogue),
      ['110000 2024-01-01', '310000 2024-01-01', '000000 2026-01-01'],
    )
    assert.equal(
      reason(() => pricedItems(bill({ items: [row(1, 'F4200001', '2026-01-01')] }), '110105', catalogue)),
      'ITEM_UNKNOWN',
    )
    assert.deepEqual(upward('540102'), ['540102', '540100', '540000', '000000'])
    assert.ok(within('540100', '540102') && !within('540100', '540200') && within('540000', '540200'))
    assert.ok(sameProvince('540100', '540200') && !sameProvince('540100', '650100'))
  })
  test('O§3.7.2 a stay over new year belongs to the year of discharge, or is split where the policy says so', () => {
    const items = [item(1, 'A', '10', '', '0', '2025-12-31'), item(2, 'A', '20', '', '0', '2026-01-01')]
    const of = (place: string) =>
      partsOf(bill(), items, law(place)('2026-01-02')).map(({ year, from, to, items: own }) => [
        year,
        from,
        to,
        own.length,
      ])
    assert.deepEqual(of('110000'), [[2026, '2025-12-30', '2026-01-02', 2]])
    assert.deepEqual(of('540100'), [
      [2025, '2025-12-30', '2025-12-31', 1],
      [2026, '2026-01-01', '2026-01-02', 1],
    ])
  })
  test('O§3.7 bad bills are refused with a reason', () => {
    const check = (change: Partial<Bill>) => reason(() => checkBill(bill(change), '2026-02-01'))
    assert.equal(check({}), 'accepted')
    assert.equal(check({ billNumber: '' }), 'BILL_NUMBER_MISSING')
    assert.equal(check({ treatment: Treatment.TREATMENT_UNSPECIFIED }), 'TREATMENT_MISSING')
    assert.equal(check({ from: '2026-02-30' }), 'BAD_DAY')
    assert.equal(check({ from: '2026-01-03' }), 'STAY_REVERSED')
    assert.equal(check({ to: '2026-02-02' }), 'DAY_IN_FUTURE')
    assert.equal(check({ treatment: Treatment.OUTPATIENT }), 'VISIT_TOO_LONG')
    assert.equal(check({ items: [] }), 'BILL_EMPTY')
    const long = Array.from({ length: 2_001 }, (_, i) => row(i, 'F4100001', '2026-01-01'))
    assert.equal(check({ items: long }), 'BILL_TOO_LONG')
    const rows = (one: ReturnType<typeof row>) => reason(() => pricedItems(bill({ items: [one] }), '110105', catalogue))
    for (const quantity of ['-1', '0', '0.00', '', '1e3', 'x'])
      assert.equal(rows(row(1, 'F4100001', '2026-01-01', quantity)), 'BAD_QUANTITY')
    assert.equal(rows(row(1, 'F4100001', '2026-01-03')), 'ITEM_OUTSIDE_STAY')
    assert.equal(rows({ ...row(1, 'F4100001', '2026-01-01'), amountFen: -1n }), 'BAD_AMOUNT')
  })
})
