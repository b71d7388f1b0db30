import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addMonths, Calc, monthIndex, monthOf, yearsAndMonths } from '@jinbao/core'
import fc from 'fast-check'
import { type Group, retirementDates } from './age.ts'
import { cases, lawWith } from './testing.ts'

interface Row {
  birth: string
  delay: number
  age: string
  retires: string
  minimum: number
  window: string
}
const tables = cases<Record<Group, Row[]>>('age.cases.yaml')
const policyOn = lawWith()
const of = (birth: string, group: Group) => retirementDates(Calc.plain(), policyOn, '2026-07-01', birth, group)
const groups = Object.keys(tables) as Group[]
const step = { M60: 4, F55: 4, F50: 2 }
const cap = { M60: 36, F55: 36, F50: 60 }

describe('P§3 statutory retirement age', () => {
  for (const group of groups)
    for (const row of tables[group])
      test(`P§3 P-2 F-1 F-2 ${group} born ${row.birth} retires ${row.retires} at ${row.age}`, () => {
        const dates = of(row.birth, group)
        const { years, months } = yearsAndMonths(dates.ageMonths)
        const window = dates.window ? `${dates.window.earliest}..${dates.window.latest}` : 'none'
        assert.deepEqual(
          {
            birth: row.birth,
            delay: dates.delayMonths,
            age: `${years}y${months}m`,
            retires: dates.statutory,
            minimum: dates.minimumMonths,
            window,
          },
          row,
        )
      })

  const births = fc.integer({ min: monthIndex('1955-01'), max: monthIndex('2010-12') }).map(monthOf)
  const anyGroup = fc.constantFrom(...groups)
  test('P§3 the retirement month grows with every birth month and the delay never shrinks', () => {
    fc.assert(
      fc.property(births, anyGroup, (birth, group) => {
        const [one, next] = [of(birth, group), of(addMonths(birth, 1), group)]
        assert.ok(next.statutory > one.statutory && next.delayMonths >= one.delayMonths)
      }),
    )
  })
  test('P§3 a step later the delay is one month more, until the cap', () => {
    fc.assert(
      fc.property(births, anyGroup, (birth, group) => {
        const [one, later] = [of(birth, group), of(addMonths(birth, step[group]), group)]
        if (one.delayMonths > 0) assert.equal(later.delayMonths, Math.min(one.delayMonths + 1, cap[group]))
      }),
    )
  })
  test('F-4 no window for whoever’s original month is before January 2025; F-1 never below the original age', () => {
    fc.assert(
      fc.property(births, anyGroup, (birth, group) => {
        const { window, originalAgeMonths } = of(birth, group)
        const original = addMonths(birth, originalAgeMonths)
        assert.equal(window !== undefined, original >= '2025-01')
        if (window) assert.ok(window.earliest >= original)
      }),
    )
  })
  test('P§3 the arithmetic is recorded step by step', () => {
    const calc = Calc.recording()
    retirementDates(calc, policyOn, '2026-07-01', '1966-03', 'M60')
    const about = { subject: {}, place: '110000', day: '2026-07-01', knownAt: '2026-07-01T00:00:00Z' }
    const ids = calc.explain(about, {}).steps.map((one) => one.id)
    for (const id of ['birth', 'since', 'delay', 'age', 'retires', 'earliest', 'latest'])
      assert.ok(ids.includes(id), id)
  })
})
