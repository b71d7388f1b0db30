// The basis of an amount: every value asked for while deciding, also those that did not bind or were not there,
// so that a value changed backwards finds exactly the amounts it can touch.
import { createHash } from 'node:crypto'
import type { Day } from '@jinbao/core'
import type { Entry } from './model.ts'

/** One question and its answer. The same object for the same key, place, day and state of knowledge. */
export interface Ask {
  readonly key: string
  readonly asked: string
  readonly day: Day
  /** None when neither the place nor anything above it had a value. */
  readonly entry: Entry | undefined
}

/** Days on which one value answered, or none did. */
export interface BasisEntry {
  readonly key: string
  /** Place asked for. */
  readonly asked: string
  /** Place, start and publication of the value that answered; none when there was no value. */
  readonly place?: string
  readonly from?: Day
  readonly published?: Day
  /** First and last day asked. */
  readonly first: Day
  readonly last: Day
}

export interface Basis {
  /** The first 16 hex digits of the SHA-256 of its entries: equal everywhere for equal entries. */
  readonly id: string
  readonly entries: readonly BasisEntry[]
}

const identity = (entry: BasisEntry) =>
  [entry.key, entry.asked, entry.place ?? '-', entry.from ?? '-', entry.published ?? '-'].join(' ')

/** Sorted, days of the same answer joined. */
export function makeBasis(asks: Iterable<Ask>): Basis {
  const joined = new Map<string, BasisEntry>()
  for (const { key, asked, day, entry } of asks) {
    const published = entry?.published === undefined ? {} : { published: entry.published }
    const answer = entry ? { place: entry.place, from: entry.from, ...published } : {}
    const fresh: BasisEntry = { key, asked, ...answer, first: day, last: day }
    const name = identity(fresh)
    const known = joined.get(name)
    if (!known) joined.set(name, fresh)
    else if (day < known.first) joined.set(name, { ...known, first: day })
    else if (day > known.last) joined.set(name, { ...known, last: day })
  }
  const sorted = [...joined].sort(([a], [b]) => (a < b ? -1 : 1))
  const text = sorted.map(([name, entry]) => `${name} ${entry.first} ${entry.last}`).join('\n')
  const id = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { id, entries: sorted.map(([, entry]) => entry) }
}

/** Questions in the order they were first asked; a million persons who ask alike walk one path and hash once. */
class Trail {
  readonly next = new Map<Ask, Trail>()
  readonly ask: Ask | undefined
  readonly before: Trail | undefined
  basis: Basis | undefined

  constructor(ask?: Ask, before?: Trail) {
    this.ask = ask
    this.before = before
  }
  *asks(): IterableIterator<Ask> {
    for (let at: Trail | undefined = this; at?.ask; at = at.before) yield at.ask
  }
  has(ask: Ask): boolean {
    for (let at: Trail | undefined = this; at?.ask; at = at.before) if (at.ask === ask) return true
    return false
  }
}

/** Trails kept before the recorder starts over; ids do not depend on it. */
const TRAILS = 200_000

/**
 * Remembers what is asked. One recorder serves many persons: `reset()` before each, `basis()` after.
 * Give it to `PolicyBook.policyOn`.
 */
export class Recorder {
  #root = new Trail()
  #at = this.#root
  #trails = 0

  ask(ask: Ask): void {
    const known = this.#at.next.get(ask)
    this.#at = known ?? this.#step(ask)
  }

  #step(ask: Ask): Trail {
    const at = this.#at
    const to = at.has(ask) ? at : new Trail(ask, at)
    if (to !== at) this.#trails++
    at.next.set(ask, to)
    return to
  }

  reset(): void {
    if (this.#trails > TRAILS) {
      this.#root = new Trail()
      this.#trails = 0
    }
    this.#at = this.#root
  }

  /** The same object for the same questions. */
  basis(): Basis {
    this.#at.basis ??= makeBasis(this.#at.asks())
    return this.#at.basis
  }
}
