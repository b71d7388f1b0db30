import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as m from './month.ts'

const months = fc.integer({ min: 1980 * 12, max: 1985 * 12 }).map(m.monthOf)
const lists = fc.array(months, { maxLength: 40 })
const sorted = (set: Iterable<string>) => [...set].sort()
const sameSet = (set: m.MonthSet, naive: Set<string>) => {
  assert.deepEqual([...set], sorted(naive))
  assert.equal(set.size, naive.size)
  for (const [i, run] of set.runs.entries()) {
    const next = set.runs[i + 1]
    assert.ok(run[0] <= run[1] && (!next || run[1] + 1 < next[0]), 'runs sorted, apart, not empty')
  }
}

test('G-03 P-4 a MonthSet is a set: duplicates count once, algebra as of plain sets', () => {
  fc.assert(
    fc.property(lists, lists, months, (a, b, month) => {
      const [x, y] = [m.MonthSet.of(a), m.MonthSet.of(b)]
      const [p, q] = [new Set(a), new Set(b)]
      sameSet(x, p)
      sameSet(x.union(y), p.union(q))
      sameSet(x.intersect(y), p.intersection(q))
      sameSet(x.minus(y), p.difference(q))
      sameSet(x.with(month), p.union(new Set([month])))
      sameSet(x.without(month), p.difference(new Set([month])))
      sameSet(x.before(month), new Set(a.filter((at) => at < month)))
      sameSet(x.from(month), new Set(a.filter((at) => at >= month)))
      assert.equal(x.has(month), p.has(month))
      assert.equal(x.first(), sorted(p)[0])
      assert.equal(x.last(), sorted(p).at(-1))
      assert.equal(x.equals(y), p.symmetricDifference(q).size === 0)
    }),
  )
})

test('G-03 the text of a MonthSet reads back as the same set', () => {
  fc.assert(
    fc.property(lists, (a) => {
      const set = m.MonthSet.of(a)
      assert.ok(m.MonthSet.parse(set.toString()).equals(set))
    }),
  )
  const text = '2019-03..2026-02,2026-05'
  assert.equal(m.MonthSet.parse(text).toString(), text)
  assert.equal(m.MonthSet.parse('').size, 0)
  for (const wrong of ['2019-13', '2019-03..', '2020-01..2019-01', '2019-03,', '2019-3', '2019-01..2019-02..2019-03'])
    assert.throws(() => m.MonthSet.parse(wrong), RangeError, wrong)
})

test('P-4 EX-9 March 2019 to February 2026 is 84 whole months', () => {
  const set = m.MonthSet.range('2019-03', '2026-02')
  assert.equal(set.size, 84)
  assert.equal(set.toString(), '2019-03..2026-02')
  assert.equal(m.MonthSet.range('2026-02', '2019-03').size, 0)
})

test('G-03 months count from year 0; what is no month never counts', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 119_999 }), (at) => assert.equal(m.monthIndex(m.monthOf(at)), at)))
  assert.equal(m.addMonths('2025-11', 3), '2026-02')
  assert.equal(m.addMonths('2026-02', -14), '2024-12')
  for (const wrong of ['', '2019', '2019-00', '2019-13', '2019/01', 'abcd-01', '201-01'])
    assert.throws(() => m.monthIndex(wrong), RangeError, wrong)
  assert.throws(() => m.monthOf(-1), RangeError)
  assert.throws(() => m.monthOf(1.5), RangeError)
  assert.throws(() => m.MonthSet.of(['2019-13']), RangeError)
})

test('G-03 days and months of the calendar', () => {
  assert.ok(m.isDay('2024-02-29') && m.isDay('2000-02-29') && m.isMonth('2024-12'))
  for (const wrong of ['2023-02-29', '1900-02-29', '2024-04-31', '2024-13-01', '2024-1-1', '2024-00-10', '2024-01-00'])
    assert.ok(!m.isDay(wrong), wrong)
  assert.equal(m.lastDay('2024-02'), '2024-02-29')
  assert.equal(m.lastDay('2025-04'), '2025-04-30')
  assert.equal(m.firstDay('2025-04'), '2025-04-01')
  assert.equal(m.monthOfDay('2025-04-30'), '2025-04')
  assert.equal(m.addDays('2024-12-31', 1), '2025-01-01')
  assert.equal(m.daysBetween('2011-06-30', '2011-07-01'), 1)
  assert.equal(m.daysBetween('2024-03-01', '2024-02-28'), -2)
})

test('ages: born 1966-03, in 2026-07 sixty years and four months', () => {
  assert.deepEqual(m.yearsAndMonths(m.completedMonths('1966-03', '2026-07')), { years: 60, months: 4 })
  assert.equal(m.completedMonthsOfDays('1966-03-31', '2026-07-30'), 723)
  assert.equal(m.completedMonthsOfDays('1966-03-31', '2026-07-31'), 724)
  assert.equal(m.completedMonthsOfDays('1966-03-31', '2026-06-30'), 723)
  assert.equal(m.completedMonthsOfDays('1964-02-29', '2026-02-28'), 744)
  assert.equal(m.completedMonthsOfDays('1966-03-02', '2026-07-01'), 723)
})
