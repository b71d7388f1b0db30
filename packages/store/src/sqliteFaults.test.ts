// What the store keeps when the process is killed, the disk is full or read-only, or the file is cut or damaged.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fresh, ids, some, someEvent } from './contractTools.ts'
import type { StoredEvent } from './port.ts'
import { openSqliteStore } from './sqlite.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-store-faults-'))
fs.chmodSync(folder, 0o755)
let files = 0
const newFile = () => path.join(folder, `${++files}`, 'events.db')
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const big = () => someEvent('Big', { text: 'x'.repeat(2_000) })

/** Starts a writer, kills it some time after its first answer; stream to ids by version, as acknowledged. */
async function killedWriter(file: string, round: string, ms: number): Promise<Map<string, string[]>> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'killed.child.ts'), file, round], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  await sleep(ms)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
  const acknowledged = new Map<string, string[]>()
  for (const line of Buffer.concat(chunks).toString().split('\n').slice(0, -1)) {
    const [stream, version, id] = line.split(' ') as [string, string, string]
    const list = acknowledged.get(stream) ?? []
    list[Number(version)] = id
    acknowledged.set(stream, list)
  }
  return acknowledged
}

const assertGapless = (all: readonly StoredEvent[]) =>
  assert.deepEqual(
    all.map(({ position }) => position),
    all.map((_, i) => BigInt(i + 1)),
  )

