// The verifier beside the platform: two programs written apart must agree. It stands here because the verifier's own
// tests, like the verifier, use nothing of ours.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as core from '@jinbao/core'
import { MonthSet, Problem, q } from '@jinbao/core'
import { Law, readRules, verify } from '@jinbao/verify'
import * as f from '@jinbao/verify/fraction.ts'
import fc from 'fast-check'
import { shippedPolicy } from './read.ts'
import { book, honest } from './verifier.example.ts'

const law = Law.open(shippedPolicy)
const rules = readRules()
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

test('G-04 two readers of the law written apart give the same answers', () => {
  const keys = [...book.folder.keys.values()]
  const places = [...book.folder.places.keys()]
  const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  const days = day.map((date) => date.toISOString().slice(0, 10))
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.constantFrom(...places), days, days, (key, place, on, knownAt) => {
      const policy = book.on(place, on, { knownAt })
      const entry = law.inForce(key.key, place, on, knownAt)
      assert.equal(policy.has(key.key), entry !== undefined, `${key.key} ${place} ${on} ${knownAt}`)
      if (!entry) return void assert.throws(() => policy[key.shape](key.key, []), Problem)
      if (key.shape === 'word') return void assert.equal(policy.word(key.key, key.words ?? []).word, entry.word)
      const cell = (text: string): q.Rational => {
        const [n, d] = law.number(key.key, text) ?? [0n, 0n]
        return { n, d }
      }
      if (key.shape === 'table') {
        const { rows } = policy.table(key.key)
        assert.equal(rows.size, Object.keys(entry.rows ?? {}).length)
        for (const [row, text] of Object.entries(entry.rows ?? {})) assert.ok(q.equal(rows.get(row)!, cell(text)))
        return
      }
      assert.ok(q.equal(policy.value(key.key), cell(entry.value ?? '')))
    }),
    { numRuns: 1000 },
  )
})

test('G-01 every honest document verifies, whatever the facts and the place', () => {
  const fen = fc.bigInt({ min: 0n, max: 10n ** 10n })
  const places = fc.constantFrom('110000', '540100', '650100')
  fc.assert(
    fc.property(fen, fen, fc.integer({ min: 0, max: 500 }), places, (wageFen, accountFen, count, place) => {
      const months = MonthSet.of(Array.from({ length: count }, (_, i) => `${1980 + (i % 40)}-0${1 + (i % 9)}`))
      const report = verify(honest({ wageFen, accountFen, months }, place), { law, rules })
      assert.deepEqual(report.findings, [])
      for (const one of report.sources) assert.ok(one.rule && one.source, one.step)
    }),
    { numRuns: 60 },
  )
})
