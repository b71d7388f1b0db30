// What every event store must hold, whatever stands behind the port: run unchanged on memory, SQLite and, later,
// PostgreSQL and KurrentDB.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { MAX_CHARACTERS, MAX_EVENTS } from './checks.ts'
import { liveContract } from './contractLive.ts'
import { fresh, ids, some, someEvent } from './contractTools.ts'
import { type Store, WrongVersion } from './port.ts'

export { someEvent, take } from './contractTools.ts'

export interface StoreUnderTest {
  readonly store: Store
  /** Closes and opens again what was written; absent where nothing is kept. */
  reopen?(): Promise<Store>
  destroy(): Promise<void>
}

export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name}: the store contract`, () => {
    let under: StoreUnderTest
    let store: Store
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

    test('the same stream twice in one append: the second follows the first', async () => {
      const stream = fresh()
      const events = some(2)
      await store.appendMany([
        { stream, expected: 'NO_STREAM', events: [events[0]!] },
        { stream, expected: 0, events: [events[1]!] },
      ])
      assert.deepEqual(ids(await store.read(stream)), ids(events))
    })

    test('data and metadata come back to the letter: empty, quoted, Chinese, astral, line ends, many keys', async () => {
      const stream = fresh()
      const meta = {
        empty: '',
        quoted: `"'\\{}`,
        chinese: '社会保险',
        astral: '𠀋🀄',
        lines: 'a\r\nb\tc',
        'key with "quotes" 键': 'x',
        proto: '__proto__',
        ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, `${i}`])),
      }
      const data = '{ "b" : 1.50, "a":"\\u4e00 一 𠀋", "n":9007199254740993 }'
      await store.append(stream, 'NO_STREAM', [
        { ...someEvent(), data, meta },
        { ...someEvent(), meta: {} },
      ])
      const [first, second] = await store.read(stream)
      assert.equal(first!.data, data)
      assert.deepEqual({ ...first!.meta }, meta)
      assert.deepEqual({ ...second!.meta }, {})
    })

    test('nameless and reserved streams, nameless events, empty and oversized appends are refused', async () => {
      const head = await store.head()
      for (const stream of ['', '$system', 'x'.repeat(300), 'a\nb', ' a', 'a\ud800'])
        await assert.rejects(store.append(stream, 'ANY', some(1)), { reason: 'STREAM_NAME' })
      const wrong = async (event: object, reason: string) =>
        assert.rejects(store.append(fresh(), 'ANY', [{ ...someEvent(), ...event }]), { reason })
      await wrong({ id: '' }, 'EVENT_ID')
      await wrong({ type: '' }, 'EVENT_TYPE')
      await wrong({ data: '"\udc00"' }, 'EVENT_DATA')
      await wrong({ meta: { count: 1 } }, 'EVENT_META')
      await wrong({ data: JSON.stringify('x'.repeat(MAX_CHARACTERS)) }, 'APPEND_TOO_LARGE')
      await assert.rejects(store.append(fresh(), 'ANY', []), { reason: 'EMPTY_APPEND' })
      await assert.rejects(store.appendMany([]), { reason: 'EMPTY_APPEND' })
      await assert.rejects(store.append(fresh(), 'ANY', some(MAX_EVENTS + 1)), { reason: 'APPEND_TOO_LARGE' })
      assert.equal(await store.head(), head)
    })

    test('the largest appends allowed are taken', async () => {
      const stream = fresh()
      await store.append(stream, 'NO_STREAM', some(MAX_EVENTS))
      await store.append(stream, MAX_EVENTS - 1, [someEvent('Big', { text: '大'.repeat(MAX_CHARACTERS - 1_000) })])
      const [last] = await store.read(stream, { backwards: true, limit: 1 })
      assert.equal(last!.version, MAX_EVENTS)
      assert.equal(JSON.parse(last!.data).text.length, MAX_CHARACTERS - 1_000)
    })

    liveContract(() => store)

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

    test('closing finishes what is under way, ends subscriptions and takes nothing more', async () => {
      const own = await open()
      const waiting = own.store.subscribe(undefined)[Symbol.asyncIterator]().next()
      const other = own.store.subscribe(undefined)
      const reading = (async () => {
        for await (const _batch of other);
        return 'ended'
      })()
      const underWay = [
        own.store.append(fresh(), 'NO_STREAM', some(1)),
        own.store.append(fresh(), 'NO_STREAM', some(1)),
      ]
      await own.store.close()
      assert.equal((await Promise.all(underWay)).length, 2)
      assert.equal(await reading, 'ended')
      await waiting
      await assert.rejects(own.store.append(fresh(), 'ANY', some(1)))
      await own.destroy()
    })
  })
}