describe('sqlite: faults', () => {
  test('kill -9 at any moment, 10 rounds: all that was acknowledged is there, nothing half', async () => {
    const file = newFile()
    for (let round = 0; round < 10; round++) {
      const delay = Math.random() * 250
      const acknowledged = await killedWriter(file, String(round), delay)
      const store = await openSqliteStore({ file })
      const streams = Map.groupBy(await store.readAll(undefined, 1_000_000), ({ stream }) => stream)
      assert.ok(acknowledged.size > 0)
      for (const [stream, list] of acknowledged) {
        const there = streams.get(stream) ?? []
        assert.deepEqual(ids(there).slice(0, list.length), list, `${stream} after ${delay} ms`)
        if (!/left|right/.test(stream)) assert.equal(there.length % 2, 0, `half an append after ${delay} ms`)
      }
      const length = (side: string) => streams.get(`box-thing-${round}-${side}`)?.length
      assert.equal(length('left'), length('right'), `half a pair after ${delay} ms`)
      assertGapless([...streams.values()].flat().sort((a, b) => Number(a.position - b.position)))
      await store.close()
    }
  })

  test('a file cut anywhere in its last write loses that write whole and nothing else', async () => {
    const file = newFile()
    const store = await openSqliteStore({ file })
    const kept = some(20)
    await store.append('box-thing-kept', 'NO_STREAM', kept)
    const before = fs.statSync(`${file}-wal`).size
    await store.append('box-thing-lost', 'NO_STREAM', Array.from({ length: 10 }, big))
    const log = fs.readFileSync(`${file}-wal`)
    const database = fs.readFileSync(file)
    await store.close()
    const damages = [before, before + 1, before + 24, log.length - 5_000, log.length - 100, log.length - 1].map(
      (at) => [log.subarray(0, at), Buffer.concat([log.subarray(0, at), Buffer.alloc(log.length - at, 0xa5)])],
    )
    for (const damaged of damages.flat()) {
      const copy = newFile()
      fs.mkdirSync(path.dirname(copy))
      fs.writeFileSync(copy, database)
      fs.writeFileSync(`${copy}-wal`, damaged)
      const reopened = await openSqliteStore({ file: copy })
      assert.deepEqual(ids(await reopened.readAll(undefined, 100)), ids(kept))
      const again = some(1)
      await reopened.append('box-thing-lost', 'NO_STREAM', again)
      assert.equal((await reopened.read('box-thing-lost'))[0]!.position, 21n)
      await reopened.close()
    }
  })

  test('a file that is damaged, or cut in what was acknowledged long ago, is named as such', async () => {
    const noDatabase = newFile()
    fs.mkdirSync(path.dirname(noDatabase))
    fs.writeFileSync(noDatabase, 'this is no database, whatever its name says '.repeat(200))
    await assert.rejects(openSqliteStore({ file: noDatabase }), { reason: 'STORE_DAMAGED' })
    const cut = newFile()
    const store = await openSqliteStore({ file: cut })
    await store.append('box-thing-1', 'NO_STREAM', Array.from({ length: 50 }, big))
    await store.close()
    fs.truncateSync(cut, fs.statSync(cut).size - 4_096)
    await assert.rejects(openSqliteStore({ file: cut }), { reason: 'STORE_DAMAGED' })
  })

  test('no room left: a clear problem, nothing acknowledged lost, whole appends only, and on with more room', async () => {
    const file = newFile()
    let store = await openSqliteStore({ file, maxPages: 60 })
    let acknowledged = 0
    const fill = async () => {
      for (;;) {
        await store.append('box-thing-1', 'ANY', [big(), big()])
        acknowledged += 2
      }
    }
    const first = some(1)
    await store.append('box-thing-0', 'NO_STREAM', first)
    await assert.rejects(fill, { code: 'UNAVAILABLE', reason: 'STORE_FULL' })
    await assert.rejects(fill, { reason: 'STORE_FULL' })
    assert.equal((await store.read('box-thing-1')).length, acknowledged)
    assertGapless(await store.readAll(undefined, 10_000))
    assert.deepEqual(await store.append('box-thing-0', 'NO_STREAM', first), { versions: [0], position: 1n })
    await store.close()
    store = await openSqliteStore({ file })
    await store.append('box-thing-1', acknowledged - 1, [big()])
    assertGapless(await store.readAll(undefined, 10_000))
    await store.close()
  })

  test('a really full disk: the same, and the open store goes on as soon as there is room', async (t) => {
    const disk = path.join(folder, 'disk')
    fs.mkdirSync(disk)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
    if (mounted.status !== 0) return t.skip('a disk of our own needs root')
    t.after(() => spawnSync('umount', ['-l', disk]))
    const ballast = path.join(disk, 'ballast')
    fs.writeFileSync(ballast, Buffer.alloc(1_000_000))
    const store = await openSqliteStore({ file: path.join(disk, 'events.db') })
    const subscription = store.subscribe(undefined)
    const seen: string[] = []
    const reading = (async () => {
      for await (const batch of subscription) seen.push(...ids(batch))
    })()
    const acknowledged: string[] = []
    const append = async () => {
      const events = [big(), big()]
      await store.append(fresh(), 'NO_STREAM', events)
      acknowledged.push(...ids(events))
    }
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, async () => {
        for (;;) await append()
      }),
    )
    for (const result of results) assert.equal(result.status === 'rejected' && result.reason.reason, 'STORE_FULL')
    assert.deepEqual(ids(await store.readAll(0n, 10_000)).sort(), [...acknowledged].sort())
    fs.rmSync(ballast)
    for (let i = 0; i < 5; i++) await append()
    await store.close()
    await reading
    const again = await openSqliteStore({ file: path.join(disk, 'events.db') })
    const all = await again.readAll(0n, 10_000)
    assertGapless(all)
    assert.deepEqual(ids(all).sort(), acknowledged.sort())
    assert.deepEqual(seen, ids(all).slice(0, seen.length))
    await again.close()
  })

  test('a read-only file or folder gives a clear problem', async () => {
    const file = newFile()
    const store = await openSqliteStore({ file })
    await store.append('box-thing-1', 'NO_STREAM', some(1))
    await store.close()
    const parent = path.dirname(file)
    fs.chmodSync(file, 0o444)
    fs.chmodSync(parent, 0o555)
    // Permissions do not bind root: the attempt is made by a process that has given its rights up.
    const script = `import { openSqliteStore } from ${JSON.stringify(path.join(import.meta.dirname, 'sqlite.ts'))}
      if (process.getuid() === 0) process.setuid(65534)
      for (const file of ${JSON.stringify([file, path.join(parent, 'new.db'), path.join(parent, 'new', 'events.db')])})
        await openSqliteStore({ file }).then(() => console.log('opened'), (error) => console.log(error.reason))`
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    assert.deepEqual(other.stdout.trim().split('\n'), Array(3).fill('STORE_READ_ONLY'), other.stderr)
    fs.chmodSync(parent, 0o755)
    fs.chmodSync(file, 0o644)
    const reopened = await openSqliteStore({ file })
    assert.equal((await reopened.read('box-thing-1')).length, 1)
    await reopened.append('box-thing-1', 0, some(1))
    await reopened.close()
  })
})
