// Folded state per stream, in memory for the streams at work and in SQLite every few events, so that a forty-year
// history costs one row and a short tail. A state is a guess until the append's expected version confirms it.
import { Meta, type Store, type StoredEvent } from '@jinbao/store'
import { log } from '@jinbao/telemetry'
import type { OpenDb } from './db.ts'
import type { AnyAggregate } from './define.ts'
import { pack, unpack } from './pack.ts'

/** A command that a stream has seen: the same id again does nothing. */
export interface Seen {
  readonly digest: string
  readonly version: number
}

export interface StreamState {
  readonly state: unknown
  /** -1: no such stream yet. */
  readonly version: number
  readonly position: bigint | undefined
  /** The latest commands, oldest first. Older ones are caught by the idempotency table and by checkpoints. */
  readonly commands: ReadonlyMap<string, Seen>
}

const COMMANDS_KEPT = 64
const IN_MEMORY = 20_000
const SAVE_EVERY = 32

export function remember(commands: ReadonlyMap<string, Seen>, id: string, seen: Seen): ReadonlyMap<string, Seen> {
  const next = new Map(commands)
  next.set(id, seen)
  if (next.size > COMMANDS_KEPT) next.delete(next.keys().next().value!)
  return next
}

const fresh = (of: AnyAggregate): StreamState => ({
  state: of.decider.initial,
  version: -1,
  position: undefined,
  commands: new Map(),
})

interface SavedRow {
  version: bigint
  position: string
  state: string
  commands: string
}

function foldTail(of: AnyAggregate, from: StreamState, tail: readonly StoredEvent[]): StreamState {
  let { state, version, position, commands } = from
  for (const stored of tail) {
    state = of.decider.evolve(state, of.codec.decode(stored).event)
    version = stored.version
    position = stored.position
    const id = stored.meta[Meta.commandId]
    if (id && !commands.has(id))
      commands = remember(commands, id, { digest: stored.meta[Meta.commandDigest] ?? '', version })
  }
  return { state, version, position, commands }
}

export class States {
  readonly #store: Store
  readonly #shared: boolean
  readonly #db: OpenDb
  readonly #recent = new Map<string, StreamState>()
  /** Weights above 1 of what is in #recent, and the sum of all. */
  readonly #weights = new Map<string, number>()
  #held = 0
  readonly #savedVersion = new Map<string, number>()
  readonly #unsaved = new Map<string, { of: AnyAggregate; state: StreamState }>()

  constructor(store: Store, db: OpenDb, shared = false) {
    this.#store = store
    this.#shared = shared
    this.#db = db
    db.exec(`CREATE TABLE IF NOT EXISTS states (
      stream TEXT PRIMARY KEY, decider INTEGER NOT NULL, version INTEGER NOT NULL, position TEXT NOT NULL,
      state TEXT NOT NULL, commands TEXT NOT NULL) WITHOUT ROWID`)
  }

  async load(of: AnyAggregate, stream: string): Promise<StreamState> {
    const known = this.#recent.get(stream)
    if (known) {
      this.#recent.delete(stream)
      this.#recent.set(stream, known)
      return this.#shared ? this.#upToDate(of, stream, known) : known
    }
    // A short stream is folded from its start: only longer ones have a row here.
    const first = await this.#store.read(stream, { limit: SAVE_EVERY + 1 })
    const short = first.length <= SAVE_EVERY
    const from = short ? fresh(of) : this.#saved(of, stream)
    const tail = short ? first : await this.#store.read(stream, { from: from.version + 1 })
    const loaded = foldTail(of, from, tail)
    this.#keep(of, stream, loaded)
    return loaded
  }

  /** What another process has written meanwhile is folded in: a question must not be answered from an old state. */
  async #upToDate(of: AnyAggregate, stream: string, known: StreamState): Promise<StreamState> {
    const tail = await this.#store.read(stream, { from: known.version + 1 })
    if (tail.length === 0) return known
    const current = foldTail(of, known, tail)
    this.#keep(of, stream, current)
    return current
  }

  /** After an append that the store has confirmed. */
  advance(of: AnyAggregate, stream: string, state: StreamState): void {
    this.#keep(of, stream, state)
    if (state.version - (this.#savedVersion.get(stream) ?? -1) >= SAVE_EVERY) {
      this.#savedVersion.set(stream, state.version)
      this.#unsaved.set(stream, { of, state })
      if (this.#unsaved.size === 1) setImmediate(() => this.#flushLater())
    }
  }

  /** The store disagreed: what is in memory or in SQLite is never used again. */
  drop(stream: string): void {
    this.#forget(stream)
    this.#unsaved.delete(stream)
    this.#db.run('DELETE FROM states WHERE stream = ?', stream)
  }

  /** A full disk costs the next load some time, no more: the events are elsewhere. */
  #flushLater(): void {
    try {
      this.flush()
    } catch (error) {
      log.error({ err: error }, 'states could not be saved')
    }
  }

  flush(): void {
    if (this.#unsaved.size === 0) return
    const rows = [...this.#unsaved]
    this.#unsaved.clear()
    this.#db.transaction(() => {
      for (const [stream, { of, state }] of rows)
        this.#db.run(
          'INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?, ?)',
          stream,
          of.version,
          state.version,
          String(state.position),
          pack(state.state),
          pack(state.commands),
        )
    })
  }

  #saved(of: AnyAggregate, stream: string): StreamState {
    const row = this.#db.get<SavedRow>(
      'SELECT version, position, state, commands FROM states WHERE stream = ? AND decider = ?',
      stream,
      of.version,
    )
    if (!row) return fresh(of)
    this.#savedVersion.set(stream, Number(row.version))
    return {
      state: unpack(row.state),
      version: Number(row.version),
      position: BigInt(row.position),
      commands: unpack<Map<string, Seen>>(row.commands),
    }
  }

  #keep({ weight = 1 }: AnyAggregate, stream: string, state: StreamState): void {
    if (!this.#recent.delete(stream)) {
      this.#held += weight
      if (weight > 1) this.#weights.set(stream, weight)
    }
    this.#recent.set(stream, state)
    while (this.#held > IN_MEMORY) this.#forget(this.#recent.keys().next().value!)
  }

  #forget(stream: string): void {
    if (this.#recent.delete(stream)) this.#held -= this.#weights.get(stream) ?? 1
    this.#weights.delete(stream)
    this.#savedVersion.delete(stream)
  }
}
