// What the rulebooks say must agree across keys (P§6, O§10): published figures are stored, never computed, but checked.
import { type PolicyTable, type PolicyValue, q, type Rational } from '@jinbao/core'
import { allEntries, type Entry, type Finding, NATION, type PolicyFolder } from './model.ts'

type Report = (entry: Entry, why: string, todo: string, severity?: Finding['severity']) => void

const numberOf = (entry: Entry) => entry.answer as PolicyValue
const text = (value: Rational) => q.formatRational(value)
const list = (folder: PolicyFolder, key: string, place: string) => folder.entries.get(key)?.get(place) ?? []
const governing = (entries: readonly Entry[], day: string) => entries.findLast((e) => e.from <= day)

function bounds(folder: PolicyFolder, place: string, report: Report) {
  const wages = list(folder, 'wage.average.contribution', place)
  const ceilings = list(folder, 'contribution.base.ceiling', place)
  for (const ceiling of ceilings) {
    const wage = governing(wages, ceiling.from)
    if (!wage || wage.from !== ceiling.from) continue
    const exact = q.mul(numberOf(wage), q.integer(3))
    const off = q.sub(numberOf(ceiling), exact)
    const certain = ceiling.answer.policy.mark === 'certain' && wage.answer.policy.mark === 'certain'
    if (q.compare(off, q.one) >= 0 || q.compare(off, q.integer(-1)) <= 0 || (certain && off.n !== 0n))
      report(ceiling, `${text(numberOf(ceiling))} is not 3 × ${text(numberOf(wage))}`, 'read both from the notice')
  }
  for (const floor of list(folder, 'contribution.base.floor', place)) {
    const ceiling = governing(ceilings, floor.from)
    if (ceiling && q.compare(numberOf(floor), numberOf(ceiling)) >= 0)
      report(floor, `floor is not below the ceiling ${text(numberOf(ceiling))}`, 'read both from the notice')
    const wage = governing(wages, floor.from)
    if (!wage || wage.from !== floor.from || floor.transition) continue
    const off = q.sub(numberOf(floor), q.mul(numberOf(wage), q.rational(3n, 5n)))
    if (q.compare(off, q.one) > 0 || q.compare(off, q.integer(-1)) < 0)
      report(
        floor,
        `${text(numberOf(floor))} is not 60 % of ${text(numberOf(wage))}`,
        'mend it, or declare transition: true',
      )
  }
}

/** Rows with numeric keys in order; the order is checked by `agrees`. */
function monotone(entry: Entry, report: Report, agrees: (before: Rational, after: Rational) => boolean, what: string) {
  const rows = [...(entry.answer as PolicyTable).rows].sort(([a], [b]) => Number(a) - Number(b))
  for (const [i, [row, value]] of rows.entries()) {
    const before = rows[i - 1]
    if (before && !agrees(before[1], value))
      report(entry, `row ${row} is not ${what} row ${before[0]}`, 'mend the table')
  }
}

function tables(folder: PolicyFolder, report: Report) {
  const rising = (a: Rational, b: Rational) => q.compare(a, b) <= 0
  const falling = (a: Rational, b: Rational) => q.compare(a, b) > 0
  for (const entry of allEntries(folder)) {
    if (entry.key === 'pension.payoutMonths') monotone(entry, report, falling, 'below')
    if (entry.key === 'survivor.months' || entry.key === 'unemployment.duration.scale')
      monotone(entry, report, rising, 'at least')
    if (entry.key === 'calendar.exceptions') calendar(entry, report)
  }
}

function calendar(entry: Entry, report: Report) {
  for (const [day, value] of (entry.answer as PolicyTable).rows) {
    const weekend = Temporal.PlainDate.from(day).dayOfWeek > 5
    if (day < entry.from || (entry.to !== undefined && day > entry.to))
      report(entry, `${day} is another year`, 'move it')
    if ((value.n === 0n) === weekend) report(entry, `${day} is no exception to its week`, 'leave it out')
  }
}

/** Grants never above the legal maximum of months. */
function durations(folder: PolicyFolder, report: Report) {
  const cap = list(folder, 'unemployment.duration.cap', NATION).at(-1)
  if (!cap) return
  const limits = [...(cap.answer as PolicyTable).rows].map(([row, value]) => [Number(row), value] as const)
  for (const entries of folder.entries.get('unemployment.duration.scale')?.values() ?? [])
    for (const entry of entries)
      for (const [row, value] of (entry.answer as PolicyTable).rows) {
        const limit = limits.findLast(([paid]) => paid <= Number(row))?.[1]
        if (limit && q.compare(value, limit) > 0)
          report(entry, `row ${row} is above the cap of ${text(limit)}`, 'mend it')
      }
}

/** A later birth month never retires earlier, and the minimum never falls. */
function retirement(folder: PolicyFolder, report: Report) {
  for (const group of ['M60', 'F55', 'F50']) {
    const [start, step, cap] = ['start', 'step', 'cap'].map((part) =>
      list(folder, `retirement.group.${group}.${part}`, NATION).at(-1),
    )
    if (!start && !step && !cap) continue
    const one = start ?? step ?? cap
    if (!(start && step && cap)) report(one as Entry, `group ${group} is incomplete`, 'give start, step and cap')
    else if (numberOf(step).n <= 1n)
      report(step, 'a step of one month or less lets later births retire earlier', 'mend it')
  }
  const minimum = list(folder, 'pension.minimumMonths', NATION)
  for (const [i, entry] of minimum.entries()) {
    const before = minimum[i - 1]
    if (before && q.compare(numberOf(entry), numberOf(before)) < 0) report(entry, 'the minimum falls', 'mend it')
  }
}

export function consistency(folder: PolicyFolder): readonly Finding[] {
  const found: Finding[] = []
  const report: Report = ({ file, line, key }, why, todo, severity = 'error') =>
    found.push({ severity, file, line, key, why, todo })
  for (const place of folder.places.keys()) bounds(folder, place, report)
  tables(folder, report)
  durations(folder, report)
  retirement(folder, report)
  return found
}
