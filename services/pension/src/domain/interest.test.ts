import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc, formatFen, Problem, parseYuan, toFen } from '@jinbao/core'
import { noParts, type Parts, totalOf } from './balances.ts'
import { interestOf, type SegmentFacts, type Terms, termsOf } from './interest.ts'
import { beijing, cases, type Law, lawWith } from './testing.ts'

interface Cases {
  months: {
    rule: string
    why: string
    year: number
    method: string
    opening: string
    credits: Record<string, string>
    onOpening: string
    onCredits: string
    closing: string
  }[]
  idle: Record<string, string>
  payout: {
    why: string
    year: number
    after: number
    opening: string
    monthly: string
    paidFrom: number
    interest: string
    closing: string
  }[]
}
const { months, idle, payout } = cases<Cases>('interest.cases.yaml')

const fen = (text: string) => parseYuan(text)!
const from98 = (text: string): Parts => [0n, 0n, fen(text), 0n]
const whole: SegmentFacts = {
  year: 2024,
  after: 0,
  to: 12,
  payout: false,
  opening: noParts,
  credits: [],
  charges: [],
  stream: 'a',
}
const method = (word: string): Law => ({ ...beijing, 'account.interestMethod': [{ from: '1998-01-01', word }] })
const terms = (year: number, law = beijing, knownAt?: string): Terms =>
  termsOf(Calc.plain(), lawWith(law, knownAt), year)!

describe('interest', () => {
  for (const one of months)
    test(`${one.rule} ${one.why}`, () => {
      const credits = Object.entries(one.credits).map(([at, yuan]) => ({ at: Number(at), part: 2, fen: fen(yuan) }))
      const facts = { ...whole, opening: from98(one.opening), credits }
      const interest = interestOf(Calc.plain(), facts, terms(one.year, method(one.method)))
      assert.equal(formatFen(toFen(interest.opening)), one.onOpening)
      assert.equal(formatFen(toFen(interest.credits)), one.onCredits)
      const credited = credits.reduce((sum, credit) => sum + credit.fen, 0n)
      assert.equal(formatFen(fen(one.opening) + credited + toFen(interest.total)), one.closing)
      assert.equal(totalOf(interest.parts), toFen(interest.total))
    })

  test('EX-5 I-1 an idle account through the national rates', () => {
    let balance = 1_000_000n
    for (const [year, closing] of Object.entries(idle)) {
      const facts = { ...whole, year: Number(year), opening: [0n, 0n, balance, 0n] }
      balance += toFen(interestOf(Calc.plain(), facts, terms(Number(year))).total)
      assert.equal(formatFen(balance), closing, year)
    }
  })

  for (const one of payout)
    test(`EX-11 f ${one.why}`, () => {
      const charges = Array.from({ length: 13 - one.paidFrom }, (_, i) => ({
        at: one.paidFrom + i,
        part: 2,
        fen: fen(one.monthly),
      }))
      const facts = { ...whole, year: one.year, after: one.after, payout: true, opening: from98(one.opening), charges }
      const { rate, ...rest } = terms(one.year)
      assert.ok(rate.provisional && rate.year === 2025)
      const interest = toFen(interestOf(Calc.plain(), facts, { rate, ...rest }).total)
      assert.equal(formatFen(interest), one.interest)
      assert.equal(formatFen(fen(one.opening) - fen(one.monthly) * BigInt(charges.length) + interest), one.closing)
    })

  test('I-1 the retirement year to the retirement month: opening by m twelfths, credits by the months left', () => {
    const facts = { ...whole, to: 7, opening: from98('12000.00'), credits: [{ at: 6, part: 2, fen: 100_000n }] }
    const interest = interestOf(Calc.plain(), facts, terms(2024))
    // 12,000 × 2.62 % × 7/12 and 1,000 × 2 × 2.62 % / 12
    assert.equal(toFen(interest.opening), 18_340n)
    assert.equal(toFen(interest.credits), 437n)
  })

  test('I-1 the parts of the account share what the whole earned, by largest remainder', () => {
    const facts = { ...whole, opening: [100n, 100n, 100n, 0n] }
    const { total, parts } = interestOf(Calc.plain(), facts, terms(2024))
    assert.equal(toFen(total), 8n)
    assert.deepEqual(parts, [3n, 3n, 2n, 0n])
  })

  test('I-4 before its rate is published a year is settled with the last published one, or not, as the region says', () => {
    const early = terms(2024, beijing, '2025-05-31')
    assert.deepEqual([early.rate.year, early.rate.provisional], [2023, true])
    assert.deepEqual([terms(2024).rate.year, terms(2024).rate.provisional], [2024, false])
    const until = (word: string): Law => ({ ...beijing, 'interest.provisionalPolicy': [{ from: '1998-01-01', word }] })
    const early2024 = (word: string, settling = false) =>
      termsOf(Calc.plain(), lawWith(until(word), '2025-05-31'), 2024, settling)
    assert.equal(early2024('NONE'), undefined)
    assert.equal(early2024('NONE', true)?.rate.year, 2023)
    assert.throws(
      () => early2024('ERROR'),
      (error) => error instanceof Problem && error.reason === 'RATE_NOT_PUBLISHED',
    )
  })

  test('I-1 recording and plain arithmetic give the same interest, and the record explains it', () => {
    const facts = { ...whole, opening: from98('12345.67'), credits: [{ at: 3, part: 2, fen: 56_789n }] }
    const calc = Calc.recording()
    const recorded = interestOf(calc, facts, termsOf(calc, lawWith(beijing), 2024)!)
    assert.equal(toFen(recorded.total), toFen(interestOf(Calc.plain(), facts, terms(2024)).total))
    const about = { subject: { person: 'p1' }, place: '110000', day: '2024-12-31', knownAt: '2026-01-01T00:00:00Z' }
    const document = calc.explain(about, { interest: recorded.total })
    assert.ok(document.steps.some((step) => step.op === 'policy' && step.policy?.key === 'account.interestRate'))
  })
})
