// Durable appends: the SQLite store against a bare node:sqlite loop with the same durability and the same group commit.
import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { NewEvent } from '@jinbao/store'
import { openSqliteStore } from '@jinbao/store/sqlite.ts'
import { type Row, rate, ratioRow, sideBySide } from './measure.ts'

const WRITERS = 64
const EACH = 300
const data = JSON.stringify({
  personId: '7f3kq2m8xw4c',
  month: '2026-07',
  baseFen: '1234500',
  accountFen: '98760',
  note: 'x'.repeat(250),
})
const meta = { commandId: 'c', actor: 'officer-1', region: '110000', correlation: 'c' }
const event = (): NewEvent => ({ id: randomUUID(), type: 'ContributionCredited', data, meta })

async function ours(file: string): Promise<number> {
  const store = await openSqliteStore({ file })
  const result = await rate(WRITERS * EACH, () =>
    Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let n = 0; n < EACH; n++)
          await store.append(`box-thing-${writer}`, n === 0 ? 'NO_STREAM' : n - 1, [event()])
      }),
    ),
  )
  await store.close()
  return result
}

async function bare(file: string): Promise<number> {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA locking_mode = EXCLUSIVE')
  database.exec(
    'CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, id TEXT, type TEXT, data TEXT, meta TEXT, recorded_at TEXT)',
  )
  database.exec('CREATE UNIQUE INDEX events_stream ON events (stream, version)')
  const insert = database.prepare(
    'INSERT INTO events (stream, version, id, type, data, meta, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  let waiting: { row: [string, number, NewEvent]; done: () => void }[] = []
  const commit = () => {
    const group = waiting
    waiting = []
    database.exec('BEGIN')
    for (const {
      row: [stream, version, one],
    } of group)
      insert.run(stream, version, one.id, one.type, one.data, JSON.stringify(one.meta), new Date().toISOString())
    database.exec('COMMIT')
    for (const { done } of group) done()
  }
  const append = (stream: string, version: number, one: NewEvent) =>
    new Promise<void>((done) => {
      waiting.push({ row: [stream, version, one], done })
      if (waiting.length === 1) setImmediate(commit)
    })
  const result = await rate(WRITERS * EACH, () =>
    Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let n = 0; n < EACH; n++) await append(`box-thing-${writer}`, n, event())
      }),
    ),
  )
  database.close()
  return result
}

export async function storeBench(): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-bench-'))
  let files = 0
  const file = () => path.join(folder, String(++files), 'events.db')
  const measured = await sideBySide(
    7,
    () => ours(file()),
    () => bare(file()),
  )
  fs.rmSync(folder, { recursive: true, force: true })
  return [ratioRow('durable appends, 64 writers, SQLite FULL', 'bare node:sqlite, same group commit', measured, 0.8)]
}
