import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as q from './rational.ts'
import * as r from './rounding.ts'

const rounded = (text: string, by: r.Rounding) => q.formatRational(r.round(q.parseRational(text), by))

test('G-01 G-02 half up is exact where a binary float is not', () => {
  assert.equal(rounded('137.25', r.HALF_UP_JIAO), '137.3')
  assert.equal(rounded('12345.50', r.HALF_UP_YUAN), '12346')
  assert.equal(rounded('12345.49', r.HALF_UP_YUAN), '12345')
  assert.equal(rounded('1.005', r.HALF_UP_FEN), '1.01')
  assert.equal(rounded('136.6666666666', r.HALF_UP_JIAO), '136.7')
  assert.equal(rounded('2/3', r.halfUp(4)), '0.6667')
})

test('G-02 half up goes away from zero below zero too', () => {
  assert.equal(rounded('-137.25', r.HALF_UP_JIAO), '-137.3')
  assert.equal(rounded('-0.004', r.HALF_UP_FEN), '0')
  assert.equal(rounded('-0.005', r.HALF_UP_FEN), '-0.01')
})

test('G-02 floor goes down, ceiling goes up, also below zero', () => {
  assert.equal(rounded('1.239', r.FLOOR_FEN), '1.23')
  assert.equal(rounded('-1.231', r.FLOOR_FEN), '-1.24')
  assert.equal(rounded('1.231', r.CEIL_FEN), '1.24')
  assert.equal(rounded('-1.239', r.CEIL_FEN), '-1.23')
  assert.equal(rounded('1.01', r.CEIL_JIAO), '1.1')
  assert.equal(rounded('5', r.CEIL_YUAN), '5')
  assert.equal(rounded('5.9', r.FLOOR_YUAN), '5')
  assert.equal(rounded('5.99', r.floorTo(1)), '5.9')
})

test('more decimals than any rule uses are refused', () => {
  assert.throws(() => r.round(q.one, r.halfUp(13)), RangeError)
  assert.throws(() => r.round(q.one, r.halfUp(-1)), RangeError)
})

test('G-02 a rounding errs by at most half a unit (half up) or less than one unit (floor, ceiling)', () => {
  const bigs = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
  fc.assert(
    fc.property(bigs, fc.bigInt({ min: 1n, max: 10n ** 6n }), fc.nat(6), (n, d, digits) => {
      const value = q.rational(n, d)
      const unit = q.rational(1n, 10n ** BigInt(digits))
      const off = (mode: r.RoundingMode) => q.div(q.sub(r.round(value, { mode, digits }), value), unit)
      const half = off('HALF_UP')
      assert.ok(q.compare(half, q.rational(1n, 2n)) <= 0 && q.compare(half, q.rational(-1n, 2n)) >= 0)
      assert.ok(off('FLOOR').n <= 0n && q.compare(off('FLOOR'), q.integer(-1)) > 0)
      assert.ok(off('CEIL').n >= 0n && q.compare(off('CEIL'), q.one) < 0)
      const again = r.round(value, { mode: 'HALF_UP', digits })
      assert.ok(q.equal(r.round(again, { mode: 'HALF_UP', digits }), again))
    }),
  )
})
