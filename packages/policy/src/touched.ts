// Which signatures a changed value can touch. The conditions are plain comparisons, so that a view may ask them in SQL.
import type { Day } from '@jinbao/core'
import type { Basis, BasisEntry } from './basis.ts'
import type { PolicyBook } from './book.ts'
import type { Entry } from './model.ts'

/** A value that came, went or changed, with the days it speaks of. */
export interface PolicyChange {
  readonly key: string
  readonly place: string
  readonly from: Day
  readonly to?: Day
}

/** One row a signature's entry: what a view stores beside its amounts. */
export interface BasisRow extends BasisEntry {
  readonly basis: string
}

export function basisRows(basis: Basis): readonly BasisRow[] {
  return basis.entries.map((entry) => ({ basis: basis.id, ...entry }))
}

/** Whether the change could give the entry's question another answer. `chain` is the asked place, then those above it. */
export function touches(entry: BasisEntry, change: PolicyChange, chain: readonly string[]): boolean {
  if (entry.key !== change.key) return false
  if (change.from > entry.last || (change.to !== undefined && change.to < entry.first)) return false
  const level = chain.indexOf(change.place)
  if (level < 0) return false
  if (entry.place === undefined) return true
  const answered = chain.indexOf(entry.place)
  // A lower place wins; in the same place the later start wins.
  return level < answered || (level === answered && change.from >= (entry.from ?? ''))
}

/** Signatures by key, in memory. */
export class BasisIndex {
  readonly #byKey = new Map<string, BasisRow[]>()
  readonly #known = new Set<string>()
  readonly #chain: (place: string) => readonly string[]

  constructor(chain: (place: string) => readonly string[]) {
    this.#chain = chain
  }

  add(basis: Basis): void {
    if (this.#known.has(basis.id)) return
    this.#known.add(basis.id)
    for (const row of basisRows(basis)) {
      const rows = this.#byKey.get(row.key)
      if (rows) rows.push(row)
      else this.#byKey.set(row.key, [row])
    }
  }

  /** Ids of the signatures the changes can touch. */
  touched(...changes: readonly PolicyChange[]): ReadonlySet<string> {
    const found = new Set<string>()
    for (const change of changes)
      for (const row of this.#byKey.get(change.key) ?? [])
        if (touches(row, change, this.#chain(row.asked))) found.add(row.basis)
    return found
  }
}

/** What answers and on which days; source, mark and notes may be bettered without touching an amount. */
function fingerprint(entry: Entry): string {
  const answer = entry.answer
  const said =
    'word' in answer
      ? answer.word
      : 'rows' in answer
        ? [...answer.rows].map(([row, value]) => `${row}=${value.n}/${value.d}`).join()
        : `${answer.n}/${answer.d}`
  return [entry.key, entry.place, entry.from, entry.to ?? '', entry.published ?? '', said].join(' ')
}

/** Values that one book has and the other has not, in either direction. */
export function policyChanges(before: PolicyBook, after: PolicyBook): readonly PolicyChange[] {
  const index = (book: PolicyBook) => new Map([...book.entries()].map((entry) => [fingerprint(entry), entry]))
  const [old, fresh] = [index(before), index(after)]
  const changed = [...fresh]
    .filter(([print]) => !old.has(print))
    .concat([...old].filter(([print]) => !fresh.has(print)))
  return changed.map(([, { key, place, from, to }]) => ({ key, place, from, ...(to === undefined ? {} : { to }) }))
}
