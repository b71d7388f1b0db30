// The part of the store contract about writers and readers at the same time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fresh, ids, some, someEvent, take } from './contractTools.ts'
import { type Store, WrongVersion } from './port.ts'

/** Writes `each` single events to each of `writers` new streams, all writers at once; tells the ids. */
async function writeAll(store: Store, writers: number, each: number): Promise<string[]> {
  const written: string[] = []
  await Promise.all(
    Array.from({ length: writers }, async (_, i) => {
      const stream = fresh()
      for (let n = 0; n < each; n++) {
        const event = someEvent('Counted', { i, n })
        await store.append(stream, n === 0 ? 'NO_STREAM' : n - 1, [event])
        written.push(event.id)
      }
    }),
  )
  return written
}

export function liveContract(storeNow: () => Store): void {
  test('one writer of many wins a version; the others are told', async () => {
    const store = storeNow()
    const stream = fresh()
    await store.append(stream, 'NO_STREAM', some(1))
    const results = await Promise.allSettled(Array.from({ length: 32 }, () => store.append(stream, 0, some(1))))
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const result of results) if (result.status === 'rejected') assert.ok(result.reason instanceof WrongVersion)
    assert.equal((await store.read(stream)).length, 2)
  })

  test('the same append sent several times at once is written once and answered alike', async () => {
    const store = storeNow()
    const stream = fresh()
    const events = some(2)
    const answers = await Promise.all(Array.from({ length: 5 }, () => store.append(stream, 'NO_STREAM', events)))
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    assert.deepEqual(ids(await store.read(stream)), ids(events))
  })

  test('pairs of streams under contention stay in step: never one without the other', async () => {
    const store = storeNow()
    const pair = [fresh(), fresh()]
    const attempt = async () => {
      const expected = (await store.read(pair[0]!)).length - 1
      const appends = pair.map((stream) => ({
        stream,
        expected: expected < 0 ? 'NO_STREAM' : expected,
        events: some(1),
      }))
      return store.appendMany(appends as Parameters<Store['appendMany']>[0])
    }
    let won = 0
    for (let round = 0; round < 10; round++)
      for (const { status } of await Promise.allSettled(Array.from({ length: 6 }, attempt)))
        won += status === 'fulfilled' ? 1 : 0
    const [one, two] = await Promise.all(pair.map((stream) => store.read(stream)))
    assert.ok(won >= 10)
    assert.equal(one!.length, won)
    assert.equal(two!.length, won)
  })

  test('readers see one total order without gaps while 32 writers write: nothing lost, nothing twice', async () => {
    const store = storeNow()
    const after = await store.head()
    const reading = Promise.all([take(store, after, 1_280), take(store, after, 1_280)])
    const written = await writeAll(store, 32, 40)
    const [one, two] = await reading
    assert.deepEqual(ids(one), ids(two))
    assert.deepEqual(ids(one).sort(), written.sort())
    for (let i = 1; i < one.length; i++) assert.ok(one[i - 1]!.position < one[i]!.position)
    const again = await store.readAll(after, 1_280)
    assert.deepEqual(ids(again), ids(one).slice(0, again.length))
  })

  test('what readers have seen up to a position never changes: a poller and late, slow joiners agree', async () => {
    const store = storeNow()
    const after = await store.head()
    const total = 24 * 30
    const polled: string[] = []
    const polling = (async () => {
      for (let at = after; polled.length < total; await sleep(1)) {
        const batch = await store.readAll(at, 7)
        polled.push(...ids(batch))
        at = batch.at(-1)?.position ?? at
      }
    })()
    const joiners = [0, 3, 6, 9].map(async (ms) => {
      await sleep(ms)
      return take(store, after, total, { batch: 13, pauseMs: 1 })
    })
    const written = await writeAll(store, 24, 30)
    await polling
    assert.deepEqual([...polled].sort(), written.sort())
    for (const joiner of await Promise.all(joiners)) assert.deepEqual(ids(joiner), polled)
  })

  test('a subscription resumes exactly after any position', async () => {
    const store = storeNow()
    const after = await store.head()
    const events = some(20)
    await store.append(fresh(), 'ANY', events)
    const all = await take(store, after, 20)
    for (let at = 0; at < 19; at++)
      assert.deepEqual(ids(await take(store, all[at]!.position, 19 - at)), ids(events.slice(at + 1)))
  })

  test('a subscription at the end waits, is woken by a write, and ends when it is closed', async () => {
    const store = storeNow()
    const subscription = store.subscribe(await store.head())
    const reader = subscription[Symbol.asyncIterator]()
    const next = reader.next()
    const early = await Promise.race([next, sleep(20, 'nothing yet')])
    assert.equal(early, 'nothing yet')
    const events = some(1)
    await store.append(fresh(), 'NO_STREAM', events)
    assert.deepEqual(ids((await next).value ?? []), ids(events))
    const last = reader.next()
    subscription.close()
    assert.equal((await last).done, true)
  })
}
