// Which facts a changed policy value touches: those whose basis asked for it, also where it did not bind. Signatures are
// few and kept in memory; facts are found by reading the store, which happens when a law changes backwards, not daily.

import { type PolicyBook, type PolicyChange, touches } from '@jinbao/policy'
import { BasisRecorded } from '@jinbao/proto/operations/v1/events.ts'
import type { Store, StoredEvent } from '@jinbao/store'
import { eventCodec } from './events.ts'

type Entries = BasisRecorded['entries']

const BATCH = 1_000
const codec = eventCodec({ BasisRecorded })

export interface TouchedPage {
  readonly events: readonly StoredEvent[]
  /** Undefined when all was looked at. */
  readonly after: bigint | undefined
}

export class Touch {
  readonly #store: Store
  readonly #policy: PolicyBook
  readonly #signatures = new Map<string, Entries>()
  #read: bigint | undefined

  constructor(store: Store, policy: PolicyBook) {
    this.#store = store
    this.#policy = policy
  }

  async page(change: PolicyChange, after: bigint | undefined, limit: number): Promise<TouchedPage> {
    await this.#collect()
    const touched = new Set(
      [...this.#signatures].filter(([, entries]) => this.#isTouched(entries, change)).map(([id]) => id),
    )
    const events: StoredEvent[] = []
    for (let from = after; ; ) {
      const batch = await this.#store.readAll(from, BATCH)
      for (const stored of batch) {
        if (stored.meta.basis && touched.has(stored.meta.basis)) events.push(stored)
        if (events.length === limit) return { events, after: stored.position }
        from = stored.position
      }
      if (batch.length < BATCH) return { events, after: undefined }
    }
  }

  /** Signatures recorded since the last call. */
  async #collect(): Promise<void> {
    for (;;) {
      const batch = await this.#store.readAll(this.#read, BATCH)
      for (const stored of batch) {
        this.#read = stored.position
        if (stored.type !== 'BasisRecorded') continue
        const { basis, entries } = codec.decode(stored).event.data
        this.#signatures.set(basis, entries)
      }
      if (batch.length < BATCH) return
    }
  }

  #isTouched(entries: Entries, change: PolicyChange): boolean {
    return entries.some(({ place, from, published, ...rest }) => {
      const answered = place ? { place, from, ...(published ? { published } : {}) } : {}
      return touches({ ...rest, ...answered }, change, this.#policy.chain(rest.asked))
    })
  }
}
