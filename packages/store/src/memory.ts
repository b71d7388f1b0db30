// For tests and throw-away regions: the same contract, nothing kept.
import { checkAppends, closedProblem, monotonic, systemNow } from './checks.ts'
import { Live } from './live.ts'
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
  readonly #live = new Live()
  readonly #now: () => string
  #closed = false

  constructor(clock: () => string = systemNow) {
    this.#now = monotonic(clock)
  }

  async read(
    stream: string,
    { from = 0, limit = Number.POSITIVE_INFINITY, backwards = false }: ReadOptions = {},
  ): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    const events = this.#of(stream).slice(from)
    return (backwards ? events.toReversed() : events).slice(0, limit)
  }

  async readAll(after: bigint | undefined, limit: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    const from = Number(after ?? 0n)
    return this.#all.slice(from, from + limit)
  }

  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    return this.appendMany([{ stream, expected, events }])
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<Appended> {
    this.#assertOpen()
    checkAppends(appends)
    const repeated = this.#repeated(appends)
    if (repeated) return repeated
    const planned = new Map<string, number>()
    for (const { stream, expected, events } of appends) {
      const actual = planned.get(stream) ?? this.#of(stream).length - 1
      if (expected !== 'ANY' && (expected === 'NO_STREAM' ? -1 : expected) !== actual)
        throw new WrongVersion(stream, expected, actual)
      planned.set(stream, actual + events.length)
    }
    const recordedAt = this.#now()
    const versions = appends.map((append) => this.#write(append, recordedAt))
    this.#live.wake()
    return { versions, position: BigInt(this.#all.length) }
  }

  subscribe(after: bigint | undefined, { batch = 1_000 } = {}): Subscription {
    return this.#live.follow((from, limit) => this.readAll(from, limit), after, batch)
  }

  async head(): Promise<bigint | undefined> {
    this.#assertOpen()
    return this.#all.at(-1)?.position
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#live.close()
  }

  #assertOpen(): void {
    if (this.#closed) throw closedProblem()
  }

  #of(stream: string): readonly StoredEvent[] {
    return this.#streams.get(stream) ?? []
  }

  #write({ stream, events }: StreamAppend, recordedAt: string): number {
    const list = this.#streams.get(stream) ?? []
    this.#streams.set(stream, list)
    for (const event of events) {
      const position = BigInt(this.#all.length + 1)
      const stored = { ...event, meta: { ...event.meta }, stream, version: list.length, position, recordedAt }
      list.push(stored)
      this.#all.push(stored)
    }
    return list.length - 1
  }

  /** The answer of the first time, when these very events stand at their place. */
  #repeated(appends: readonly StreamAppend[]): Appended | undefined {
    const ends: StoredEvent[] = []
    for (const { stream, expected, events } of appends) {
      const list = this.#of(stream)
      const from = expected === 'ANY' ? list.length - events.length : expected === 'NO_STREAM' ? 0 : expected + 1
      if (!events.every(({ id }, i) => list[from + i]?.id === id)) return undefined
      ends.push(list[from + events.length - 1]!)
    }
    return { versions: ends.map(({ version }) => version), position: ends.at(-1)!.position }
  }
}
