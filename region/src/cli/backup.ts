// A copy of a region that is whole as of one moment, while it runs; and putting one back.
//
// Services follow each other's events, so a copy must never hold a consequence without its cause. All heads are read
// at one moment; stores are copied one by one, later, and what came after that moment is cut off the copies.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '@jinbao/core'
import { openSqliteStore, type SqliteStore } from '@jinbao/store/sqlite.ts'

export interface BackedUp {
  readonly folder: string
  /** Last event of each service in the copy. */
  readonly heads: Readonly<Record<string, string>>
}

export async function backupStores(stores: ReadonlyMap<string, SqliteStore>, folder: string): Promise<BackedUp> {
  if (fs.existsSync(folder)) throw new Problem('ALREADY_EXISTS', 'BACKUP_EXISTS', `${folder} is there already`)
  // A store answers its head without waiting, so nothing is recorded between the first and the last.
  const heads = await Promise.all([...stores].map(async ([name, store]) => [name, await store.head()] as const))
  const partial = `${folder}.partial`
  fs.rmSync(partial, { recursive: true, force: true })
  for (const [name, head] of heads) {
    const file = path.join(partial, name, 'events.db')
    await stores.get(name)?.copyTo(file)
    cutAfter(file, head ?? 0n)
  }
  const positions = Object.fromEntries(heads.map(([name, head]) => [name, String(head ?? '')]))
  fs.writeFileSync(path.join(partial, 'backup.json'), JSON.stringify({ heads: positions }))
  fs.renameSync(partial, folder)
  return { folder, heads: positions }
}

function cutAfter(file: string, position: bigint): void {
  const database = new DatabaseSync(file)
  try {
    database.prepare('DELETE FROM events WHERE position > ?').run(position)
    const { integrity_check: found } = database.prepare('PRAGMA integrity_check').get() as { integrity_check: string }
    if (found !== 'ok') throw new Problem('UNAVAILABLE', 'COPY_DAMAGED', `${file}: ${found}`)
  } finally {
    database.close()
  }
}

/** Services of a data folder: folders that hold events. */
export const servicesIn = (data: string): string[] =>
  fs
    .readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && fs.existsSync(path.join(data, entry.name, 'events.db')))
    .map(({ name }) => name)
    .sort()

/** Of a region that does not run. One that runs holds its files and has to be asked itself. */
export async function backupStopped(data: string, folder: string): Promise<BackedUp> {
  if (!fs.existsSync(data)) throw new Problem('NOT_FOUND', 'NO_DATA', `there is no ${data}`)
  const stores = new Map<string, SqliteStore>()
  try {
    for (const name of servicesIn(data))
      stores.set(name, await openSqliteStore({ file: path.join(data, name, 'events.db') }))
    return await backupStores(stores, folder)
  } finally {
    for (const store of stores.values()) await store.close()
  }
}

/** Everything beside the events that a region cannot make again; views and cached states are left out. */
const KEYS = ['development-issuer.json', 'identity/region.key', 'identity/keys.db'] as const

/**
 * Keys are copied apart, and the copy before is replaced: a person whose key was destroyed is unreadable in every
 * backup as soon as the keys have been copied once more.
 */
export function copyKeys(data: string, folder: string): string[] {
  const there = KEYS.filter((name) => fs.existsSync(path.join(data, name)))
  const partial = `${folder}.partial`
  fs.rmSync(partial, { recursive: true, force: true })
  for (const name of there) {
    const to = path.join(partial, name)
    fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
    if (name.endsWith('.db')) copyDatabase(path.join(data, name), to)
    else fs.copyFileSync(path.join(data, name), to)
    fs.chmodSync(to, 0o600)
  }
  if (there.length === 0) return []
  fs.rmSync(folder, { recursive: true, force: true })
  fs.renameSync(partial, folder)
  return there
}

/** The vault is open in the region; SQLite writes a copy that is whole. */
function copyDatabase(from: string, to: string): void {
  const database = new DatabaseSync(from, { readOnly: true })
  try {
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
}

/** Puts a backup into a data folder that is not there yet; views are built when the region starts. */
export function restore(backup: string, keys: string | undefined, data: string): string[] {
  if (!fs.existsSync(path.join(backup, 'backup.json')))
    throw new Problem('NOT_FOUND', 'NO_BACKUP', `${backup} is no backup`)
  if (fs.existsSync(data) && fs.readdirSync(data).length > 0)
    throw new Problem('ALREADY_EXISTS', 'DATA_EXISTS', `${data} is there already; move it away first`)
  const services = servicesIn(backup)
  const partial = `${data}.partial`
  fs.rmSync(partial, { recursive: true, force: true })
  for (const name of services) fs.cpSync(path.join(backup, name), path.join(partial, name), { recursive: true })
  if (keys) fs.cpSync(keys, partial, { recursive: true })
  fs.rmSync(data, { recursive: true, force: true })
  fs.renameSync(partial, data)
  return services
}
