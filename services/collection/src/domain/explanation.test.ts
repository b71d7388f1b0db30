import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc } from '@jinbao/core'
import { shippedPolicy } from '@jinbao/policy'
import { LineSet, WageLine } from '@jinbao/proto/collection/v1/events.ts'
import { verify } from '@jinbao/verify'
import { explainLine } from './assess.ts'
import { flexibleAmounts, tierBase } from './flexible.ts'
import { book } from './journey.example.ts'
import { lateFee } from './lateFee.ts'
import { baseTerms, termsOf } from './terms.ts'

const knownAt = '2026-07-01T02:00:00Z'
/** The separate program recomputes the document and looks every value up in the shipped policy. */
const agrees = (document: object) =>
  assert.deepEqual(verify(JSON.parse(JSON.stringify(document)), { policyFolder: shippedPolicy }).findings, [])
const tariff = { riskClass: 6, floatStep: -1 }

describe('explanations stand up to the verifier and the shipped law', () => {
  for (const place of ['110000', '310000', '540100', '650100'])
    test(`DC-05 a month's five lines, ${place}`, () => {
      const wage = WageLine.create({ personId: 'p1', wageFen: 14_814_599n, months: 12, lineSet: LineSet.ALL_LINES })
      const terms = termsOf(book.policyOn(place), '2025-09', tariff)
      agrees(explainLine(terms, wage, { source: { event: 'e1' }, place, knownAt, employerId: 'e1' }))
    })

  test('C-20 C-21 a late fee over two rates and a part payment', () => {
    const calc = Calc.recording()
    const bills = [{ dueOn: '2011-05-31', fen: 192_000n }]
    const arrears = { bills, payments: [{ on: '2011-06-20', fen: 100_000n }], until: '2011-07-10' }
    const fee = lateFee(calc, arrears, book.policyOn('110000'), { stream: 'collection-declaration-e1-2011-05' })
    agrees(calc.explain({ subject: {}, place: '110000', day: '2011-07-10', knownAt }, { fee }))
  })

  test('C-14 C-15 a flexible worker at the 60 % tier', () => {
    const law = book.policyOn('650000')('2025-03-01')
    const calc = Calc.recording()
    const [average, tiers] = [law.value('wage.average.contribution'), law.table('contribution.flexible.tiers')]
    const base = tierBase(calc, { ...baseTerms(law), average, tiers }, '60')
    const amounts = flexibleAmounts(calc, base, {
      total: law.value('contribution.rate.pension.flexible'),
      account: law.value('contribution.rate.pension.toAccount'),
    })
    agrees(calc.explain({ subject: {}, place: '650000', day: '2025-03-01', knownAt }, { base, ...amounts }))
  })
})
