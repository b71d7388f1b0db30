// The law for the tests of this folder: the shipped policy of a place, and what a case sets beside it.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type Day, monthIndex, type Policy, type PolicyOn, parseRational, q, type Rational } from '@jinbao/core'
import { loadPolicy, shippedPolicy } from '@jinbao/policy'
import { parse } from 'yaml'

export interface Entry {
  readonly from: Day
  readonly to?: Day
  readonly published?: Day
  readonly value?: string | number
  readonly word?: string
  readonly rows?: Readonly<Record<string, string | number>>
}
/** A key named here has these entries and no others; an empty list takes it away. */
export type Law = Readonly<Record<string, readonly Entry[]>>

const book = loadPolicy(shippedPolicy)

const number = (value: string | number): Rational =>
  /^\d{4}-\d{2}$/.test(String(value)) ? q.integer(monthIndex(String(value))) : parseRational(String(value))

/** `knownAt` hides what was published later. */
export function lawWith(local: Law = {}, knownAt: Day = '9999-12-31', place = '110000'): PolicyOn {
  const shipped = book.policyOn(place, { knownAt })
  const made = new Map<Entry, object>()
  return (day) => {
    const law = shipped(day)
    const find = (key: string) =>
      local[key]?.findLast(({ from, to = '9999', published = '' }) => from <= day && to >= day && published <= knownAt)
    const policy = (key: string, { from, to, published }: Entry) => ({
      ...{ key, place, from, source: 'case', mark: 'certain' as const },
      ...(to ? { to } : {}),
      ...(published ? { published } : {}),
    })
    /** One object an entry, as the book has it. */
    const own = <T extends object>(key: string, make: (entry: Entry) => T): T => {
      const entry = find(key)
      // The shipped book refuses in its own words.
      if (!entry) return book.policyOn(place, { knownAt: '1900-01-01' })('1900-01-01').value(key) as never
      const value = made.get(entry) ?? { ...make(entry), policy: policy(key, entry) }
      made.set(entry, value)
      return value as T
    }
    const unit = (key: string) => book.key(key).unit ?? 'NUMBER'
    const overlay: Policy = {
      place,
      day,
      value: (key) =>
        local[key] ? own(key, (one) => ({ ...number(one.value!), unit: unit(key) }) as never) : law.value(key),
      word: (key, allowed) => (local[key] ? own(key, ({ word }) => ({ word }) as never) : law.word(key, allowed)),
      table: (key) =>
        local[key] ? own(key, (one) => ({ rows: rowsOf(one), unit: unit(key) }) as never) : law.table(key),
      has: (key) => (local[key] ? find(key) !== undefined : law.has(key)),
      addWorkingDays: (from, days) => law.addWorkingDays(from, days),
    }
    return overlay
  }
}

const rowsOf = ({ rows = {} }: Entry) => new Map(Object.entries(rows).map(([row, value]) => [row, number(value)]))

export const cases = <T>(file: string): T => parse(fs.readFileSync(path.join(import.meta.dirname, file), 'utf8')) as T

/** Beijing as it is shipped. */
export const beijing: Law = {}
