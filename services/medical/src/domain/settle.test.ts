import assert from 'node:assert/strict'
import * as path from 'node:path'
import { describe, test } from 'node:test'
import { formatFen } from '@jinbao/core'
import { shippedPolicy } from '@jinbao/policy'
import { type CaseFields, runCases } from '@jinbao/policy/cases.ts'
import {
  type Accumulators,
  type HospitalLevel,
  type OffRegion,
  type PricedItem,
  type Settlement,
  Treatment,
} from '@jinbao/proto/medical/v1/events.ts'
import { Law, verify } from '@jinbao/verify'
import fc from 'fast-check'
import { noYear } from './figures.ts'
import { accumulate, explainSettlement, settle } from './settle.ts'
import { bill, fen, item, law, trialLaw } from './testing.ts'

const lawFolder = Law.open(shippedPolicy)
const at = (file: string) => path.join(import.meta.dirname, file)

const itemsOf = (text: string): PricedItem[] =>
  text.split(' ').map((one, i) => {
    const [kind, amount = '0', firstPay, ceiling] = one.split(':')
    return item(i + 1, kind as 'A' | 'B' | 'C', amount, firstPay, ceiling)
  })

const yearOf = (given: CaseFields): Accumulators => ({
  ...noYear,
  ...Object.fromEntries(
    Object.keys(noYear)
      .filter((name) => given[name] !== undefined)
      .map((name) => [name, name === 'admissions' ? Number(given[name]) : fen(given[name] ?? '0')]),
  ),
})

const factsOf = (given: CaseFields) =>
  bill(itemsOf(given.items ?? ''), {
    treatment: given.treatment as Treatment,
    before: yearOf(given),
    standing: {
      level: given.level as HospitalLevel,
      retired: given.retired === 'true',
      offRegion: given.offRegion as OffRegion,
      layers: (given.layers ?? '').split(' ').filter(Boolean),
    },
  })

const shown = (one: Settlement) => ({
  T: formatFen(one.totalFen),
  C: formatFen(one.outOfScopeFen),
  L: formatFen(one.overCeilingFen),
  B: formatFen(one.firstPayFen),
  E: formatFen(one.eligibleFen),
  d: formatFen(one.deductibleFen),
  pool: formatFen(one.poolFen),
  large: formatFen(one.largeFen),
  I: formatFen(one.selfPayFen),
  serious: formatFen(one.seriousFen),
  P: formatFen(one.personFen),
})

describe('O§3.7 settlement', () => {
  runCases(at('settle.cases.yaml'), (given) => {
    const facts = factsOf(given)
    const policyOn = law(given.place ?? '')
    const plain = settle(policyOn, given.on ?? '', facts)
    const about = { subject: {}, place: given.place ?? '', knownAt: '2026-03-10T00:00:00Z' }
    const explained = explainSettlement(policyOn, given.on ?? '', facts, about)
    assert.deepEqual(explained.settlement, plain, 'with and without explanation')
    assert.deepEqual(verify(explained.explanation, { law: lawFolder }).findings, [])
    return shown(plain)
  })

  test('O§3.7.1 a bill that is not covered is wholly personal and moves nothing', () => {
    const facts = bill([item(1, 'A', '1000'), item(2, 'C', '50')], { standing: { covered: false } })
    const one = settle(law('110000'), '2026-03-10', facts)
    assert.equal(one.personFen, fen('1050'))
    assert.equal(one.selfPayFen, one.eligibleFen)
    assert.equal(one.accountLimitFen, 0n)
    assert.equal(accumulate(noYear, Treatment.INPATIENT, false, one), noYear)
  })

  test('MED-05 E3 the account pays the in-scope part; where the region says so also B and L, never C', () => {
    const items = itemsOf('A:18000 A:21480 B:9000:10% B:10000:20%:8000 C:4000')
    const base = settle(law('110000'), '2026-03-10', bill(items))
    assert.equal(base.accountLimitFen, fen('7304'))
    const wide = trialLaw(`
medical.account.retireeMonthly:
  - { from: 2001-01-01, rows: { '0': 100 }, source: t, mark: illustrative }
medical.account.pays:
  - { from: 2001-01-01, word: IN_SCOPE_FIRST_PAY_AND_CEILING, source: t, mark: illustrative }
medical.ip.deductible:
  - { from: 2001-01-01, rows: { '3/first/active': 1300 }, source: t, mark: illustrative }
medical.ip.bands:
  - { from: 2001-01-01, rows: { '3/active/0': 85%, '3/active/30000': 90%, '3/active/40000': 95% }, source: t, mark: illustrative }
medical.cap.pool:
  - { from: 2001-01-01, value: 100000, source: t, mark: illustrative }
`)
    assert.equal(settle(wide, '2026-03-10', bill(items)).accountLimitFen, fen('11804'))
  })

  test('G-05 a level the region has no row for is refused, never zero', () => {
    const none = trialLaw(`
medical.ip.deductible:
  - { from: 2001-01-01, rows: { '3/first/active': 1300 }, source: t, mark: illustrative }
`)
    assert.throws(
      () => settle(none, '2026-03-10', bill([item(1, 'A', '10')], { before: { ...noYear, admissions: 1 } })),
      (error) => (error as { reason?: string }).reason === 'NO_RATIO_FOR_LEVEL',
    )
  })
})

