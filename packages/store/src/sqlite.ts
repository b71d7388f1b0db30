// The embedded store: one SQLite file, durable (synchronous FULL) before it answers. Appends that arrive in one turn of
// the event loop share one transaction and so one disk sync (group commit), which is what makes single appends cheap.
import type { DatabaseSync } from 'node:sqlite'
import { LRUCache } from 'lru-cache'
import { checkAppends, closedProblem, monotonic, systemNow, type Weight } from './checks.ts'
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
import { copyFile, openFile, problemOf } from './sqliteFile.ts'
import { prepareAll, rows, type Statements } from './sqliteRows.ts'
import { Tail } from './tail.ts'

export interface SqliteOptions {
  readonly file: string
  /** Recording clock, ISO 8601 with milliseconds; tests set their own. */
  readonly clock?: () => string
  /** Stops growing at so many pages of 4 KiB. */
  readonly maxPages?: number
}

/** One transaction at most; what is more waits for the next turn, so that the loop is not held up. */
const GROUP: Weight = { events: 2_000, characters: 4_000_000 }
/** Stream versions kept in memory. */
const VERSIONS_KEPT = 200_000

interface Waiting extends Weight {
  readonly appends: readonly StreamAppend[]
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  return new SqliteStore(options)
}

export class SqliteStore implements Store {
  readonly #file: string
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #now: () => string
  readonly #versions = new LRUCache<string, number>({ max: VERSIONS_KEPT })
  readonly #live = new Live()
  readonly #tail = new Tail()
  #queue: Waiting[] = []
  #scheduled = false
  #copying: Promise<void> | undefined
  #closing: Promise<void> | undefined
  #position: number

  constructor({ file, clock = systemNow, maxPages }: SqliteOptions) {
    this.#file = file
    this.#database = openFile(file, maxPages)
    this.#statements = prepareAll(this.#database)
    const [last] = this.#statements.last.all() as unknown as [number, string][]
    this.#position = last?.[0] ?? 0
    this.#now = monotonic(clock, last?.[1])
  }

