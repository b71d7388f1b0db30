// What an item is on the day it was given (MED-22 to MED-24): the version of the place of treatment, else of those
// above it.
import type { Day } from '@jinbao/core'
import type { ItemClass } from '@jinbao/proto/medical/v1/events.ts'
import { upward } from './places.ts'

export interface CatalogueEntry {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly class: ItemClass
  /** Class B: share paid first, exact text. */
  readonly firstPay: string
  /** Of a piece; 0: none. */
  readonly ceilingFen: bigint
}

export interface CatalogueVersion {
  readonly place: string
  readonly from: Day
  readonly source: string
  readonly items: ReadonlyMap<string, CatalogueEntry>
}

export interface Found {
  readonly entry: CatalogueEntry
  /** Place and first day of the version. */
  readonly version: string
}

export class Catalogue {
  readonly #versions: ReadonlyMap<string, readonly CatalogueVersion[]>

  constructor(versions: readonly CatalogueVersion[]) {
    const sorted = [...versions].sort((a, b) => (a.from < b.from ? -1 : 1))
    this.#versions = Map.groupBy(sorted, ({ place }) => place)
  }

  #on(place: string, day: Day): CatalogueVersion | undefined {
    return this.#versions.get(place)?.findLast(({ from }) => from <= day)
  }

  find(place: string, code: string, day: Day): Found | undefined {
    for (const here of upward(place)) {
      const version = this.#on(here, day)
      const entry = version?.items.get(code)
      if (version && entry) return { entry, version: `${version.place} ${version.from}` }
    }
    return undefined
  }

  /** Everything that holds at a place on a day, by code. */
  list(place: string, day: Day): Found[] {
    const all = new Map<string, Found>()
    for (const here of upward(place)) {
      const version = this.#on(here, day)
      for (const [code, entry] of version?.items ?? [])
        if (version && !all.has(code)) all.set(code, { entry, version: `${version.place} ${version.from}` })
    }
    return [...all.values()].sort((a, b) => (a.entry.code < b.entry.code ? -1 : 1))
  }
}
