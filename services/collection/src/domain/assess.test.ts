import assert from 'node:assert/strict'
import * as path from 'node:path'
import { test } from 'node:test'
import { Calc, formatFen, formatRational, parseYuan, toFen } from '@jinbao/core'
import { loadPolicy } from '@jinbao/policy'
import { type CaseFields, runCases } from '@jinbao/policy/cases.ts'
import { type AssessedLine, LineSet, WageLine } from '@jinbao/proto/collection/v1/events.ts'
import { Line } from '@jinbao/proto/common/v1/common.ts'
import fc from 'fast-check'
import { assessLines, explainLine, injuryRate } from './assess.ts'
import { totalOf } from './estimate.ts'
import { lineKeys, type Terms, termsOf } from './terms.ts'

const book = loadPolicy()
const class1 = { riskClass: 1, floatStep: 0 }
const terms = (place: string, month: string, tariff = class1) => termsOf(book.policyOn(place), month, tariff)
const wageOf = (yuan: string, months = '1', lineSet: string = LineSet.ALL_LINES) =>
  WageLine.create({ personId: 'p1', wageFen: parseYuan(yuan)!, months: Number(months), lineSet: lineSet as LineSet })
const assessOne = (of: Terms, wage: WageLine): AssessedLine => assessLines(of, [wage])[0]!

/** The amounts a case asks for: `employer / employee` by line. */
function shown(line: AssessedLine, asked: Iterable<string>): CaseFields {
  const all: Record<string, string> = { base: formatFen(line.baseFen) }
  for (const due of line.lines) {
    const key = lineKeys[due.line as keyof typeof lineKeys]
    all[key] = `${formatFen(due.employerFen)} / ${formatFen(due.employeeFen)}`
    all[`${key}Account`] = formatFen(due.accountFen)
  }
  return Object.fromEntries([...asked].map((key) => [key, all[key] ?? 'nothing']))
}

runCases<CaseFields, CaseFields>(path.join(import.meta.dirname, 'assess.cases.yaml'), (given, { expect }) => {
  const { place, month, wage, months, lineSet } = given as Record<'place' | 'month' | 'wage', string> & CaseFields
  return shown(assessOne(terms(place, month), wageOf(wage, months, lineSet)), Object.keys(expect))
})

test('E1 DC-05 unit totals are sums of rounded amounts: 16,104.86 and 6,590.06, payable 22,694.92', () => {
  const lines = assessLines(
    terms('310000', '2025-07'),
    ['5000', '18000.50', '60000'].map((w) => wageOf(w)),
  )
  const sum = (of: (line: AssessedLine) => bigint) => lines.map(of).reduce((a, b) => a + b, 0n)
  const side = (line: Line, of: 'employerFen' | 'employeeFen') =>
    formatFen(sum(({ lines: all }) => all.find((one) => one.line === line)?.[of] ?? 0n))
  assert.equal(side(Line.PENSION, 'employerFen'), '10042.00')
  assert.equal(side(Line.PENSION, 'employeeFen'), '5021.00')
  assert.equal(side(Line.MEDICAL, 'employerFen'), '5648.63')
  assert.equal(side(Line.MEDICAL, 'employeeFen'), '1255.25')
  assert.equal(side(Line.UNEMPLOYMENT, 'employerFen'), '313.81')
  assert.equal(side(Line.INJURY, 'employerFen'), '100.42')
  assert.equal(formatFen(sum(({ lines: all }) => all.reduce((a, one) => a + one.employerFen, 0n))), '16104.86')
  assert.equal(formatFen(sum(({ lines: all }) => all.reduce((a, one) => a + one.employeeFen, 0n))), '6590.06')
  assert.equal(formatFen(sum(({ lines: all }) => totalOf(all))), '22694.92')
})

test('E11 WI-02 class 6 at 120 % and half off is 0.78 %: 19,250.40 of 2,468,000', () => {
  const unit = terms('650100', '2025-07', { riskClass: 6, floatStep: 1 })
  const rate = injuryRate(Calc.plain(), unit)
  assert.equal(formatRational(rate), '0.0078')
  assert.equal((246_800_000n * rate.n) / rate.d, 1_925_040n)
})

test('DC-09 C-12 the explanation of a line gives the same fen as the mass run', () => {
  const wages = fc.bigInt({ min: 0n, max: 10_000_000n })
  fc.assert(
    fc.property(
      wages,
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom('110000', '310000', '650100'),
      (fen, n, place) => {
        const of = terms(place, '2025-09')
        const wage = WageLine.create({ personId: 'p', wageFen: fen, months: n, lineSet: LineSet.ALL_LINES })
        const mass = assessOne(of, wage)
        const { amounts } = explainLine(of, wage, {
          source: {},
          place,
          knownAt: '2026-01-01T00:00:00Z',
          employerId: 'e',
        })
        const named = Object.fromEntries(amounts.map((one) => [one.name, one.amountFen]))
        assert.equal(named.base, String(mass.baseFen))
        for (const due of mass.lines) {
          const key = lineKeys[due.line as keyof typeof lineKeys]
          assert.equal(named[`${key}.employer`], String(due.employerFen))
          assert.equal(named[`${key}.employee`] ?? '0', String(due.employeeFen))
          assert.equal(named[`${key}.account`] ?? '0', String(due.accountFen))
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('C-3 C-5 no base leaves the bounds, and more wage is never less base', () => {
  const of = terms('110000', '2025-09')
  const [floor, ceiling] = [toFen(of.base.floor), toFen(of.base.ceiling)]
  const base = (fen: bigint) => assessOne(of, WageLine.create({ personId: 'p', wageFen: fen })).baseFen
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10_000_000n }), fc.bigInt({ min: 0n, max: 100n }), (fen, more) => {
      const one = base(fen)
      assert.ok(one >= floor && one <= ceiling && base(fen + more) >= one)
    }),
  )
})
