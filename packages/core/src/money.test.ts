import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatFen, largestRemainder, parseYuan, splitYuan, toFen, yuan } from './money.ts'
import { parseRational } from './rational.ts'

const fens = fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n })
const sum = (parts: readonly bigint[]) => parts.reduce((a, b) => a + b, 0n)

test('G-01 fen to yuan and back', () => {
  fc.assert(fc.property(fens, (fen) => assert.equal(toFen(yuan(fen)), fen)))
})

test('G-01 a fraction of a fen is refused until a named rounding has removed it', () => {
  assert.equal(toFen(parseRational('3931.66')), 393166n)
  assert.throws(() => toFen(parseRational('3931.66025')), /not a whole number of fen/)
  assert.throws(() => toFen(parseRational('1/3')), RangeError)
  assert.throws(() => toFen(parseRational('-0.001')), RangeError)
})

test('G-01 yuan as people write them', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (fen) => {
      assert.equal(parseYuan(formatFen(fen)), fen)
    }),
  )
  assert.equal(formatFen(-5n), '-0.05')
  assert.equal(formatFen(123405n), '1234.05')
  assert.equal(parseYuan(' 12 '), 1200n)
  assert.equal(parseYuan('-0.5'), -50n)
  for (const wrong of ['', '1.234', '1e3', '1,000', '.5', '1.', 'NaN', '1234567890123456'])
    assert.equal(parseYuan(wrong), undefined, wrong)
})

const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 })

test('S-06 largest remainder conserves the total and gives each its share to within one fen', () => {
  fc.assert(
    fc.property(fens, weights, (total, among) => {
      const parts = largestRemainder(total, among)
      assert.equal(sum(parts), total)
      const whole = sum(among)
      if (whole === 0n) return
      for (const [i, part] of parts.entries()) {
        const error = part * whole - total * among[i]!
        assert.ok(error < whole && error > -whole)
      }
    }),
  )
})

test('S-06 ties go to the earlier part, no weight means the first, a debt splits as its opposite', () => {
  assert.deepEqual(largestRemainder(100n, [1n, 1n, 1n]), [34n, 33n, 33n])
  assert.deepEqual(largestRemainder(-100n, [1n, 1n, 1n]), [-34n, -33n, -33n])
  assert.deepEqual(largestRemainder(7n, [0n, 0n]), [7n, 0n])
  assert.deepEqual(largestRemainder(5n, [0n, 3n]), [0n, 5n])
  assert.throws(() => largestRemainder(1n, []), /nothing to split/)
  assert.throws(() => largestRemainder(1n, [1n, -1n]), /negative weight/)
})

test('S-06 yuan split by rates of different denominators', () => {
  const parts = splitYuan(yuan(10001n), ['16%', '0.08', '1/3'].map(parseRational))
  assert.equal(sum(parts.map(toFen)), 10001n)
  assert.deepEqual(parts.map(toFen), [2791n, 1395n, 5815n])
})
