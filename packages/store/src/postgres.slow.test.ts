import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { someEvent, storeContract, take } from './contract.ts'
import { type PostgresServer, postgresBin, privatePostgres } from './postgres.testing.ts'
import { openPostgresStore } from './postgres.ts'

const bin = postgresBin()
if (!bin) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
let server: PostgresServer
before(async () => {
  server = await privatePostgres(bin)
})
after(() => server.stop())
let schemas = 0
const schema = () => `s${++schemas}`

storeContract('postgres', async () => {
  const name = schema()
  let store = await openPostgresStore({ url: server.url, schema: name })
  return {
    store,
    async reopen() {
      await store.close()
      store = await openPostgresStore({ url: server.url, schema: name })
      return store
    },
    destroy: () => store.close(),
  }
})

describe('postgres: many writers and faults', () => {
  test('four processes’ worth of stores write at once: readers see one order without gaps', async () => {
    const name = schema()
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => openPostgresStore({ url: server.url, schema: name })),
    )
    const reading = take(stores[3]!, undefined, 4 * 8 * 50)
    await Promise.all(
      stores.flatMap((store, s) =>
        Array.from({ length: 8 }, async (_, w) => {
          for (let n = 0; n < 50; n++)
            await store.append(`box-thing-${s}-${w}`, n === 0 ? 'NO_STREAM' : n - 1, [someEvent()])
        }),
      ),
    )
    const seen = await reading
    assert.deepEqual(
      seen.map(({ position }) => position),
      seen.map((_, i) => BigInt(i + 1)),
    )
    await Promise.all(stores.map((store) => store.close()))
  })

  test('a reader of another process is woken by a notification', async () => {
    const name = schema()
    const [writer, reader] = [
      await openPostgresStore({ url: server.url, schema: name }),
      await openPostgresStore({ url: server.url, schema: name }),
    ]
    const reading = take(reader, undefined, 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    await writer.append('box-thing-1', 'NO_STREAM', [someEvent()])
    assert.equal((await reading).length, 1)
    await writer.close()
    await reader.close()
  })

  test('the server is killed again and again under 8 writers: acknowledged means there, once, and a reader misses nothing', async () => {
    const store = await openPostgresStore({ url: server.url, schema: schema(), patienceMs: 30_000 })
    const acknowledged: string[] = []
    let stop = false
    const subscription = store.subscribe(undefined)
    const seen: string[] = []
    const reading = (async () => {
      for await (const batch of subscription) seen.push(...batch.map(({ id }) => id))
    })()
    const writing = Array.from({ length: 8 }, async (_, w) => {
      for (let n = 0; !stop; n++) {
        const events = [someEvent(), someEvent()]
        await store.append(`box-thing-${w}`, n === 0 ? 'NO_STREAM' : n * 2 - 1, events)
        acknowledged.push(...events.map(({ id }) => id))
      }
    })
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, 150 + round * 70))
      await server.kill()
      await server.start()
    }
    stop = true
    await Promise.all(writing)
    const all = await store.readAll(undefined, 1_000_000)
    assert.deepEqual(all.map(({ id }) => id).sort(), [...acknowledged].sort())
    while (seen.length < all.length) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.deepEqual(
      seen,
      all.map(({ id }) => id),
    )
    subscription.close()
    await reading
    await store.close()
  })

  test('a server that is away gives a clear problem within the patience', async () => {
    const store = await openPostgresStore({ url: server.url, schema: schema(), patienceMs: 200 })
    await server.kill()
    await assert.rejects(store.append(`box-thing-${randomUUID()}`, 'ANY', [someEvent()]), {
      reason: 'STORE_UNREACHABLE',
    })
    await server.start()
    await store.append('box-thing-1', 'ANY', [someEvent()])
    await store.close()
  })
})
