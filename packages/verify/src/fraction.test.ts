import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as f from './fraction.ts'

const fractions = fc
  .tuple(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.bigInt({ min: 1n, max: 10n ** 8n }))
  .map(([n, d]) => f.fraction(n, d))

test('G-01 fractions obey the laws of arithmetic exactly and read back from their text', () => {
  fc.assert(
    fc.property(fractions, fractions, fractions, (a, b, c) => {
      assert.deepEqual(f.plus(a, f.plus(b, c)), f.plus(f.plus(a, b), c))
      assert.deepEqual(f.times(a, f.plus(b, c)), f.plus(f.times(a, b), f.times(a, c)))
      assert.deepEqual(f.minus(f.plus(a, b), b), a)
      if (b[0] !== 0n) assert.deepEqual(f.times(f.over(a, b), b), a)
      assert.equal(f.order(a, b), -f.order(b, a) || 0)
      assert.deepEqual(f.read(f.write(a)), a)
    }),
  )
})

test('G-02 half up is away from zero: 137.25, 12 345.50, and below zero', () => {
  const to = (text: string, digits: number) => f.write(f.rounded(f.read(text) ?? [0n, 1n], 'HALF_UP', digits))
  assert.deepEqual([to('137.25', 1), to('12345.50', 0), to('-137.25', 1)], ['137.3', '12346', '-137.3'])
})

test('numbers are read exactly or not at all', () => {
  assert.deepEqual(f.read('16%'), [4n, 25n])
  assert.deepEqual(f.read('-6/4'), [-3n, 2n])
  for (const wrong of ['', '1e3', '.5', '1.', '1/0', '1/2%', 'NaN', '1,000']) assert.equal(f.read(wrong), undefined)
  assert.throws(() => f.over([1n, 1n], [0n, 1n]), f.DivisionByZero)
})