  async read(
    stream: string,
    { from = 0, limit = -1, backwards = false }: ReadOptions = {},
  ): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    return this.#rows(backwards ? this.#statements.backwards : this.#statements.forwards, stream, from, limit)
  }

  async readAll(after: bigint | undefined, limit: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen()
    return this.#after(after, limit)
  }

  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    return this.appendMany([{ stream, expected, events }])
  }

  appendMany(appends: readonly StreamAppend[]): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#assertOpen()
      const { events, characters } = checkAppends(appends)
      this.#queue.push({ appends, events, characters, resolve, reject })
      this.#schedule()
    })
  }

  subscribe(after: bigint | undefined, { batch = 1_000 } = {}): Subscription {
    return this.#live.follow(async (from, limit) => this.#after(from, limit), after, batch)
  }

  async head(): Promise<bigint | undefined> {
    this.#assertOpen()
    return this.#position === 0 ? undefined : BigInt(this.#position)
  }

  /** A consistent copy while writing goes on, in a file that is not there yet. */
  async copyTo(file: string): Promise<void> {
    this.#assertOpen()
    const copy = Promise.allSettled([this.#copying]).then(() => copyFile(this.#database, file))
    this.#copying = copy
    await copy
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  async #finish(): Promise<void> {
    while (this.#queue.length > 0) await new Promise((resolve) => setImmediate(resolve))
    await Promise.allSettled([this.#copying])
    this.#live.close()
    this.#database.close()
  }

  #after(after = 0n, limit: number): readonly StoredEvent[] {
    return this.#tail.after(after, limit) ?? this.#rows(this.#statements.all, after, limit)
  }

  #rows(...query: Parameters<typeof rows>): StoredEvent[] {
    try {
      return rows(...query)
    } catch (error) {
      throw problemOf(error, this.#file)
    }
  }

  #assertOpen(): void {
    if (this.#closing) throw closedProblem()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#commit(this.#take())
      if (this.#queue.length > 0) this.#schedule()
    })
  }

  #take(): Waiting[] {
    let [events, characters, count] = [0, 0, 0]
    for (const waiting of this.#queue) {
      events += waiting.events
      characters += waiting.characters
      if (count > 0 && (events > GROUP.events || characters > GROUP.characters)) break
      count++
    }
    return this.#queue.splice(0, count)
  }

  /** One transaction for the group; a refused append leaves no trace in it. */
  #commit(group: readonly Waiting[]): void {
    const before = this.#position
    const written: StoredEvent[] = []
    let answers: (Appended | WrongVersion)[]
    try {
      this.#statements.begin.run()
      const recordedAt = this.#now()
      answers = group.map(({ appends }) => this.#perform(appends, recordedAt, written))
      this.#statements.commit.run()
    } catch (error) {
      this.#rollBack(before, written)
      for (const { reject } of group) reject(problemOf(error, this.#file))
      return
    }
    this.#tail.push(written)
    for (const [i, { resolve, reject }] of group.entries()) {
      const answer = answers[i]!
      if (answer instanceof WrongVersion) reject(answer)
      else resolve(answer)
    }
    if (written.length > 0) this.#live.wake()
  }

  #rollBack(before: number, written: readonly StoredEvent[]): void {
    this.#position = before
    for (const { stream } of written) this.#versions.delete(stream)
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #perform(appends: readonly StreamAppend[], recordedAt: string, written: StoredEvent[]): Appended | WrongVersion {
    const conflict = this.#conflict(appends)
    if (conflict) return this.#repeated(appends) ?? conflict
    const repeated = appends.every(({ expected }) => expected === 'ANY') && this.#repeated(appends)
    if (repeated) return repeated
    const versions = appends.map((append) => this.#write(append, recordedAt, written))
    return { versions, position: BigInt(this.#position) }
  }

  #conflict(appends: readonly StreamAppend[]): WrongVersion | undefined {
    const planned = appends.length > 1 ? new Map<string, number>() : undefined
    for (const { stream, expected, events } of appends) {
      const actual = planned?.get(stream) ?? this.#version(stream)
      if (expected !== 'ANY' && (expected === 'NO_STREAM' ? -1 : expected) !== actual)
        return new WrongVersion(stream, expected, actual)
      planned?.set(stream, actual + events.length)
    }
    return undefined
  }

  #write({ stream, events }: StreamAppend, recordedAt: string, written: StoredEvent[]): number {
    let version = this.#version(stream)
    for (const { id, type, data, meta } of events) {
      version += 1
      const position = this.#position + 1
      this.#statements.insert.run(position, stream, version, id, type, data, JSON.stringify(meta), recordedAt)
      this.#position = position
      written.push({ position: BigInt(position), stream, version, id, type, data, meta: { ...meta }, recordedAt })
    }
    this.#versions.set(stream, version)
    return version
  }

  #version(stream: string): number {
    const known = this.#versions.get(stream)
    if (known !== undefined) return known
    const [row] = this.#statements.version.all(stream) as unknown as [number | null][]
    const version = row?.[0] ?? -1
    this.#versions.set(stream, version)
    return version
  }

  /** The answer of the first time, when these very events stand at their place (a retry after a lost answer). */
  #repeated(appends: readonly StreamAppend[]): Appended | undefined {
    const versions: number[] = []
    let position = 0
    for (const { stream, expected, events } of appends) {
      const from =
        expected === 'ANY' ? this.#version(stream) - events.length + 1 : expected === 'NO_STREAM' ? 0 : expected + 1
      const there = this.#statements.ids.all(stream, from, events.length) as unknown as [string, number][]
      if (there.length !== events.length || !events.every(({ id }, i) => id === there[i]![0])) return undefined
      versions.push(from + events.length - 1)
      position = Math.max(position, there.at(-1)![1])
    }
    return { versions, position: BigInt(position) }
  }
}
