import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as core from '@jinbao/core'
import fc from 'fast-check'
import * as f from './fraction.ts'

const pairs = fc.tuple(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.bigInt({ min: 1n, max: 10n ** 8n }))
const ours = ([n, d]: readonly [bigint, bigint]) => f.fraction(n, d)
const theirs = ([n, d]: readonly [bigint, bigint]) => core.rational(n, d)
const agree = (mine: f.Fraction, other: core.Rational) => assert.equal(f.write(mine), core.formatRational(other))

test('G-01 two arithmetics written apart agree', () => {
  fc.assert(
    fc.property(pairs, pairs, fc.nat(6), (a, b, digits) => {
      agree(f.plus(ours(a), ours(b)), core.q.add(theirs(a), theirs(b)))
      agree(f.minus(ours(a), ours(b)), core.q.sub(theirs(a), theirs(b)))
      agree(f.times(ours(a), ours(b)), core.q.mul(theirs(a), theirs(b)))
      if (b[0] !== 0n) agree(f.over(ours(a), ours(b)), core.q.div(theirs(a), theirs(b)))
      assert.equal(f.order(ours(a), ours(b)), core.q.compare(theirs(a), theirs(b)))
      for (const mode of ['HALF_UP', 'FLOOR', 'CEIL'] as const)
        agree(f.rounded(ours(a), mode, digits), core.round(theirs(a), { mode, digits }))
      assert.ok(f.same(f.read(core.formatRational(theirs(a))) ?? [0n, 0n], ours(a)))
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
