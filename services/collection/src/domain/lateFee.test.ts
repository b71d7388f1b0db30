import assert from 'node:assert/strict'
import * as path from 'node:path'
import { test } from 'node:test'
import { addDays, Calc, daysBetween, formatFen, type PolicyOn, parseYuan, toFen } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import { type CaseFields, runCases } from '@jinbao/policy/cases.ts'
import fc from 'fast-check'
import { type Bill, lateFee, type Payment } from './lateFee.ts'

const shipped = loadPolicy().policyOn('110000')
/** The shipped law, capped at the principal. */
const capping: PolicyOn = (day, place) => {
  const law = shipped(day, place)
  return Object.assign(Object.create(law), {
    value: (key: string) => law.value(key),
    word: (key: string, allowed: readonly string[]) => ({ ...law.word(key, allowed), word: 'true' }),
  })
}
const fen = (text: string) => parseYuan(text)!
const plain = (bills: readonly Bill[], payments: readonly Payment[], until: string, law = shipped) =>
  toFen(lateFee(Calc.plain(), { bills, payments, until }, law))

runCases<CaseFields, CaseFields>(path.join(import.meta.dirname, 'lateFee.cases.yaml'), (given) => {
  const { due, principal, paid, part, partOn, cap } = given as CaseFields & Record<'due' | 'principal' | 'paid', string>
  const payments = part && partOn ? [{ on: partOn, fen: fen(part) }] : []
  const bills = [{ dueOn: due, fen: fen(principal) }]
  return { fee: formatFen(plain(bills, payments, paid, cap === 'true' ? capping : shipped)) }
})

test('EX-3 C-22 three months: principal 5,760.00, late fee 291.84, together 6,051.84', () => {
  const months = ['2025-02-28', '2025-03-31', '2025-04-30']
  const fees = months.map((dueOn) => plain([{ dueOn, fen: 192_000n }], [], '2025-07-10'))
  assert.equal(
    fees.reduce((a, b) => a + b, 576_000n),
    605_184n,
  )
})

test('S-01 the fee is the sum over days of what was unpaid on each, whatever the payments', () => {
  const payments = fc.array(
    fc.record({ day: fc.integer({ min: -5, max: 90 }), fen: fc.bigInt({ min: 1n, max: 60_000n }) }),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(payments, fc.integer({ min: 0, max: 120 }), (made, late) => {
      const dueOn = '2025-02-28'
      const until = addDays(dueOn, late)
      const bills = [{ dueOn, fen: 192_000n }]
      const paid = made.map(({ day, fen: amount }) => ({ on: addDays(dueOn, day), fen: amount }))
      let unpaidDays = 0n
      for (let day = addDays(dueOn, 1); daysBetween(day, until) >= 0; day = addDays(day, 1)) {
        const left = 192_000n - paid.filter(({ on }) => on < day).reduce((sum, one) => sum + one.fen, 0n)
        if (left > 0n) unpaidDays += left
      }
      assert.equal(plain(bills, paid, until), (unpaidDays * 5n * 2n + 10_000n) / 20_000n)
    }),
  )
})

test('C-6 a supplement due later bears a fee from its own due day only', () => {
  const bills = [
    { dueOn: '2025-02-28', fen: 100_000n },
    { dueOn: '2025-06-30', fen: 20_000n },
  ]
  const paid = [{ on: '2025-02-20', fen: 100_000n }]
  assert.equal(plain(bills, paid, '2025-07-10'), 100n)
})

test('C-20 the explanation shows both rates with their source and comes to the same fen', () => {
  const calc = Calc.recording()
  const arrears = { bills: [{ dueOn: '2011-05-31', fen: 100_000n }], payments: [], until: '2011-07-10' }
  const fee = lateFee(calc, arrears, shipped)
  const about = { subject: {}, place: '110000', day: '2011-07-10', knownAt: '2026-01-01T00:00:00Z' }
  const { steps, amounts } = calc.explain(about, { fee })
  assert.equal(amounts[0]!.amountFen, '6500')
  assert.deepEqual(
    steps.filter((step) => step.op === 'policy').map((step) => step.value),
    ['0.002', '0.0005'],
  )
})
