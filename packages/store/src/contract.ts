// What every event store must hold, whatever stands behind the port: run unchanged on memory, SQLite and, later,
// PostgreSQL and KurrentDB.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type NewEvent, type Store, type StoredEvent, WrongVersion } from './port.ts'

export interface StoreUnderTest {
  readonly store: Store
  /** Closes and opens again what was written; absent where nothing is kept. */
  reopen?(): Promise<Store>
  destroy(): Promise<void>
}

export const someEvent = (type = 'Happened', data: object = {}): NewEvent => ({
  id: randomUUID(),
  type,
  data: JSON.stringify(data),
  meta: { commandId: randomUUID(), actor: '某人 & co' },
})
const some = (count: number) => Array.from({ length: count }, () => someEvent())
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id)

/** Reads a subscription until it has given `count` events. */
export async function take(store: Store, after: bigint | undefined, count: number): Promise<StoredEvent[]> {
  const subscription = store.subscribe(after)
  const got: StoredEvent[] = []
  for await (const batch of subscription) {
    got.push(...batch)
    if (got.length >= count) break
  }
  subscription.close()
  return got
}

export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name}: the store contract`, () => {
    let under: StoreUnderTest
    let store: Store
    const fresh = () => `box-thing-${randomUUID()}`
    before(async () => {
      under = await open()
      store = under.store
    })
    after(() => under.destroy())

    test('events come back as they were given, versions from 0, positions growing', async () => {
      const stream = fresh()
      const events = some(3)
      const appended = await store.append(stream, 'NO_STREAM', events)
      const read = await store.read(stream)
      assert.deepEqual(
        read.map(({ id, type, data, meta }) => ({ id, type, data, meta })),
        events,
      )
      assert.deepEqual(
        read.map(({ version }) => version),
        [0, 1, 2],
      )
      assert.equal(appended.position, read[2]!.position)
      assert.deepEqual(appended.versions, [2])
      assert.ok(read[0]!.position < read[1]!.position && read[1]!.position < read[2]!.position)
      assert.ok(Date.parse(read[0]!.recordedAt) > 0)
    })

    test('a stream is read from a version, with a limit, backwards; an unknown one is empty', async () => {
      const stream = fresh()
      const events = some(5)
      await store.append(stream, 'NO_STREAM', events)
      assert.deepEqual(ids(await store.read(stream, { from: 2, limit: 2 })), ids(events.slice(2, 4)))
      assert.deepEqual(ids(await store.read(stream, { backwards: true, limit: 1 })), ids(events.slice(4)))
      assert.deepEqual(await store.read(fresh()), [])
    })

    test('an append at the wrong version is refused, names the actual one, and leaves no trace', async () => {
      const stream = fresh()
      await store.append(stream, 'NO_STREAM', some(2))
      const head = await store.head()
      for (const [expected, where] of [
        ['NO_STREAM', stream],
        [0, stream],
        [5, stream],
        [0, fresh()],
      ] as const)
        await assert.rejects(store.append(where, expected, some(1)), (error: unknown) => error instanceof WrongVersion)
      await assert.rejects(store.append(stream, 0, some(1)), { actual: 1, expected: 0, stream })
      assert.equal(await store.head(), head)
      assert.equal((await store.read(stream)).length, 2)
    })

    test('after a refused append the same writer goes on', async () => {
      const stream = fresh()
      await store.append(stream, 'NO_STREAM', some(1))
      const results = await Promise.allSettled([
        store.append(stream, 7, some(1)),
        store.append(stream, 0, some(1)),
        store.append(fresh(), 'ANY', some(1)),
      ])
      assert.deepEqual(
        results.map(({ status }) => status),
        ['rejected', 'fulfilled', 'fulfilled'],
      )
      assert.equal((await store.read(stream)).length, 2)
    })

    test('a retry after a lost answer writes nothing and answers as the first time', async () => {
      const stream = fresh()
      const events = some(2)
      await store.append(stream, 'NO_STREAM', some(1))
      const first = await store.append(stream, 0, events)
      await store.append(stream, 2, some(1))
      assert.deepEqual(await store.append(stream, 0, events), first)
      assert.equal((await store.read(stream)).length, 4)
      await assert.rejects(store.append(stream, 0, [events[0]!, someEvent()]), WrongVersion)
    })

    test('several streams are written all or nothing, in the order given', async () => {
      const [a, b] = [fresh(), fresh()]
      await store.append(b, 'NO_STREAM', some(1))
      const wrong = [
        { stream: a, expected: 'NO_STREAM' as const, events: some(1) },
        { stream: b, expected: 'NO_STREAM' as const, events: some(1) },
      ]
      await assert.rejects(store.appendMany(wrong), WrongVersion)
      assert.deepEqual(await store.read(a), [])
      const right = [{ ...wrong[0]! }, { ...wrong[1]!, expected: 0 }]
      const { versions } = await store.appendMany(right)
      assert.deepEqual(versions, [0, 1])
      const [inA] = await store.read(a)
      const [, inB] = await store.read(b)
      assert.ok(inA!.position < inB!.position)
      assert.deepEqual(await store.appendMany(right), { versions, position: inB!.position })
    })

    test('one writer of many wins a version; the others are told', async () => {
      const stream = fresh()
      await store.append(stream, 'NO_STREAM', some(1))
      const results = await Promise.allSettled(Array.from({ length: 32 }, () => store.append(stream, 0, some(1))))
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
      for (const result of results) if (result.status === 'rejected') assert.ok(result.reason instanceof WrongVersion)
    })

    test('readers see one total order without gaps while 32 writers write: nothing lost, nothing twice', async () => {
      const after = await store.head()
      const writers = 32
      const each = 40
      const reading = Promise.all([take(store, after, writers * each), take(store, after, writers * each)])
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
      const [one, two] = await reading
      assert.deepEqual(ids(one), ids(two))
      assert.deepEqual([...ids(one)].sort(), written.sort())
      for (let i = 1; i < one.length; i++) assert.ok(one[i - 1]!.position < one[i]!.position)
      const again = await store.readAll(after, writers * each)
      assert.deepEqual(ids(again), ids(one).slice(0, again.length))
    })

    test('a subscription resumes exactly after any position', async () => {
      const after = await store.head()
      const events = some(20)
      await store.append(fresh(), 'ANY', events)
      const all = await take(store, after, 20)
      const rest = await take(store, all[6]!.position, 13)
      assert.deepEqual(ids(rest), ids(events.slice(7)))
    })

    test('nameless and reserved streams, empty and oversized appends are refused', async () => {
      for (const stream of ['', '$system', 'x'.repeat(300)])
        await assert.rejects(store.append(stream, 'ANY', some(1)), { reason: 'STREAM_NAME' })
      await assert.rejects(store.append(fresh(), 'ANY', []), { reason: 'EMPTY_APPEND' })
      await assert.rejects(store.append(fresh(), 'ANY', some(2_001)), { reason: 'APPEND_TOO_LARGE' })
    })

    test('1,000 streams in one append; the order of recording never goes back', async () => {
      const appends = Array.from({ length: 1_000 }, () => ({
        stream: fresh(),
        expected: 'NO_STREAM' as const,
        events: some(1),
      }))
      const after = await store.head()
      await store.appendMany(appends)
      const all = await store.readAll(after, 1_000)
      assert.deepEqual(
        all.map(({ stream }) => stream),
        appends.map(({ stream }) => stream),
      )
      for (let i = 1; i < all.length; i++) assert.ok(all[i - 1]!.recordedAt <= all[i]!.recordedAt)
    })

    test('all is there after closing and opening again', async (t) => {
      if (!under.reopen) return t.diagnostic('nothing is kept here')
      const stream = fresh()
      const events = some(3)
      await store.append(stream, 'NO_STREAM', events)
      const head = await store.head()
      store = await under.reopen()
      assert.equal(await store.head(), head)
      assert.deepEqual(ids(await store.read(stream)), ids(events))
      await store.append(stream, 2, some(1))
    })
  })
}
