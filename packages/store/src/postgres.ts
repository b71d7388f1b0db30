// Event store on PostgreSQL, for clusters. Whoever appends first locks the one row that holds the last position, until
// commit: positions are therefore without gaps and become visible in order, whatever the number of writers. Appends
// that arrive together share one transaction (group commit), so the lock costs little.
import { Problem } from '@jinbao/core'
import { log } from '@jinbao/telemetry'
import pg from 'pg'
import { checkAppends, monotonic, systemNow } from './checks.ts'
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

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string
  /** One schema a service. */
  readonly schema: string
  readonly clock?: () => string
  /** How long an append may be tried again while the server is away. */
  readonly patienceMs?: number
  readonly connections?: number
}

const GROUP_EVENTS = 2_000
/** Notifications wake readers at once; polling makes sure when one is lost. */
const POLL_MS = 500
const RETRY_MS = 100
/** Wrong-version answers and bad input are final; what is lost with the connection is tried again. */
const COLUMNS = 'position, stream, version, id, type, data, meta, recorded_at'

interface Waiting {
  readonly appends: readonly StreamAppend[]
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

interface EventRow {
  position: string
  stream: string
  version: number
  id: string
  type: string
  data: string
  meta: string
  recorded_at: string
}

const schemaSql = (schema: string) => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.events (
    position BIGINT PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    data TEXT NOT NULL, meta TEXT NOT NULL, recorded_at TEXT NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS events_stream ON ${schema}.events (stream, version);
  CREATE TABLE IF NOT EXISTS ${schema}.head (one BOOLEAN PRIMARY KEY CHECK (one), position BIGINT NOT NULL, recorded_at TEXT NOT NULL);
  INSERT INTO ${schema}.head VALUES (TRUE, 0, '') ON CONFLICT DO NOTHING;`

export class PostgresStore implements Store {
  readonly #pool: pg.Pool
  readonly #schema: string
  readonly #live = new Live()
  readonly #clock: () => string
  readonly #patienceMs: number
  readonly #poll: NodeJS.Timeout
  #listener: pg.Client | undefined
  #queue: Waiting[] = []
  #committing: Promise<void> | undefined
  #closed = false

  constructor({ url, schema, clock = systemNow, patienceMs = 10_000, connections = 4 }: PostgresOptions) {
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema))
      throw new Problem('INVALID_ARGUMENT', 'SCHEMA_NAME', `not a schema name: ${schema}`)
    this.#schema = schema
    this.#clock = clock
    this.#patienceMs = patienceMs
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
    })
    // A connection that breaks is replaced by the pool; whoever used it is told by his query.
    const broke = (error: Error) => log.warn({ err: error }, 'a database connection broke')
    this.#pool.on('error', broke)
    this.#pool.on('connect', (client) => client.on('error', broke))
    this.#poll = setInterval(() => this.#live.wake(), POLL_MS)
    this.#poll.unref()
  }

  async open(): Promise<this> {
    // Two processes may start at once: the lock keeps one from tripping over the other's CREATE.
    await this.#pool.query(
      `BEGIN; SELECT pg_advisory_xact_lock(hashtext('jinbao-${this.#schema}')); ${schemaSql(this.#schema)} COMMIT`,
    )
    await this.#listen(new URL(this.#pool.options.connectionString!).toString())
    return this
  }

  async read(
    stream: string,
    { from = 0, limit, backwards = false }: ReadOptions = {},
  ): Promise<readonly StoredEvent[]> {
    const sql = `SELECT ${COLUMNS} FROM ${this.#schema}.events WHERE stream = $1 AND version >= $2 ORDER BY version ${backwards ? 'DESC' : ''} LIMIT $3`
    return this.#select({ name: `read${backwards}`, text: sql, values: [stream, from, limit ?? null] })
  }

  async readAll(after: bigint | undefined, limit: number): Promise<readonly StoredEvent[]> {
    if (this.#closed) return []
    const sql = `SELECT ${COLUMNS} FROM ${this.#schema}.events WHERE position > $1 ORDER BY position LIMIT $2`
    return this.#select({ name: 'all', text: sql, values: [String(after ?? 0n), limit] })
  }

  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    return this.appendMany([{ stream, expected, events }])
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<Appended> {
    if (this.#closed) throw new Error('the store is closed')
    checkAppends(appends)
    return new Promise((resolve, reject) => {
      this.#queue.push({ appends, resolve, reject })
      this.#committing ??= this.#commitAll().finally(() => (this.#committing = undefined))
    })
  }

  subscribe(after: bigint | undefined, { batch = 1_000 } = {}): Subscription {
    return this.#live.follow((from, limit) => this.#patiently(() => this.readAll(from, limit)), after, batch)
  }

  async head(): Promise<bigint | undefined> {
    const { rows } = await this.#pool.query<{ position: string }>(`SELECT position FROM ${this.#schema}.head`)
    const position = BigInt(rows[0]!.position)
    return position === 0n ? undefined : position
  }

  async close(): Promise<void> {
    if (this.#closed) return
    await this.#committing
    this.#closed = true
    clearInterval(this.#poll)
    this.#live.close()
    await this.#listener?.end().catch(() => undefined)
    await this.#pool.end()
  }

  async #select(query: pg.QueryConfig): Promise<StoredEvent[]> {
    try {
      const { rows } = await this.#pool.query<EventRow>(query)
      return rows.map(stored)
    } catch (error) {
      throw this.#problem(error)
    }
  }

  /** Reading goes on through a restart of the server. */
  async #patiently<T>(work: () => Promise<T>): Promise<T | []> {
    while (!this.#closed) {
      try {
        return await work()
      } catch (error) {
        log.warn({ err: error }, 'the event store does not answer; reading on when it does')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    return []
  }

  async #commitAll(): Promise<void> {
    // One turn of the loop lets everybody who is ready join the group.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) {
      const group = this.#take()
      try {
        const answers = await this.#tryUntil(Date.now() + this.#patienceMs, group)
        group.forEach(({ resolve, reject }, i) => {
          const answer = answers[i]!
          if (answer instanceof WrongVersion) reject(answer)
          else resolve(answer)
        })
        this.#live.wake()
      } catch (error) {
        for (const { reject } of group) reject(this.#problem(error))
      }
    }
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

  /** The same events again after a lost answer: those that were written are recognised by their ids. */
  async #tryUntil(end: number, group: readonly Waiting[]): Promise<(Appended | WrongVersion)[]> {
    for (let again = false; ; again = true) {
      try {
        return await this.#commit(group, again)
      } catch (error) {
        if (!isLost(error) || Date.now() > end) throw error
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  async #commit(group: readonly Waiting[], again: boolean): Promise<(Appended | WrongVersion)[]> {
    const client = await this.#pool.connect()
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const { rows } = await client.query<{ position: string; recorded_at: string }>(
        `SELECT position, recorded_at FROM ${this.#schema}.head FOR UPDATE`,
      )
      const { position: last, recorded_at } = rows[0]!
      const writing = new Writing(
        BigInt(last),
        monotonic(this.#clock, recorded_at)(),
        await this.#versions(client, group),
      )
      const answers: (Appended | WrongVersion)[] = []
      for (const { appends } of group) answers.push(await this.#answer(client, writing, appends, again))
      if (writing.position === BigInt(last)) await client.query('ROLLBACK')
      else {
        await client.query({ name: 'insert', text: this.#insertSql(), values: writing.columns() })
        await client.query(
          `UPDATE ${this.#schema}.head SET position = ${writing.position}, recorded_at = '${writing.recordedAt}'; NOTIFY ${this.#schema}_events; COMMIT`,
        )
      }
      return answers
    } catch (error) {
      broken = error as Error
      if (!isLost(error))
        await client.query('ROLLBACK').then(
          () => (broken = undefined),
          () => undefined,
        )
      throw error
    } finally {
      client.release(broken)
    }
  }

  async #answer(
    client: pg.PoolClient,
    writing: Writing,
    appends: readonly StreamAppend[],
    again: boolean,
  ): Promise<Appended | WrongVersion> {
    const done = writing.repeated(appends)
    if (done) return done
    const wrong = writing.mismatch(appends)
    if (!wrong && !again) return writing.perform(appends)
    return (await this.#repeated(client, appends)) ?? wrong ?? writing.perform(appends)
  }

  #insertSql(): string {
    return `INSERT INTO ${this.#schema}.events (${COLUMNS})
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`
  }

  async #versions(client: pg.PoolClient, group: readonly Waiting[]): Promise<Map<string, number>> {
    const streams = [...new Set(group.flatMap(({ appends }) => appends.map(({ stream }) => stream)))]
    const { rows } = await client.query<{ stream: string; version: number | null }>({
      name: 'versions',
      text: `SELECT s.stream, (SELECT version FROM ${this.#schema}.events e WHERE e.stream = s.stream ORDER BY version DESC LIMIT 1) AS version
        FROM unnest($1::text[]) AS s(stream)`,
      values: [streams],
    })
    return new Map(rows.map(({ stream, version }) => [stream, version ?? -1]))
  }

  /** The answer of the first time, when these very events stand there already. */
  async #repeated(client: pg.PoolClient, appends: readonly StreamAppend[]): Promise<Appended | undefined> {
    const versions: number[] = []
    let position = 0n
    for (const { stream, expected, events } of appends) {
      const where = expected === 'ANY' ? 'id = ANY($2)' : 'id = ANY($2) AND version > $3'
      const values =
        expected === 'ANY'
          ? [stream, events.map(({ id }) => id)]
          : [stream, events.map(({ id }) => id), expected === 'NO_STREAM' ? -1 : expected]
      const { rows } = await client.query<{ version: number; position: string }>(
        `SELECT version, position FROM ${this.#schema}.events WHERE stream = $1 AND ${where} ORDER BY version`,
        values,
      )
      if (rows.length !== events.length) return undefined
      versions.push(rows.at(-1)!.version)
      const at = BigInt(rows.at(-1)!.position)
      if (at > position) position = at
    }
    return { versions, position }
  }

  async #listen(url: string): Promise<void> {
    if (this.#closed) return
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    const again = () => {
      if (this.#listener !== client || this.#closed) return
      this.#listener = undefined
      setTimeout(() => this.#listen(url).catch(() => undefined), RETRY_MS).unref()
    }
    client.on('notification', () => this.#live.wake())
    client.on('error', again)
    client.on('end', again)
    this.#listener = client
    try {
      await client.connect()
      await client.query(`LISTEN ${this.#schema}_events`)
    } catch (error) {
      log.warn({ err: error }, 'no notifications from the database; polling goes on')
      again()
    }
  }

  #problem(error: unknown): unknown {
    if (error instanceof Problem || error instanceof WrongVersion) return error
    const code = (error as { code?: string }).code
    if (code === '53100')
      return new Problem('UNAVAILABLE', 'STORE_FULL', 'the disk of the event store is full; nothing was recorded')
    if (code === '25006')
      return new Problem('UNAVAILABLE', 'STORE_READ_ONLY', 'the event store is read only; nothing was recorded')
    if (isLost(error))
      return new Problem('UNAVAILABLE', 'STORE_UNREACHABLE', 'the event store does not answer', { retryAfterMs: 1_000 })
    return error
  }
}

/** One transaction's rows, numbered on from the last position. */
class Writing {
  position: bigint
  readonly recordedAt: string
  readonly #versions: Map<string, number>
  readonly #answers = new Map<string, Appended>()
  readonly #rows: [string, string, number, string, string, string, string, string][] = []

  constructor(last: bigint, recordedAt: string, versions: Map<string, number>) {
    this.position = last
    this.recordedAt = recordedAt
    this.#versions = versions
  }

  mismatch(appends: readonly StreamAppend[]): WrongVersion | undefined {
    const planned = new Map<string, number>()
    for (const { stream, expected, events } of appends) {
      const actual = planned.get(stream) ?? this.#versions.get(stream)!
      if (expected !== 'ANY' && (expected === 'NO_STREAM' ? -1 : expected) !== actual)
        return new WrongVersion(stream, expected, actual)
      planned.set(stream, actual + events.length)
    }
    return undefined
  }

  /** The answer already given in this transaction, when the very same append came twice at once. */
  repeated(appends: readonly StreamAppend[]): Appended | undefined {
    const first = this.#answers.get(appends[0]!.events[0]!.id)
    const same = first && appends.every(({ events }) => events.every(({ id }) => this.#answers.get(id) === first))
    return same ? first : undefined
  }

  perform(appends: readonly StreamAppend[]): Appended {
    const versions = appends.map(({ stream, events }) => {
      let version = this.#versions.get(stream)!
      for (const { id, type, data, meta } of events) {
        version += 1
        this.position += 1n
        this.#rows.push([String(this.position), stream, version, id, type, data, JSON.stringify(meta), this.recordedAt])
      }
      this.#versions.set(stream, version)
      return version
    })
    const answer = { versions, position: this.position }
    for (const { events } of appends) for (const { id } of events) this.#answers.set(id, answer)
    return answer
  }

  columns(): unknown[][] {
    return Array.from({ length: 8 }, (_, column) => this.#rows.map((row) => row[column]))
  }
}

/** Connection failures, and a server that is starting or stopping: nobody knows whether the commit went through. */
function isLost(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|08|57P0)/.test(code) ||
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(message)
  )
}

const stored = ({ position, meta, recorded_at, ...rest }: EventRow): StoredEvent => ({
  ...rest,
  position: BigInt(position),
  meta: JSON.parse(meta) as Record<string, string>,
  recordedAt: recorded_at,
})

export const openPostgresStore = (options: PostgresOptions): Promise<PostgresStore> => new PostgresStore(options).open()
