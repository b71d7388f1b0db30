// What every bus must hold, run unchanged on the embedded one and on Kafka.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryStore, type Store } from '@jinbao/store'
import type { Bus, Consumer, Message } from './port.ts'

export interface BusUnderTest {
  readonly bus: Bus
  /** Brings what the store has recorded to the bus (a relay's work); nothing to do where consumers read the store. */
  relay(source: string): Promise<void>
  destroy(): Promise<void>
}

interface Reader {
  readonly got: Message[]
  readonly consumer: Consumer
  /** Resolves when so many messages came. */
  until(count: number): Promise<void>
}

export function busContract(name: string, open: (storeOf: (source: string) => Store) => Promise<BusUnderTest>): void {
  describe(`${name}: the bus contract`, () => {
    const stores = new Map<string, MemoryStore>()
    const storeOf = (source: string) => {
      const store = stores.get(source) ?? new MemoryStore()
      stores.set(source, store)
      return store
    }
    let under: BusUnderTest
    before(async () => {
      under = await open(storeOf)
    })
    after(() => under.destroy())

    const write = async (source: string, count: number, streams = 3) => {
      for (let i = 0; i < count; i++)
        await storeOf(source).append(`${source}-thing-${i % streams}`, 'ANY', [
          { id: randomUUID(), type: 'Counted', data: `{"i":${i}}`, meta: {} },
        ])
      await under.relay(source)
    }
    const read = async (
      source: string,
      group: string,
      from: bigint | undefined,
      failOn: (message: Message) => boolean = () => false,
    ): Promise<Reader> => {
      const got: Message[] = []
      const waiting: { count: number; done: () => void }[] = []
      let checkpoint = from
      const consumer = await under.bus.consume({
        source,
        group,
        after: async () => checkpoint,
        async handle(batch) {
          for (const message of batch) {
            if (checkpoint !== undefined && message.position <= checkpoint) continue
            if (failOn(message)) throw new Error('the handler fails')
            got.push(message)
            checkpoint = message.position
          }
          for (const { count, done } of waiting) if (got.length >= count) done()
        },
      })
      const until = (count: number) =>
        new Promise<void>((done) => (got.length >= count ? done() : waiting.push({ count, done })))
      return { got, consumer, until }
    }
    const positions = ({ got }: Reader) => got.map(({ position }) => position)

    test('every event comes, in order of its stream, with its predecessor named', async () => {
      await write('one', 30)
      const reader = await read('one', 'a', undefined)
      await reader.until(30)
      await write('one', 30)
      await reader.until(60)
      await reader.consumer.close()
      const byStream = Map.groupBy(reader.got, ({ event }) => event.stream)
      for (const list of byStream.values())
        assert.deepEqual(
          list.map(({ event }) => event.version),
          list.map((_, i) => i),
        )
      const byPartition = Map.groupBy(reader.got, ({ partition }) => partition)
      for (const list of byPartition.values())
        for (let i = 1; i < list.length; i++) assert.equal(list[i]!.previous, list[i - 1]!.position)
    })

    test('a failing handler gets its messages again, and nothing is passed over', async () => {
      await write('two', 20)
      let failures = 0
      const reader = await read('two', 'a', undefined, ({ event }) => event.version === 2 && failures++ < 2)
      await reader.until(20)
      await reader.consumer.close()
      assert.ok(failures > 2)
      assert.equal(new Set(positions(reader)).size, 20)
    })

    test('a consumer resumes after its own checkpoint', async () => {
      await write('three', 10, 1)
      const first = await read('three', 'a', undefined)
      await first.until(10)
      await first.consumer.close()
      await write('three', 10, 1)
      const second = await read('three', 'b', first.got[6]!.position)
      await second.until(13)
      await second.consumer.close()
      assert.deepEqual(
        second.got.map(({ event }) => event.version),
        Array.from({ length: 13 }, (_, i) => i + 7),
      )
    })

    test('groups are independent: one that stands still holds up nobody', async () => {
      await write('four', 10)
      let release = () => {}
      const stuck = await under.bus.consume({
        source: 'four',
        group: 'stuck',
        after: async () => undefined,
        handle: () =>
          new Promise<void>((resolve) => {
            release = resolve
          }),
      })
      const reader = await read('four', 'free', undefined)
      await reader.until(10)
      await reader.consumer.close()
      release()
      await stuck.close()
    })

    test('close waits for the batch at hand and nothing comes afterwards', async () => {
      await write('five', 5)
      const reader = await read('five', 'a', undefined)
      await reader.until(5)
      await reader.consumer.close()
      await write('five', 5)
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.equal(reader.got.length, 5)
    })

    test('close waits for a handler at work, and does not wait out the pause after a failing one', async () => {
      await write('six', 3)
      let release = () => {}
      let done = false
      const working = new Promise<void>((began) => {
        release = began
      })
      let finish = () => {}
      const held = new Promise<void>((resolve) => {
        finish = resolve
      })
      const consume = (group: string, handle: () => Promise<void>) =>
        under.bus.consume({ source: 'six', group, after: async () => undefined, handle })
      const slow = await consume('slow', async () => {
        release()
        await held
        done = true
      })
      await working
      const closing = slow.close().then(() => done)
      assert.equal(await Promise.race([closing, sleep(30, 'still open')]), 'still open')
      finish()
      assert.equal(await closing, true)

      let failures = 0
      const failing = await consume('failing', async () => {
        failures += 1
        throw new Error('the handler fails')
      })
      while (failures < 4) await sleep(10)
      const started = performance.now()
      await failing.close()
      const failuresThen = failures
      assert.ok(performance.now() - started < 3_000)
      await sleep(100)
      assert.equal(failures, failuresThen)
    })

    test('what is written while a handler fails now and then comes whole and in order', async () => {
      let handled = 0
      const reader = await read('seven', 'a', undefined, () => ++handled % 37 === 0)
      for (let round = 0; round < 10; round++) await write('seven', 20, 4)
      await reader.until(200)
      await reader.consumer.close()
      for (const list of Map.groupBy(reader.got, ({ event }) => event.stream).values())
        assert.deepEqual(
          list.map(({ event }) => event.version),
          Array.from({ length: 50 }, (_, i) => i),
        )
      const byPartition = Map.groupBy(reader.got, ({ partition }) => partition)
      for (const list of byPartition.values())
        for (let i = 1; i < list.length; i++) assert.equal(list[i]!.previous, list[i - 1]!.position)
    })

    test('a checkpoint that cannot be read is asked for again', async () => {
      await write('eight', 3)
      let asked = 0
      let count = 0
      const consumer = await under.bus.consume({
        source: 'eight',
        group: 'a',
        async after() {
          if (++asked < 3) throw new Error('the checkpoint is busy')
          return undefined
        },
        async handle(batch) {
          count += batch.length
        },
      })
      while (count < 3) await sleep(10)
      await consumer.close()
      assert.ok(asked >= 3)
    })
  })
}
