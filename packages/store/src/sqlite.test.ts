import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { after, describe, test } from 'node:test'
import { someEvent, storeContract, take } from './contract.ts'
import { openSqliteStore } from './sqlite.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-store-'))
let files = 0
const newFile = () => path.join(folder, `${++files}`, 'events.db')
after(() => fs.rmSync(folder, { recursive: true, force: true }))

storeContract('sqlite', async () => {
  const file = newFile()
  let store = await openSqliteStore({ file })
  return {
    store,
    async reopen() {
      await store.close()
      store = await openSqliteStore({ file })
      return store
    },
    destroy: () => store.close(),
  }
})

describe('sqlite: faults', () => {
  test('a second opener of the same file is refused with a clear line, and may open when the first is gone', async () => {
    const file = newFile()
    const store = await openSqliteStore({ file })
    await assert.rejects(openSqliteStore({ file }), { reason: 'DATA_FOLDER_IN_USE' })
    await store.close()
    await (await openSqliteStore({ file })).close()
  })

  test('kill -9 at any moment: all that was acknowledged is there, nothing half', async () => {
    const file = newFile()
    for (let round = 0; round < 12; round++) {
      const acknowledged = await killedWriter(file, String(round), 40 + round * 25)
      const store = await openSqliteStore({ file })
      for (const [stream, version] of acknowledged) {
        const events = await store.read(stream)
        assert.ok(events.length > version, `${stream} lost ${version - events.length + 1} events`)
        assert.equal(events.length % 2, 0, 'half an append is there')
      }
      assert.ok(acknowledged.size > 0)
      await store.close()
    }
  })

  test('a full disk gives a clear problem, loses nothing acknowledged, and writing goes on when there is room', async () => {
    const file = newFile()
    let store = await openSqliteStore({ file, maxPages: 60 })
    let acknowledged = 0
    const big = () => someEvent('Big', { text: 'x'.repeat(2_000) })
    await assert.rejects(
      async () => {
        for (;;) {
          await store.append('box-thing-1', 'ANY', [big()])
          acknowledged++
        }
      },
      { reason: 'STORE_FULL' },
    )
    assert.equal((await store.read('box-thing-1')).length, acknowledged)
    await store.close()
    store = await openSqliteStore({ file })
    await store.append('box-thing-1', acknowledged - 1, [big()])
    assert.equal((await store.read('box-thing-1')).length, acknowledged + 1)
    await store.close()
  })

  test('a torn end of the log drops the last write and nothing else', async () => {
    const file = newFile()
    await killedWriter(file, 't', 150)
    const wal = `${file}-wal`
    const size = fs.statSync(wal).size
    fs.truncateSync(wal, size - 100)
    const store = await openSqliteStore({ file })
    const all = await store.readAll(undefined, 1_000_000)
    assert.ok(all.length > 0)
    assert.deepEqual(
      all.map(({ position }) => position),
      all.map((_, i) => BigInt(i + 1)),
    )
    await store.append('box-thing-new', 'NO_STREAM', [someEvent()])
    await store.close()
  })

  test('a damaged file is named as such', async () => {
    const file = newFile()
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, 'this is no database, whatever its name says '.repeat(200))
    await assert.rejects(openSqliteStore({ file }), { reason: 'STORE_DAMAGED' })
  })

  test('the clock set back does not set recording back', async () => {
    let now = '2026-07-01T00:00:00.000Z'
    const file = newFile()
    let store = await openSqliteStore({ file, clock: () => now })
    await store.append('box-thing-1', 'ANY', [someEvent()])
    now = '2026-06-01T00:00:00.000Z'
    await store.append('box-thing-1', 'ANY', [someEvent()])
    await store.close()
    store = await openSqliteStore({ file, clock: () => now })
    await store.append('box-thing-1', 'ANY', [someEvent()])
    assert.deepEqual(
      new Set((await store.read('box-thing-1')).map(({ recordedAt }) => recordedAt)),
      new Set(['2026-07-01T00:00:00.000Z']),
    )
    await store.close()
  })

  test('20,000 events in batches of 1,000 let the loop breathe', async () => {
    const store = await openSqliteStore({ file: newFile() })
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    for (let batch = 0; batch < 20; batch++) {
      const appends = Array.from({ length: 1_000 }, (_, i) => ({
        stream: `box-thing-${batch}-${i}`,
        expected: 'NO_STREAM' as const,
        events: [someEvent()],
      }))
      await store.appendMany(appends)
    }
    delay.disable()
    await store.close()
    // The aim is 50 ms (bench/ measures it); a loaded machine may take longer without being wrong.
    assert.ok(delay.percentile(50) / 1e6 < 250, `the loop stood still for ${delay.percentile(50) / 1e6} ms`)
  })

  test('a copy of a running store is consistent', async () => {
    const store = await openSqliteStore({ file: newFile() })
    for (let i = 0; i < 50; i++) await store.append(`box-thing-${i}`, 'ANY', [someEvent()])
    const copy = newFile()
    const writing = Promise.all(
      Array.from({ length: 50 }, (_, i) => store.append(`box-thing-${i}`, 'ANY', [someEvent()])),
    )
    await store.copyTo(copy)
    await writing
    const copied = await openSqliteStore({ file: copy })
    const there = await take(copied, undefined, 50)
    assert.ok(there.length >= 50)
    assert.deepEqual(
      there.map(({ position }) => position),
      there.map((_, i) => BigInt(i + 1)),
    )
    await copied.close()
    await store.close()
  })
})

/** Starts a writer, kills it after a while, and tells what it had acknowledged by stream. */
async function killedWriter(file: string, round: string, ms: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'killed.child.ts'), file, round], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  await new Promise((resolve) => setTimeout(resolve, ms))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
  const acknowledged = new Map<string, number>()
  for (const line of output.split('\n').slice(0, -1)) {
    const [stream, version] = line.split(' ') as [string, string]
    acknowledged.set(stream, Number(version))
  }
  return acknowledged
}