// --- step 15 as a property --------------------------------------------------------------------------------------------

const percent = fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`)
const yuan = (max: number) => fc.integer({ min: 0, max })

const lawText = fc
  .record({
    scope: fc.constantFrom('ADMISSION', 'YEAR'),
    coordinate: fc.constantFrom('WITH_DEDUCTIBLE', 'AFTER_DEDUCTIBLE'),
    basis: fc.constantFrom('FUND_PAID', 'ELIGIBLE'),
    rounding: fc.constantFrom('HALF_UP_FEN', 'FLOOR_FEN'),
    pays: fc.constantFrom('IN_SCOPE', 'IN_SCOPE_FIRST_PAY_AND_CEILING'),
    deductible: yuan(3_000),
    bounds: fc.uniqueArray(fc.integer({ min: 1, max: 60_000 }), { maxLength: 3 }),
    ratios: fc.array(percent, { minLength: 4, maxLength: 4 }),
    cap: yuan(80_000),
    largeCap: yuan(40_000),
    large: percent,
    opLimit: yuan(3_000),
    serious: yuan(20_000),
    share: percent,
  })
  .map((v) => {
    const rows = [0, ...v.bounds.sort((a, b) => a - b)].map((from, i) => `'3/active/${from}': ${v.ratios[i]}`)
    const word = (key: string, value: string) =>
      `medical.${key}:\n  - { from: 2001-01-01, word: ${value}, source: t, mark: illustrative }\n`
    const value = (key: string, of: string | number) =>
      `medical.${key}:\n  - { from: 2001-01-01, value: ${of}, source: t, mark: illustrative }\n`
    const table = (key: string, of: string) =>
      `medical.${key}:\n  - { from: 2001-01-01, rows: { ${of} }, source: t, mark: illustrative }\n`
    return [
      word('ip.bandScope', v.scope),
      word('ip.bandCoordinate', v.coordinate),
      word('cap.basis', v.basis),
      word('rounding', v.rounding),
      word('account.pays', v.pays),
      table('ip.deductible', `'3/first/active': ${v.deductible}, '3/later/active': ${v.deductible}`),
      table('ip.bands', rows.join(', ')),
      value('cap.pool', v.cap),
      value('large.cap', v.largeCap),
      value('large.ratio.active', v.large),
      value('op.deductible.active', v.deductible),
      table('op.ratio', `'3': ${v.ratios[0]}`),
      value('op.limit', v.opLimit),
      value('op.overLimitRatio.active', v.large),
      value('serious.deductible', v.serious),
      table('serious.bands', `'0': ${v.share}, '5000': 70%`),
      table('supplement.ratio', `CIVIL_SERVANT: ${v.share}, MEDICAL_AID: 70%`),
    ].join('')
  })

const anyItem = fc
  .record({
    kind: fc.constantFrom('A', 'B', 'B', 'C'),
    amount: fc.integer({ min: 0, max: 3_000_000 }),
    first: percent,
    ceiling: fc.integer({ min: 0, max: 2_000_000 }),
  })
  .map(({ kind, amount, first, ceiling }) => ({
    ...item(1, kind as 'A', '0', kind === 'B' ? first : ''),
    amountFen: BigInt(amount),
    ceilingFen: kind === 'C' ? 0n : BigInt(ceiling),
  }))

const anyBill = fc.record({
  items: fc.array(anyItem, { minLength: 1, maxLength: 12 }),
  treatment: fc.constantFrom(Treatment.INPATIENT, Treatment.OUTPATIENT, Treatment.CHRONIC),
  covered: fc.boolean(),
  layers: fc.subarray(['CIVIL_SERVANT', 'MEDICAL_AID']),
})

test('O§3.7.15 T = pool + large + serious + other + person with every term at least 0, over any bills, bands and caps', () => {
  const property = fc.property(lawText, fc.array(anyBill, { minLength: 1, maxLength: 6 }), (text, bills) => {
    const policyOn = trialLaw(text)
    let before = noYear
    for (const { items, treatment, covered, layers } of bills) {
      const facts = bill(items, { treatment, before, standing: { covered, layers } })
      const one = settle(policyOn, '2026-03-10', facts)
      const charged = items.reduce((sum, { amountFen }) => sum + amountFen, 0n)
      assert.equal(one.totalFen, charged)
      assert.ok(one.accountLimitFen >= 0n && one.accountLimitFen <= one.personFen - one.outOfScopeFen)
      assert.ok(one.seriousFen <= one.selfPayFen && one.deductibleFen <= one.eligibleFen)
      before = accumulate(before, treatment, covered, one)
      const value = (key: string) => policyOn('2026-03-10').value(key)
      const fenOf = (key: string) => (value(key).n * 100n) / value(key).d
      assert.ok(before.largePaidFen <= fenOf('medical.large.cap'), 'the large-amount cap holds')
      const basis = policyOn('2026-03-10').word('medical.cap.basis', ['FUND_PAID', 'ELIGIBLE']).word
      if (basis === 'FUND_PAID') assert.ok(before.poolPaidFen <= fenOf('medical.cap.pool'), 'the pool cap holds')
    }
  })
  fc.assert(property, { numRuns: 60 })
})
