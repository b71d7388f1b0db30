import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc, formatFen, MonthSet, Problem, parseYuan, q, toFen } from '@jinbao/core'
import { givenIndex } from './average-index.ts'
import { award } from './award.ts'
import { payoutMonths } from './payout.ts'
import { beijing, cases, type Law, lawWith } from './testing.ts'

interface Case {
  rule: string
  why: string
  law: keyof typeof laws
  words?: Record<string, string>
  values?: Record<string, string | number>
  birth: string
  retires: string
  actual: string
  deemed?: string
  index: string
  balance: string
  expect: Record<string, string | boolean>
}
const always = (value: string | number) => [{ from: '1990-01-01', value }]
const word = (text: string) => [{ from: '1990-01-01', word: text }]
const base = (value: number, from = '2024-01-01') => ({
  'pension.base': [{ from, value }],
  'pension.baseForIndex': [{ from, value }],
})
const xinjiang: Law = {
  ...beijing,
  ...base(8448, '2025-01-01'),
  'pension.transitional.strategy': word('LINEAR'),
  'pension.transitional.coefficient': always('1.3%'),
}
const laws = {
  beijing,
  xinjiang,
  sichuan: {
    ...beijing,
    ...base(8079),
    'account.start': always('1996-01'),
    'pension.transitional.strategy': word('SICHUAN'),
    'pension.transitional.coefficient': always('1.3%'),
    'pension.addition.strategy': word('INDEXED_YEARS'),
    'pension.addition.rate': always('0.1%'),
    'pension.addition.specialRate': always('0.4%'),
  },
  jilin: {
    ...xinjiang,
    'pension.transitional.strategy': word('JILIN'),
    'pension.transitional.coefficient': always('1.2%'),
    'pension.transitional.longCoefficient': always('1.4%'),
    'pension.transitional.longAfterMonths': always(240),
  },
} satisfies Record<string, Law>

const from = '1990-01-01'
const lawOf = ({ law, words = {}, values = {} }: Pick<Case, 'law' | 'words' | 'values'>) =>
  lawWith({
    ...laws[law],
    ...Object.fromEntries(Object.entries(words).map(([key, text]) => [key, [{ from, word: text }]])),
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [{ from: '2024-01-01', value }]])),
  })
const factsOf = (one: Case, special = false) => ({
  stream: 'pension-account-p1',
  birthMonth: one.birth,
  retirementMonth: one.retires,
  counted: { actual: MonthSet.parse(one.actual), deemed: MonthSet.parse(one.deemed ?? '') },
  balanceFen: parseYuan(one.balance)!,
  special,
})
const compute = (one: Case, calc = Calc.plain(), special = false) =>
  award(calc, lawOf(one), factsOf(one, special), givenIndex(calc, one.index, 'notice'))

const list = cases<Case[]>('award.cases.yaml')

describe('award', () => {
  for (const one of list)
    test(`${one.rule} ${one.why}`, () => {
      const done = compute(one)
      const money = ['basic', 'account', 'transitional', 'additions', 'total'] as const
      const got: Record<string, string | boolean> = {
        years: q.formatRational(done.years),
        payout: q.formatRational(done.payout),
        provisional: done.provisional,
        ...Object.fromEntries(money.map((name) => [name, formatFen(toFen(done[name]))])),
      }
      for (const [name, expected] of Object.entries(one.expect)) assert.equal(got[name], expected, name)
    })

  test('EX-7 the explanation holds every component and its law', () => {
    const calc = Calc.recording()
    const { basic, account, total } = compute(list[0]!, calc)
    const about = { subject: { person: 'p1' }, place: '110000', day: '2026-07-01', knownAt: '2026-07-01T00:00:00Z' }
    const document = calc.explain(about, { basic, account, total })
    assert.deepEqual(
      document.amounts.map((amount) => amount.amountFen),
      ['393166', '136372', '529538'],
    )
    const used = document.steps.flatMap((step) => (step.policy ? [step.policy.key] : []))
    for (const key of ['pension.base', 'pension.accrual', 'pension.payoutMonths']) assert.ok(used.includes(key), key)
  })

  test('F-5 early or late, everything is computed at the actual month: payout months by that age, no other factor', () => {
    const man = list[0]!
    const at = (retires: string) => compute({ ...man, retires, actual: `1995-08..${retires}` })
    const ages = ['2026-03', '2026-07', '2029-07'].map((month) => q.formatRational(at(month).payout))
    assert.deepEqual(ages, ['139', '136.7', '114.3'])
    // 368 months are 30.67 years: 12,682.775 × 30.67 %.
    assert.equal(formatFen(toFen(at('2026-03').basic)), '3889.81')
  })
  test('P§2.7 a region’s special addition for early cases has its own rate', () => {
    const notice = list.find((one) => one.law === 'sichuan')!
    assert.equal(formatFen(toFen(compute(notice, Calc.plain(), true).additions)), '470.43')
  })
  test('P§2.7 a formula that is not on file is refused for whoever needs it, and only then', () => {
    const shanghai = { ...list[3]!, words: { 'pension.transitional.strategy': 'SHANGHAI' } }
    assert.throws(
      () => compute(shanghai),
      (error) => error instanceof Problem && error.reason === 'FORMULA_NOT_KNOWN',
    )
    assert.equal(toFen(compute({ ...shanghai, deemed: '' }).transitional), 0n)
  })
})

describe('P§2.6 payout months', () => {
  const at = (months: number, rule = 'LINEAR_1DP', rows?: Record<string, number>) => {
    const local: Law = { ...beijing, 'pension.payoutMonths.fractionalRule': word(rule) }
    const policy = lawWith(rows ? { ...local, 'pension.payoutMonths': [{ from, rows }] } : local)('2026-07-01')
    return q.formatRational(payoutMonths(Calc.plain(), policy, months))
  }
  const grid = cases<Record<string, (string | number)[]>>('payout.cases.yaml')
  for (const [age, row] of Object.entries(grid))
    test(`P§2.6 LINEAR_1DP at ${age} and its months`, () =>
      assert.deepEqual(
        row.map((_, month) => Number(at(Number(age) * 12 + month))),
        row.map(Number),
      ))
  test('P§2.6 FLOOR_AGE keeps the whole age, TABLE reads the printed month', () => {
    assert.equal(at(60 * 12 + 4, 'FLOOR_AGE'), '139')
    assert.equal(at(60 * 12 + 4, 'TABLE', { '60': 139, '60y4m': 136.7 }), '136.7')
    assert.equal(at(47 * 12), '208')
  })
  test('P§2.6 outside 40 to 70 there is no row', () => {
    for (const months of [39 * 12 + 11, 70 * 12 + 1])
      assert.throws(
        () => at(months),
        (error) => error instanceof Problem && error.reason === 'PAYOUT_AGE_OUT_OF_RANGE',
      )
    assert.equal(at(40 * 12), '233')
    assert.equal(at(70 * 12), '56')
  })
})
