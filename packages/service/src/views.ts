// Keeps views up to date: events and position in one transaction, in slices that let the loop breathe.
import { createHash } from 'node:crypto'
import type { Bus } from '@jinbao/bus'
import type { Store, StoredEvent } from '@jinbao/store'
import { log } from '@jinbao/telemetry'
import type { OpenDb } from './db.ts'
import type { View } from './define.ts'

/** A slice of applying events blocks the loop about so long. */
const SLICE_MS = 12
const RETRY_MS = 1_000

interface ViewRow {
  name: string
  version: bigint
  tables: string
  position: string
}

const tableNames = (sql: string) =>
  [...sql.matchAll(/CREATE (?:VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)/gi)].map((m) => m[1]!)
const at = (position: string): bigint | undefined => (position === '' ? undefined : BigInt(position))
const after = (a: bigint, b: bigint | undefined) => b === undefined || a > b

/** Undefined, the start, is the earliest of all. */
function earliest(positions: readonly (bigint | undefined)[]): bigint | undefined {
  let least = positions[0]
  for (const position of positions)
    if (position === undefined || (least !== undefined && position < least)) least = position
  return least
}

export class Views {
  readonly #service: string
  readonly #store: Store
  readonly #bus: Bus
  readonly #db: OpenDb
  readonly #views: readonly View[]
  readonly #positions = new Map<string, bigint | undefined>()
  readonly #closers: (() => void | Promise<void>)[] = []
  #waiting: { source: string; position: bigint; done: () => void }[] = []
  #closed = false
  /** Name of a view whose apply throws; the service is not ready until it goes on. */
  failing: string | undefined

  constructor(service: string, store: Store, bus: Bus, db: OpenDb, views: readonly View[]) {
    this.#service = service
    this.#store = store
    this.#bus = bus
    this.#db = db
    this.#views = views
    db.exec('CREATE TABLE IF NOT EXISTS views_ (name TEXT PRIMARY KEY, version INTEGER, tables TEXT, position TEXT)')
  }

  async start(): Promise<void> {
    this.#prepare()
    for (const source of new Set(this.#views.map((view) => this.#sourceOf(view)))) await this.#follow(source)
  }

  /** Where each view stands, as decimal strings. */
  positions(): Record<string, string> {
    return Object.fromEntries(
      [...this.#positions].map(([name, position]) => [name, position === undefined ? '' : String(position)]),
    )
  }

  /** Resolves when every view of the source has taken in the position; at once when there is none. */
  caughtUp(source: string, position: bigint, signal?: AbortSignal): Promise<void> {
    if (this.#includes(source, position)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const entry = { source, position, done: resolve }
      this.#waiting.push(entry)
      const stop = () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry)
        reject(signal?.reason)
      }
      if (signal?.aborted) stop()
      else signal?.addEventListener('abort', stop, { once: true })
    })
  }

