// Rebuild of a view against a bare catch-up: the same events read from the same store, the same rows written by a bare
// node:sqlite loop with one transaction a batch.
import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { embeddedBus } from '@jinbao/bus'
import { loadPolicy } from '@jinbao/policy'
import { PersonRegistered } from '@jinbao/proto/identity/v1/events.ts'
import { defineService, eventCodec, runService, systemClock, view } from '@jinbao/service'
import type { Store } from '@jinbao/store'
import { openSqliteStore } from '@jinbao/store/sqlite.ts'
import { type Row, rate, ratioRow, sideBySide } from './measure.ts'

const EVENTS = 100_000
const tables = 'CREATE TABLE people (person_id TEXT PRIMARY KEY, birth_month TEXT NOT NULL) WITHOUT ROWID'
const insert = 'INSERT OR REPLACE INTO people VALUES (?, ?)'
const people = view(
  { PersonRegistered },
  {
    name: 'people',
    tables,
    apply: { PersonRegistered: (db, event) => db.run(insert, event.personId, event.birthMonth) },
  },
)
const register = defineService({
  name: 'register',
  authority: 'HUMAN_RESOURCES',
  aggregates: [],
  apis: [],
  views: [people],
})

async function filled(file: string): Promise<Store> {
  const store = await openSqliteStore({ file })
  const codec = eventCodec({ PersonRegistered })
  for (let from = 0; from < EVENTS; from += 1_000)
    await store.appendMany(
      Array.from({ length: 1_000 }, (_, i) => {
        const data = PersonRegistered.create({ personId: `p${from + i}`, birthMonth: '1980-05' })
        const event = codec.encode({ type: 'PersonRegistered', data }, randomUUID(), {})
        return { stream: `register-person-p${from + i}`, expected: 'NO_STREAM' as const, events: [event] }
      }),
    )
  return store
}

async function bare(store: Store, file: string): Promise<void> {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec(tables)
  const statement = database.prepare(insert)
  let left = EVENTS
  const subscription = store.subscribe(undefined)
  for await (const batch of subscription) {
    database.exec('BEGIN')
    for (const stored of batch) {
      const data = JSON.parse(stored.data) as { personId: string; birthMonth: string }
      statement.run(data.personId, data.birthMonth)
    }
    database.exec('COMMIT')
    left -= batch.length
    if (left === 0) break
  }
  subscription.close()
  database.close()
}

export async function rebuildBench(): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-bench-'))
  const store = await filled(path.join(folder, 'events.db'))
  const bus = embeddedBus(() => store)
  const running = await runService(register, {
    store,
    bus,
    folder,
    policy: loadPolicy(),
    place: '110000',
    clock: systemClock,
    peer: () => {
      throw new Error('this bench asks nobody')
    },
  })
  let files = 0
  const measured = await sideBySide(
    5,
    () => rate(EVENTS, () => running.views.rebuild()),
    () => rate(EVENTS, () => bare(store, path.join(folder, `bare-${++files}.db`))),
  )
  await running.close()
  await bus.close()
  await store.close()
  fs.rmSync(folder, { recursive: true, force: true })
  const what = 'rebuild of a view, 100,000 events of a row each'
  return [ratioRow(what, 'bare catch-up from the same store into node:sqlite', measured, 0.6)]
}
