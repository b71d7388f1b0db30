// A repeated command gets the same answer, also after a restart. The table is a convenience that may lose its last
// moments in a crash: then the stream itself still knows the command id, and the handler answers anew from the state.
import { createHash } from 'node:crypto'
import type { Problem } from '@jinbao/core'
import { log } from '@jinbao/telemetry'
import type { OpenDb } from './db.ts'
import { keyReused } from './handle.ts'

interface AnswerRow {
  command_id: string
  digest: string
  answer: Uint8Array
}

interface Pending {
  readonly commandId: string
  readonly digest: string
  readonly answer: Uint8Array
  readonly at: string
}

const KEPT_DAYS = 7
/** Answers are written down together; until then the running entry answers a repeat. */
const FLUSH_MS = 100

/** Where a command id stands: 60 bits of it, so that the table is searched by integer. */
const slotOf = (commandId: string): bigint => {
  const hex = /^[0-9a-f]{15}/.test(commandId) ? commandId : createHash('sha256').update(commandId).digest('hex')
  return BigInt(`0x${hex.slice(0, 15)}`)
}

/** Refusals that may turn out otherwise next time are not kept: only answers are. */
export class Answers {
  readonly #db: OpenDb
  readonly #running = new Map<string, { digest: string; answer: Promise<Uint8Array> }>()
  #pending: Pending[] = []

  constructor(db: OpenDb) {
    this.#db = db
    db.exec(`CREATE TABLE IF NOT EXISTS answers (
      slot INTEGER PRIMARY KEY, command_id TEXT NOT NULL, digest TEXT NOT NULL, answer BLOB NOT NULL, at TEXT NOT NULL)`)
  }

  /** Runs `work` unless the command was answered before. Throws IDEMPOTENCY_KEY_REUSED when its body differs. */
  async once(commandId: string, digest: string, now: string, work: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const running = this.#running.get(commandId)
    if (running) return check(running.digest, digest) ?? running.answer
    const row = this.#db.get<AnswerRow>(
      'SELECT command_id, digest, answer FROM answers WHERE slot = ?',
      slotOf(commandId),
    )
    if (row?.command_id === commandId) return check(row.digest, digest) ?? row.answer
    const answer = work()
    this.#running.set(commandId, { digest, answer })
    try {
      const done = await answer
      this.#pending.push({ commandId, digest, answer: done, at: now })
      if (this.#pending.length === 1) setTimeout(() => this.#flushLater(), FLUSH_MS).unref()
      // Until flushed, repeats are answered by the running entry; flush removes it.
      return done
    } catch (error) {
      this.#running.delete(commandId)
      throw error
    }
  }

  /** A full disk must not end the process: what was done is in the streams, which know the command ids. */
  #flushLater(): void {
    const rows = this.#pending
    try {
      this.flush()
    } catch (error) {
      log.error({ err: error }, 'answers could not be kept; repeats are answered from the streams')
      for (const row of rows) this.#running.delete(row.commandId)
    }
  }

  flush(): void {
    const rows = this.#pending
    this.#pending = []
    if (rows.length === 0) return
    this.#db.transaction(() => {
      for (const { commandId, digest, answer, at } of rows)
        this.#db.run(
          'INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)',
          slotOf(commandId),
          commandId,
          digest,
          answer,
          at,
        )
    })
    for (const row of rows) this.#running.delete(row.commandId)
  }

  /** Forgets answers older than a week; called by due work. */
  forget(now: string): void {
    const before = Temporal.Instant.from(now)
      .subtract({ hours: 24 * KEPT_DAYS })
      .toString()
    this.#db.run('DELETE FROM answers WHERE at < ?', before)
  }
}

function check(had: string, has: string): undefined {
  if (had && has && had !== has) throw keyReused() satisfies Problem
  return undefined
}
