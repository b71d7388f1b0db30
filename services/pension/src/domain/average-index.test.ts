import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc, MonthSet, Problem, q } from '@jinbao/core'
import { averageIndex, careerOf } from './average-index.ts'
import { type Law, lawWith } from './testing.ts'

/** Shanghai; what its file does not settle is as in Beijing. */
const law310000: Law = {
  'pension.index.precision': [{ from: '2006-01-01', value: 4 }],
  'pension.index.deemed': [{ from: '2006-01-01', value: 1 }],
}
const none = MonthSet.empty
const span = (months: string, baseFen: bigint, indexTenThousandths = 0n) =>
  [...MonthSet.parse(months)].map((month) => [month, { baseFen, indexTenThousandths }] as const)
/** EX-6: five contribution years from July. */
const shanghai = [
  ...span('2021-07..2022-06', 1_200_000n),
  ...span('2022-07..2023-06', 1_300_000n),
  ...span('2023-07..2024-06', 1_400_000n),
  ...span('2024-07..2026-06', 1_500_000n),
]
const index = (months: typeof shanghai, deemed = none, law: Law = law310000, calc = Calc.plain()) => {
  const actual = MonthSet.of(months.map(([month]) => month))
  return averageIndex(calc, lawWith(law, '9999-12-31', '310000'), '2026-07', careerOf('a', months), { actual, deemed })
}
const text = (value: q.Rational) => q.formatRational(value)
const change = (key: string, entry: { value?: string | number; word?: string }): Law => ({
  ...law310000,
  [key]: [{ from: '1990-01-01', ...entry }],
})

describe('average index', () => {
  test('EX-6 P§2.5 sixty months: the average of July’s contribution year also from January, rounded once', () => {
    const calc = Calc.recording()
    const { index: value, actualIndex } = index(shanghai, none, law310000, calc)
    assert.equal(text(value), '1.1752')
    assert.equal(actualIndex, value)
    const about = { subject: {}, place: '310000', day: '2026-07-01', knownAt: '2026-07-01T00:00:00Z' }
    const ratios = calc.explain(about, {}).steps.filter((step) => step.id.startsWith('ratio.'))
    assert.deepEqual(
      ratios.map((step) => step.id),
      ['ratio.2021', 'ratio.2022', 'ratio.2023', 'ratio.2024', 'ratio.2025'],
    )
  })
  test('P§2.5 three decimals where the region rounds so', () =>
    assert.equal(text(index(shanghai, none, change('pension.index.precision', { value: 3 })).index), '1.175'))
  test('P§2.5 the yearly form takes a calendar year’s bases over twelve of its averages', () => {
    const yearly = change('pension.index.form', { word: 'YEARLY' })
    // 2022: 12,000 × 12 over the average that starts in July 2022.
    assert.equal(text(index(span('2022-01..2022-12', 1_139_600n), none, yearly).index), '1')
    assert.equal(text(index(span('2022-01..2022-06', 1_033_800n), none, yearly).index), '0.9072')
  })
  test('P§2.5 the cap binds on the final index; a low base may stay under 0.6', () => {
    assert.equal(text(index(span('2021-07..2022-06', 3_200_000n)).index), '3')
    assert.equal(text(index(span('2021-07..2022-06', 516_900n)).index), '0.5')
  })
  test('P§2.5 deemed months at the region’s index, or at the own average where it has none', () => {
    const half = span('2021-07..2022-06', 516_900n)
    const deemed = MonthSet.range('1990-01', '1990-12')
    const both = index(half, deemed)
    assert.deepEqual([text(both.index), text(both.actualIndex)], ['0.75', '0.5'])
    const own = { ...law310000, 'pension.index.deemed': [] }
    assert.equal(text(index(half, deemed, own).index), '0.5')
  })
  test('P-4 a deemed month that is also paid counts once, as paid', () =>
    assert.equal(text(index(span('2021-07..2022-06', 516_900n), MonthSet.range('2021-07', '2022-06')).index), '0.5'))
  test('P§2.5 an index of the old system is used where it kept no base, or the place has no average', () => {
    const months = [...span('1995-01..1995-12', 0n, 12_000n), ...span('2021-07..2022-06', 1_033_800n, 20_000n)]
    assert.equal(text(index(months).index), '1.1')
    assert.equal(text(index(span('1995-01..1995-12', 50_000n, 12_000n)).index), '1.2')
    assert.throws(
      () => index(span('1995-01..1995-12', 50_000n)),
      (error) => error instanceof Problem && error.reason === 'POLICY_PARAM_MISSING',
    )
  })
  test('P§2.5 without any month there is no index', () =>
    assert.throws(
      () => index([]),
      (error) => error instanceof Problem && error.reason === 'NO_MONTHS',
    ))
})
