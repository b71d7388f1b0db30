import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, test } from 'node:test'
import { openSqliteStore, type SqliteStore } from '@jinbao/store/sqlite.ts'
import { backupStopped, backupStores, copyKeys, restore } from './backup.ts'
import { askForBackup, serveControl } from './control.ts'

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-backup-'))
after(() => fs.rmSync(scratch, { recursive: true }))

async function openStores(data: string): Promise<Map<string, SqliteStore>> {
  const stores = new Map<string, SqliteStore>()
  for (const name of ['collection', 'pension'])
    stores.set(name, await openSqliteStore({ file: path.join(data, name, 'events.db') }))
  return stores
}

const event = (id: string, cause = '') => ({ id, type: 'Happened', data: '{}', meta: { causation: cause } })

/** A cause in one store, its consequence in the other, both ways in turn, as services do to each other. */
async function write(stores: ReadonlyMap<string, SqliteStore>, until: () => boolean): Promise<number> {
  const [a, b] = [...stores.values()] as [SqliteStore, SqliteStore]
  let written = 0
  while (!until()) {
    const [from, to] = written % 2 === 0 ? [a, b] : [b, a]
    await from.append(`x-cause-${written}`, 'NO_STREAM', [event(`c${written}`)])
    await to.append(`x-effect-${written}`, 'NO_STREAM', [event(`e${written}`, `c${written}`)])
    written += 1
  }
  return written
}

async function idsOf(stores: ReadonlyMap<string, SqliteStore>) {
  const all = await Promise.all([...stores.values()].map((store) => store.readAll(undefined, 1_000_000)))
  return { ids: new Set(all.flat().map(({ id }) => id)), events: all.flat() }
}

const closeAll = async (stores: ReadonlyMap<string, SqliteStore>) => {
  for (const store of stores.values()) await store.close()
}

test('a copy of a running region holds every cause of what it holds, and all that was answered before', async () => {
  const data = path.join(scratch, 'running')
  const stores = await openStores(data)
  let stop = false
  const writers = Promise.all([write(stores, () => stop)])
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 30))
    const before = await idsOf(stores)
    const folder = path.join(scratch, `copy-${round}`)
    await backupStores(stores, folder)
    const back = path.join(scratch, `back-${round}`)
    restore(folder, undefined, back)
    const restored = await openStores(back)
    const { ids, events } = await idsOf(restored)
    for (const { meta } of events) assert.ok(!meta.causation || ids.has(meta.causation), `${meta.causation} is missing`)
    for (const id of before.ids) assert.ok(ids.has(id), `${id} was answered before the copy began`)
    // Life goes on from the copy: positions follow on, nothing collides.
    await write(restored, () => true)
    await restored.get('pension')?.append('x-new-1', 'NO_STREAM', [event('new')])
    await closeAll(restored)
  }
  stop = true
  assert.ok(((await writers)[0] ?? 0) > 20)
  await assert.rejects(backupStores(stores, path.join(scratch, 'copy-0')), { reason: 'BACKUP_EXISTS' })
  await closeAll(stores)
})

test('a stopped region is copied too; a folder that is in use or no backup is refused', async () => {
  const data = path.join(scratch, 'stopped')
  const stores = await openStores(data)
  await write(
    stores,
    (() => {
      let left = 3
      return () => left-- === 0
    })(),
  )
  await assert.rejects(backupStopped(data, path.join(scratch, 's1')), { reason: 'DATA_FOLDER_IN_USE' })
  await closeAll(stores)
  const done = await backupStopped(data, path.join(scratch, 's2'))
  assert.deepEqual(Object.keys(done.heads), ['collection', 'pension'])
  assert.throws(() => restore(data, undefined, path.join(scratch, 'x')), { reason: 'NO_BACKUP' })
  assert.throws(() => restore(path.join(scratch, 's2'), undefined, data), { reason: 'DATA_EXISTS' })
})

test('keys are copied apart, and an older copy is replaced', () => {
  const data = path.join(scratch, 'keys-data')
  fs.mkdirSync(path.join(data, 'identity'), { recursive: true })
  fs.writeFileSync(path.join(data, 'identity/region.key'), 'first')
  const keys = path.join(scratch, 'keys')
  assert.deepEqual(copyKeys(data, keys), ['identity/region.key'])
  fs.writeFileSync(path.join(data, 'identity/region.key'), 'second')
  copyKeys(data, keys)
  assert.equal(fs.readFileSync(path.join(keys, 'identity/region.key'), 'utf8'), 'second')
  assert.equal(fs.statSync(path.join(keys, 'identity/region.key')).mode & 0o077, 0)
})

test('the running region is asked through its socket; a socket left behind means it is down', async () => {
  const data = path.join(scratch, 'control')
  fs.mkdirSync(data)
  assert.equal(await askForBackup(data, 'x'), undefined)
  const close = await serveControl(data, async (folder) => {
    if (folder.endsWith('bad')) throw new Error('no room')
    return { folder }
  })
  assert.deepEqual(await askForBackup(data, '/b/good'), { ok: { folder: '/b/good' } })
  assert.deepEqual(await askForBackup(data, '/b/bad'), { no: 'no room' })
  close()
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(await askForBackup(data, 'x'), undefined)
})