  /** A digest of each view's rows, equal for equal content whatever the order of insertion. */
  digests(): Record<string, string> {
    return Object.fromEntries(this.#views.map((view) => [view.name, this.#digest(view)]))
  }

  /** Throws all views away and builds them anew; resolves when they stand where they stood. */
  async rebuild(): Promise<void> {
    const goals = [...this.#positions]
    await this.#stop()
    for (const view of this.#views) this.#reset(view)
    await this.start()
    for (const [name, position] of goals) {
      const found = this.#views.find((one) => one.name === name)
      if (found && position !== undefined) await this.caughtUp(this.#sourceOf(found), position)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#stop()
  }

  async #stop(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close()
  }

  #sourceOf(view: View): string {
    return view.source ?? this.#service
  }

  #prepare(): void {
    for (const view of this.#views) {
      const row = this.#db.get<ViewRow>('SELECT * FROM views_ WHERE name = ?', view.name)
      if (row && Number(row.version) === view.version) this.#positions.set(view.name, at(row.position))
      else this.#reset(view, row?.tables)
    }
  }

  #reset(view: View, oldTables = JSON.stringify(tableNames(view.tables))): void {
    this.#db.transaction(() => {
      for (const table of JSON.parse(oldTables) as string[]) this.#db.exec(`DROP TABLE IF EXISTS ${table}`)
      this.#db.exec(view.tables)
      this.#db.run(
        'INSERT OR REPLACE INTO views_ VALUES (?, ?, ?, ?)',
        view.name,
        view.version,
        JSON.stringify(tableNames(view.tables)),
        '',
      )
    })
    this.#positions.set(view.name, undefined)
  }

  async #follow(source: string): Promise<void> {
    const views = this.#views.filter((view) => this.#sourceOf(view) === source)
    const positions = views.map((view) => this.#positions.get(view.name))
    const from = earliest(positions)
    if (source !== this.#service) {
      const consumer = await this.#bus.consume({
        source,
        group: `${this.#service}-views`,
        after: async () => from,
        handle: (batch) =>
          this.#take(
            source,
            views,
            batch.map((message) => message.event),
          ),
      })
      this.#closers.push(() => consumer.close())
      return
    }
    const subscription = this.#store.subscribe(from)
    const running = (async () => {
      for await (const batch of subscription) await this.#take(source, views, batch)
    })()
    this.#closers.push(async () => {
      subscription.close()
      await running
    })
  }

  async #take(source: string, views: readonly View[], batch: readonly StoredEvent[]): Promise<void> {
    for (let done = 0; done < batch.length && !this.#closed; ) {
      try {
        done = this.#slice(views, batch, done)
        this.failing = undefined
      } catch (error) {
        log.error({ err: error, service: this.#service, source }, 'a view cannot apply an event')
        this.failing = `${source} at ${batch[done]!.position}`
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        continue
      }
      this.#wake()
      if (done < batch.length) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Applies events from `from` on for a while; answers how far it came. */
  #slice(views: readonly View[], batch: readonly StoredEvent[], from: number): number {
    const behind = (view: View, position: bigint) => after(position, this.#positions.get(view.name))
    // Most batches hold nothing for a view: then there is nothing to write, and a restart looks at them again.
    const wanted = (stored: StoredEvent) =>
      views.some((view) => view.apply[stored.type] && behind(view, stored.position))
    let next = from
    const advance = () => {
      const until = performance.now() + SLICE_MS
      do {
        const stored = batch[next++]!
        for (const view of views) if (behind(view, stored.position)) this.#apply(view, stored)
      } while (next < batch.length && performance.now() < until)
      return batch[next - 1]!.position
    }
    if (!batch.slice(from).some(wanted)) next = batch.length
    else
      this.#db.transaction(() => {
        const position = advance()
        for (const view of views)
          if (behind(view, position))
            this.#db.run('UPDATE views_ SET position = ? WHERE name = ?', String(position), view.name)
      })
    const position = batch[next - 1]!.position
    for (const view of views) if (behind(view, position)) this.#positions.set(view.name, position)
    return next
  }

  #apply(view: View, stored: StoredEvent): void {
    const apply = view.apply[stored.type]
    if (!apply) return
    const envelope = view.codec.decode(stored)
    apply(this.#db, envelope.event.data as never, envelope)
  }

  #includes(source: string, position: bigint): boolean {
    return this.#views.every(
      (view) => this.#sourceOf(view) !== source || !after(position, this.#positions.get(view.name)),
    )
  }

  #wake(): void {
    if (this.#waiting.length === 0) return
    const ready = this.#waiting.filter(({ source, position }) => this.#includes(source, position))
    if (ready.length === 0) return
    this.#waiting = this.#waiting.filter((entry) => !ready.includes(entry))
    for (const { done } of ready) done()
  }

  #digest(view: View): string {
    const hash = createHash('sha256')
    for (const table of tableNames(view.tables)) {
      const columns = this.#db
        .all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
        .map(({ name }) => `"${name}"`)
      for (const row of this.#db.all(`SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${columns.join(', ')}`))
        hash.update(JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value)))
    }
    return hash.digest('hex')
  }
}
