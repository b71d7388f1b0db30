// The policy folder in memory: keys say what is meant, places form a tree, entries hold dated values.
import type { Day, Mark, PolicyTable, PolicyValue, PolicyWord } from '@jinbao/core'

export const units = [
  'CNY',
  'RATE',
  'INDEX',
  'MONTHS',
  'YEARS',
  'DAYS',
  'WORKING_DAYS',
  'NUMBER',
  'MONTH',
  'WORD',
  'FLAG',
] as const
/** MONTH is a calendar month, held as the number of months since year 0 (core `monthIndex`). */
export type PolicyUnit = (typeof units)[number]

export const marks: readonly Mark[] = ['certain', 'likely', 'illustrative']

/** What is asked with: `value`, `word` or `table`. */
export type Shape = 'value' | 'word' | 'table'

export interface Position {
  readonly file: string
  readonly line: number
}

/** A key of policy/keys: the same meaning, unit and words everywhere. */
export interface PolicyKey extends Position {
  readonly key: string
  readonly zh: string
  readonly en: string
  readonly unit: PolicyUnit
  readonly shape: Shape
  /** Words that may be chosen. */
  readonly words?: readonly string[]
  /** What a row of the table is chosen by. */
  readonly rows?: string
  readonly rule: string
  /** Service that cannot work in a place without it. */
  readonly neededBy?: string
}

export interface Place extends Position {
  readonly code: string
  readonly zh: string
  readonly en: string
  /** The nation has none. */
  readonly parent?: string
  readonly kind: 'nation' | 'province' | 'city'
  readonly poolingRegion?: string
}

/** One dated value of a key in a place. `answer` is what look-ups return, with their question added. */
export interface Entry extends Position {
  readonly key: string
  readonly place: string
  readonly from: Day
  readonly to?: Day
  readonly published?: Day
  readonly shape: Shape
  readonly answer: PolicyValue | PolicyWord | PolicyTable
  readonly temporary: boolean
  /** A floor that is declared to lie below its share of the average for a time. */
  readonly transition: boolean
  readonly note?: string
}

export interface Finding extends Position {
  readonly severity: 'error' | 'warning'
  readonly key?: string
  readonly why: string
  readonly todo: string
}

export interface PolicyFolder {
  readonly keys: ReadonlyMap<string, PolicyKey>
  readonly places: ReadonlyMap<string, Place>
  /** By key, then place; each list sorted by `from`, then `published`. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, readonly Entry[]>>
  /** What was wrong with the files themselves. */
  readonly findings: readonly Finding[]
}

export const NATION = '000000'

export function* allEntries(folder: PolicyFolder): IterableIterator<Entry> {
  for (const places of folder.entries.values()) for (const list of places.values()) yield* list
}
