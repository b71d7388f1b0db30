// For tests and throw-away regions: the same contract, nothing kept.
import { checkAppends, monotonic, systemNow } from './checks.ts'
import { follow, Wakers } from './live.ts'
import {
  type Appended,
  type Expected,
  type NewEvent,
  type ReadOptions,
  type Store,
  type StoredEvent,
  type StreamAppend,
  type Subscription,
  WrongVersion,
} from './port.ts'

export class MemoryStore implements Store {
  readonly #all: StoredEvent[] = []
  readonly #streams = new Map<string, StoredEvent[]>()
  readonly #wakers = new Wakers()
  readonly #now: () => string
  #closed = false

  constructor(clock: () => string = systemNow) {
    this.#now = monotonic(clock)
  }

  async read(
    stream: string,
    { from = 0, limit = Number.POSITIVE_INFINITY, backwards = false }: ReadOptions = {},
  ): Promise<readonly StoredEvent[]> {
    const events = (this.#streams.get(stream) ?? []).slice(from)
    return (backwards ? events.toReversed() : events).slice(0, limit)
  }

  async readAll(after: bigint | undefined, limit: number): Promise<readonly StoredEvent[]> {
    const from = after === undefined ? 0 : Number(after)
    return this.#all.slice(from, from + limit)
  }

  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    return this.appendMany([{ stream, expected, events }])
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<Appended> {
    if (this.#closed) throw new Error('the store is closed')
    checkAppends(appends)
    const repeated = appends.map((append) => this.#repeated(append))
    if (repeated.every((last) => last !== undefined))
      return { versions: repeated.map((last) => last!.version), position: repeated.at(-1)!.position }
    const lengths = new Map<string, number>()
    for (const { stream, expected, events } of appends) {
      const actual = lengths.get(stream) ?? (this.#streams.get(stream)?.length ?? 0) - 1
      if (expected !== 'ANY' && (expected === 'NO_STREAM' ? -1 : expected) !== actual)
        throw new WrongVersion(stream, expected, actual)
      lengths.set(stream, actual + events.length)
    }
    const versions = appends.map(({ stream, events }) => this.#write(stream, events))
    this.#wakers.wake()
    return { versions, position: BigInt(this.#all.length) }
  }

  subscribe(after: bigint | undefined, { batch = 1_000 } = {}): Subscription {
    return follow((from, limit) => this.readAll(from, limit), this.#wakers, after, batch)
  }

  async head(): Promise<bigint | undefined> {
    return this.#all.at(-1)?.position
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wakers.wake()
  }

  #write(stream: string, events: readonly NewEvent[]): number {
    const list = this.#streams.get(stream) ?? []
    this.#streams.set(stream, list)
    for (const event of events) {
      const position = BigInt(this.#all.length + 1)
      const stored = { ...event, stream, version: list.length, position, recordedAt: this.#now() }
      list.push(stored)
      this.#all.push(stored)
    }
    return list.length - 1
  }

  /** The last event of an append whose very events stand there already. */
  #repeated({ stream, expected, events }: StreamAppend): StoredEvent | undefined {
    const list = this.#streams.get(stream)
    if (!list) return undefined
    const from = expected === 'ANY' ? list.length - events.length : expected === 'NO_STREAM' ? 0 : expected + 1
    return events.every((event, i) => list[from + i]?.id === event.id) ? list[from + events.length - 1] : undefined
  }
}
