import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryStore } from '@jinbao/store'
import { busContract } from './contract.ts'
import { embeddedBus } from './embedded.ts'

busContract('embedded', async (storeOf) => {
  const bus = embeddedBus(storeOf)
  return { bus, relay: async () => {}, destroy: () => bus.close() }
})

test('a source that closes before its consumers is asked again now and then, not all the time', async () => {
  const store = new MemoryStore()
  const bus = embeddedBus(() => store)
  let asked = 0
  const after = async () => {
    asked += 1
    return undefined
  }
  await bus.consume({ source: 'one', group: 'a', after, handle: async () => {} })
  await sleep(10)
  await store.close()
  await sleep(400)
  assert.ok(asked > 1 && asked < 8, `asked ${asked} times`)
  await bus.close()
})
