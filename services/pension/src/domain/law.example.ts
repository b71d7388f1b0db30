// The law for the tests of this folder: the national files of policy/, and what a case sets beside them. Services get
// theirs from packages/policy.
import * as fs from 'node:fs'
import * as path from 'node:path'
import {
  type Day,
  monthIndex,
  type Policy,
  type PolicyOn,
  Problem,
  parseRational,
  q,
  type Rational,
} from '@jinbao/core'
import { parse } from 'yaml'

export interface Entry {
  readonly from: Day
  readonly to?: Day
  readonly published?: Day
  readonly value?: string | number
  readonly word?: string
  readonly rows?: Readonly<Record<string, string | number>>
  readonly source?: string
}
export type Law = Readonly<Record<string, readonly Entry[]>>

const root = path.resolve(import.meta.dirname, '../../../../policy')
const keys: Record<string, { unit?: string }> = {}
for (const name of fs.readdirSync(path.join(root, 'keys')))
  Object.assign(keys, parse(fs.readFileSync(path.join(root, 'keys', name), 'utf8')))
const national: Record<string, Entry[]> = {}
for (const name of ['pension', 'account', 'survivor', 'service', 'calendar', 'contribution'])
  Object.assign(national, parse(fs.readFileSync(path.join(root, 'national', `${name}.yaml`), 'utf8')))

const number = (value: string | number): Rational =>
  /^\d{4}-\d{2}$/.test(String(value)) ? q.integer(monthIndex(String(value))) : parseRational(String(value))

/** Local entries come before national ones, key by key. `knownAt` hides what was published later. */
export function lawWith(local: Law = {}, knownAt: Day = '9999-12-31'): PolicyOn {
  const find = (key: string, day: Day): Entry | undefined =>
    [...(local[key] ?? []), ...(local[key] ? [] : (national[key] ?? []))].findLast(
      (one) => one.from <= day && (one.to ?? '9999') >= day && (one.published ?? '') <= knownAt,
    )
  const provenance = (key: string, { from, to, published, source = 'case' }: Entry) => ({
    key,
    place: local[key] ? '110000' : '000000',
    from,
    ...(to ? { to } : {}),
    ...(published ? { published } : {}),
    source,
    mark: 'certain' as const,
  })
  const unitOf = (key: string) => keys[key]?.unit ?? 'NUMBER'
  const made = new Map<object, object>()
  const once = <T extends object>(entry: Entry, make: () => T): T => {
    const known = made.get(entry) as T | undefined
    if (known) return known
    const value = make()
    made.set(entry, value)
    return value
  }
  return (day) => {
    const need = (key: string): Entry => {
      const entry = find(key, day)
      if (!entry) throw new Problem('FAILED_PRECONDITION', 'POLICY_PARAM_MISSING', `${key} on ${day}`)
      return entry
    }
    const law: Policy = {
      place: '110000',
      day,
      value(key) {
        const entry = need(key)
        return once(entry, () => ({ ...number(entry.value!), unit: unitOf(key), policy: provenance(key, entry) }))
      },
      word(key, allowed) {
        const entry = need(key)
        const word = allowed.find((one) => one === entry.word)
        if (word === undefined) throw new Problem('FAILED_PRECONDITION', 'POLICY_WORD_UNKNOWN', `${key} ${entry.word}`)
        return { word, policy: provenance(key, entry) }
      },
      table(key) {
        const entry = need(key)
        const rows = () => new Map(Object.entries(entry.rows!).map(([row, value]) => [row, number(value)]))
        return once(entry, () => ({ rows: rows(), unit: unitOf(key), policy: provenance(key, entry) }))
      },
      has: (key) => find(key, day) !== undefined,
      addWorkingDays: (from, days) => {
        // Weekends only; the calendar itself is tested in packages/policy.
        let date = Temporal.PlainDate.from(from)
        for (let left = days; left > 0; ) {
          date = date.add({ days: 1 })
          if (date.dayOfWeek < 6) left--
        }
        return date.toString()
      },
    }
    return law
  }
}

export const cases = <T>(file: string): T => parse(fs.readFileSync(path.join(import.meta.dirname, file), 'utf8')) as T

/** Beijing as the worked examples have it. */
export const beijing: Law = {
  'account.interestMethod': [{ from: '1998-01-01', word: 'MONTH_PRODUCT' }],
  'account.start': [{ from: '1992-10-01', value: '1992-10' }],
  'pension.base': [
    { from: '2024-01-01', to: '2024-12-31', value: 11883 },
    { from: '2025-01-01', to: '2025-12-31', value: 12049 },
  ],
  'pension.baseForIndex': [
    { from: '2024-01-01', to: '2024-12-31', value: 11883 },
    { from: '2025-01-01', to: '2025-12-31', value: 12049 },
  ],
  'pension.yearsPrecision': [{ from: '2006-01-01', word: '2DP' }],
  'pension.index.precision': [{ from: '2006-01-01', value: 4 }],
  'pension.index.deemed': [{ from: '2006-01-01', value: 1 }],
  'pension.transitional.strategy': [{ from: '2006-01-01', word: 'BEIJING_2007' }],
  'pension.transitional.coefficient': [{ from: '2006-01-01', value: '1%' }],
  'pension.transitional.lastMonth': [{ from: '2006-01-01', value: '1998-06' }],
  'pension.totalRounding': [{ from: '2006-01-01', word: 'CENT_HALF_UP' }],
  'contribution.year.start': [{ from: '1998-01-01', value: 7 }],
  'wage.average.contribution': [
    { from: '2021-07-01', to: '2022-06-30', value: 10338 },
    { from: '2022-07-01', to: '2023-06-30', value: 11396 },
    { from: '2023-07-01', to: '2024-06-30', value: 12183 },
    { from: '2024-07-01', to: '2025-06-30', value: 12307 },
    { from: '2025-07-01', to: '2026-06-30', value: 12434 },
  ],
  'survivor.incomeBase': [{ from: '2025-01-01', value: '7705.33' }],
}
