import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as q from './rational.ts'

const rationals = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 10n ** 9n }))
  .map(([n, d]) => q.rational(n, d))
const same = (a: q.Rational, b: q.Rational) => assert.ok(q.equal(a, b), `${a.n}/${a.d} ≠ ${b.n}/${b.d}`)

test('G-01 rationals obey the laws of arithmetic exactly', () => {
  fc.assert(
    fc.property(rationals, rationals, rationals, (a, b, c) => {
      same(q.add(a, b), q.add(b, a))
      same(q.mul(a, b), q.mul(b, a))
      same(q.add(q.add(a, b), c), q.add(a, q.add(b, c)))
      same(q.mul(q.mul(a, b), c), q.mul(a, q.mul(b, c)))
      same(q.mul(a, q.add(b, c)), q.add(q.mul(a, b), q.mul(a, c)))
      same(q.sub(q.add(a, b), b), a)
      if (b.n !== 0n) same(q.mul(q.div(a, b), b), a)
    }),
  )
})

test('G-01 order is total and agrees with subtraction', () => {
  fc.assert(
    fc.property(rationals, rationals, (a, b) => {
      const difference = q.sub(a, b).n
      assert.equal(q.compare(a, b), difference < 0n ? -1 : difference > 0n ? 1 : 0)
      assert.equal(q.compare(a, b) + q.compare(b, a), 0)
    }),
  )
})

test('G-01 text of a rational reads back as the same number, in its shortest form', () => {
  fc.assert(
    fc.property(rationals, (a) => {
      const text = q.formatRational(a)
      same(q.parseRational(text), a)
      assert.doesNotMatch(text, /\.\d*0$|\.$|^-0$/)
      assert.equal(q.formatRational({ n: a.n * 7n, d: a.d * 7n }), text)
    }),
  )
})

test('numbers as the law writes them', () => {
  const cases: [string, string][] = [
    ['16%', '0.16'],
    ['0.05%', '0.0005'],
    ['-0.050', '-0.05'],
    ['7/3', '7/3'],
    ['6/3', '2'],
    ['-1/8', '-0.125'],
    ['12682.775', '12682.775'],
    ['100', '100'],
    ['0.00', '0'],
  ]
  for (const [read, written] of cases) assert.equal(q.formatRational(q.parseRational(read)), written)
  for (const wrong of ['', '1e3', '.5', '1.', '--1', '0x10', ' 1', '1/0', '1/-2', 'NaN', '1,000', '２'])
    assert.throws(() => q.parseRational(wrong), RangeError, wrong)
})

test('division by zero throws, a negative divisor changes the sign', () => {
  assert.throws(() => q.div(q.one, q.zero), /division by zero/)
  assert.deepEqual(q.rational(1n, -2n), { n: -1n, d: 2n })
})

test('a long sum of quotients stays small', () => {
  let sum = q.zero
  for (let i = 1n; i <= 2000n; i++) sum = q.add(sum, q.div(q.integer(i), q.integer((i % 97n) + 1n)))
  assert.ok(sum.d.toString().length < 60)
})
