// The embedded store: one SQLite file, durable (synchronous FULL) before it answers. Appends that arrive in one turn of
// the event loop share one transaction and so one disk sync (group commit), which is what makes single appends cheap.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite'
import { Problem } from '@jinbao/core'
import { LRUCache } from 'lru-cache'
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

export interface SqliteOptions {
  readonly file: string
  /** Recording clock, ISO 8601 with milliseconds; tests set their own. */
  readonly clock?: () => string
  /** Stops growing at so many pages of 4 KiB (tests of a full disk). */
  readonly maxPages?: number
}

/** Appends of one transaction at most; more wait for the next turn. */
const GROUP_EVENTS = 2_000
/** Stream versions kept in memory. */
const VERSIONS_KEPT = 200_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    data TEXT NOT NULL, meta TEXT NOT NULL, recorded_at TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS events_stream ON events (stream, version);`

interface Waiting {
  readonly appends: readonly StreamAppend[]
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

type EventRow = [bigint, string, number, string, string, string, string, string]

export class SqliteStore implements Store {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #statements: Record<'forwards' | 'backwards' | 'all' | 'version' | 'ids', StatementSync>
  readonly #versions = new LRUCache<string, number>({ max: VERSIONS_KEPT })
  readonly #wakers = new Wakers()
  readonly #now: () => string
  readonly #file: string
  #queue: Waiting[] = []
  #scheduled = false
  #closed = false
  #position: number

  constructor({ file, clock = systemNow, maxPages }: SqliteOptions) {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    this.#file = file
    this.#database = open(file)
    if (maxPages) this.#database.exec(`PRAGMA max_page_count = ${maxPages}`)
    const [last] = rows(
      this.#database.prepare('SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1'),
    ) as [number, string][]
    this.#position = last?.[0] ?? 0
    this.#now = monotonic(clock, last?.[1])
    const columns = 'position, stream, version, id, type, data, meta, recorded_at'
    const prepare = (sql: string) => arrays(this.#database.prepare(sql))
    this.#insert = this.#database.prepare(`INSERT INTO events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#statements = {
      forwards: prepare(`SELECT ${columns} FROM events WHERE stream = ? AND version >= ? ORDER BY version LIMIT ?`),
      backwards: prepare(
        `SELECT ${columns} FROM events WHERE stream = ? AND version >= ? ORDER BY version DESC LIMIT ?`,
      ),
      all: prepare(`SELECT ${columns} FROM events WHERE position > ? ORDER BY position LIMIT ?`),
      version: prepare('SELECT MAX(version) FROM events WHERE stream = ?'),
      ids: prepare('SELECT id, position FROM events WHERE stream = ? AND version >= ? ORDER BY version LIMIT ?'),
    }
  }

  async read(
    stream: string,
    { from = 0, limit = -1, backwards = false }: ReadOptions = {},
  ): Promise<readonly StoredEvent[]> {
    const statement = backwards ? this.#statements.backwards : this.#statements.forwards
    return (rows(statement, stream, from, limit) as EventRow[]).map(stored)
  }

  async readAll(after: bigint | undefined, limit: number): Promise<readonly StoredEvent[]> {
    if (this.#closed) return []
    return (rows(this.#statements.all, after ?? 0n, limit) as EventRow[]).map(stored)
  }

  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    return this.appendMany([{ stream, expected, events }])
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<Appended> {
    if (this.#closed) throw new Error('the store is closed')
    checkAppends(appends)
    return new Promise((resolve, reject) => {
      this.#queue.push({ appends, resolve, reject })
      this.#schedule()
    })
  }

  subscribe(after: bigint | undefined, { batch = 1_000 } = {}): Subscription {
    return follow((from, limit) => this.readAll(from, limit), this.#wakers, after, batch)
  }

  async head(): Promise<bigint | undefined> {
    return this.#position === 0 ? undefined : BigInt(this.#position)
  }

  /** A consistent copy while writing goes on. */
  async copyTo(file: string): Promise<void> {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    await backup(this.#database, file)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    while (this.#queue.length > 0) await new Promise((resolve) => setImmediate(resolve))
    this.#closed = true
    this.#wakers.wake()
    this.#database.close()
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
    let events = 0
    let count = 0
    for (const { appends } of this.#queue) {
      events += appends.reduce((sum, one) => sum + one.events.length, 0)
      if (count > 0 && events > GROUP_EVENTS) break
      count++
    }
    return this.#queue.splice(0, count)
  }

  /** One transaction for the group; a refused append leaves no trace in it. */
  #commit(group: readonly Waiting[]): void {
    if (group.length === 0) return
    const before = this.#position
    const touched = new Set<string>()
    const answers: (() => void)[] = []
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      for (const waiting of group) {
        const answer = this.#perform(waiting.appends, touched)
        answers.push(answer instanceof WrongVersion ? () => waiting.reject(answer) : () => waiting.resolve(answer))
      }
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#rollBack(before, touched)
      for (const { reject } of group) reject(problemOf(error, this.#file))
      return
    }
    for (const answer of answers) answer()
    if (this.#position !== before) this.#wakers.wake()
  }

  #rollBack(before: number, touched: ReadonlySet<string>): void {
    this.#position = before
    for (const stream of touched) this.#versions.delete(stream)
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #perform(appends: readonly StreamAppend[], touched: Set<string>): Appended | WrongVersion {
    const planned = new Map<string, number>()
    for (const { stream, expected, events } of appends) {
      const actual = planned.get(stream) ?? this.#version(stream)
      if (expected !== 'ANY' && (expected === 'NO_STREAM' ? -1 : expected) !== actual)
        return this.#repeated(appends) ?? new WrongVersion(stream, expected, actual)
      planned.set(stream, actual + events.length)
    }
    if (appends.every((one) => one.expected === 'ANY')) {
      const repeated = this.#repeated(appends)
      if (repeated) return repeated
    }
    const recordedAt = this.#now()
    const versions = appends.map(({ stream, events }) => {
      let version = this.#version(stream)
      for (const event of events) {
        version += 1
        this.#position += 1
        this.#insert.run(
          this.#position,
          stream,
          version,
          event.id,
          event.type,
          event.data,
          JSON.stringify(event.meta),
          recordedAt,
        )
      }
      touched.add(stream)
      this.#versions.set(stream, version)
      return version
    })
    return { versions, position: BigInt(this.#position) }
  }

  #version(stream: string): number {
    const known = this.#versions.get(stream)
    if (known !== undefined) return known
    const [row] = rows(this.#statements.version, stream) as [number | null][]
    const version = row?.[0] ?? -1
    this.#versions.set(stream, version)
    return version
  }

  /** The answer of the first time, when these very events stand at their place already (a retry after a lost answer). */
  #repeated(appends: readonly StreamAppend[]): Appended | undefined {
    const versions: number[] = []
    let position = 0
    for (const { stream, expected, events } of appends) {
      const from =
        expected === 'ANY' ? this.#version(stream) - events.length + 1 : expected === 'NO_STREAM' ? 0 : expected + 1
      const there = rows(this.#statements.ids, stream, from, events.length) as [string, number][]
      if (there.length !== events.length || !events.every((event, i) => event.id === there[i]![0])) return undefined
      versions.push(from + events.length - 1)
      position = Math.max(position, there.at(-1)![1])
    }
    return { versions, position: BigInt(position) }
  }
}

const arrays = (statement: StatementSync): StatementSync => {
  statement.setReturnArrays(true)
  return statement
}
const rows = (statement: StatementSync, ...values: (string | number | bigint)[]): unknown[] => {
  statement.setReturnArrays(true)
  return statement.all(...values) as unknown[]
}

const stored = ([position, stream, version, id, type, data, meta, recordedAt]: EventRow): StoredEvent => ({
  position: BigInt(position),
  stream,
  version,
  id,
  type,
  data,
  meta: JSON.parse(meta) as Record<string, string>,
  recordedAt,
})

/** Opens for this process alone: SQLite's own lock is held for the process's life and dies with it. */
function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -64000')
    database.exec('BEGIN IMMEDIATE')
    database.exec(SCHEMA)
    database.exec('COMMIT')
    return database
  } catch (error) {
    database.close()
    throw problemOf(error, file)
  }
}

function problemOf(error: unknown, file: string): unknown {
  const code = (error as { errcode?: number }).errcode
  const name = path.basename(path.dirname(file)) + '/' + path.basename(file)
  // Primary result codes of SQLite: busy 5, locked 6, read-only 8, I/O 10, corrupt 11, full 13, not a database 26.
  switch (code === undefined ? undefined : code & 0xff) {
    case 5:
    case 6:
      return new Problem(
        'UNAVAILABLE',
        'DATA_FOLDER_IN_USE',
        `another process has ${name} open; stop it or use another data folder`,
      )
    case 8:
      return new Problem('UNAVAILABLE', 'STORE_READ_ONLY', `${name} cannot be written; nothing was recorded`)
    case 10:
      return new Problem('UNAVAILABLE', 'STORE_IO', `${name} could not be written to disk; nothing was recorded`)
    case 13:
      return new Problem('UNAVAILABLE', 'STORE_FULL', `the disk or quota of ${name} is full; nothing was recorded`)
    case 11:
    case 26:
      return new Problem('UNAVAILABLE', 'STORE_DAMAGED', `${name} is damaged; restore it from a backup`)
    default:
      return error
  }
}

export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  return new SqliteStore(options)
}
