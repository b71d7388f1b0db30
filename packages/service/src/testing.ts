// A service on throw-away engines, for tests: memory store, embedded bus, in-process calls, a clock that is set by hand.
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { embeddedBus } from '@jinbao/bus'
import type { PolicyBook } from '@jinbao/policy'
import {
  type Call,
  type Client,
  clientOf,
  type Definition,
  inProcessTransport,
  type Principal,
  type Transport,
} from '@jinbao/rpc'
import { MemoryStore, type Store } from '@jinbao/store'
import { type Running, runService, type Service } from './index.ts'

export interface TestWorld {
  readonly stores: ReadonlyMap<string, Store>
  readonly running: ReadonlyMap<string, Running>
  now: Temporal.Instant
  /** A typed client in somebody's name; every command gets a command id of its own unless one is given. */
  as<D extends Definition>(
    service: string,
    definition: D,
    principal: Partial<Principal>,
    call?: Partial<Call>,
  ): Client<D>
  /** Resolves when all views and reactions have taken in everything. */
  settle(): Promise<void>
  close(): Promise<void>
}

export async function testWorld(
  services: readonly Service[],
  law: PolicyBook,
  place: string,
  now = '2026-07-01T02:00:00Z',
): Promise<TestWorld> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-test-'))
  const world = { now: Temporal.Instant.from(now) }
  const clock = () => world.now
  const stores = new Map(
    services.map(({ name }) => [name, new MemoryStore(() => clock().toString({ smallestUnit: 'millisecond' }))]),
  )
  const transports = new Map<string, Transport>()
  const storeOf = (name: string): Store => {
    const store = stores.get(name) ?? new MemoryStore()
    stores.set(name, store)
    return store
  }
  const bus = embeddedBus(storeOf)
  const peer = (name: string) => transports.get(name)!
  const running = new Map<string, Running>()
  for (const service of services) {
    const engines = {
      store: storeOf(service.name),
      bus,
      folder: path.join(folder, service.name),
      policy: law,
      place,
      clock,
      peer,
    }
    const one = await runService(service, engines)
    running.set(service.name, one)
    transports.set(service.name, inProcessTransport({ services: one.served }))
  }
  let commands = 0
  return Object.assign(world, {
    stores,
    running,
    as<D extends Definition>(
      name: string,
      definition: D,
      principal: Partial<Principal>,
      call: Partial<Call> = {},
    ): Client<D> {
      const client = clientOf(definition, peer(name))
      const made: Record<string, (request: never, given?: Partial<Call>) => Promise<unknown>> = {}
      for (const rpc of Object.keys(client))
        made[rpc] = (request, given = {}) =>
          (client[rpc] as (r: never, c: Call) => Promise<unknown>)(request, {
            principal: { subject: 'tester', roles: [], ...principal },
            commandId: `c${++commands}`,
            deadline: Date.now() + 10_000,
            signal: new AbortController().signal,
            ...call,
            ...given,
          })
      return made as unknown as Client<D>
    },
    async settle() {
      for (;;) {
        const heads = new Map<string, bigint | undefined>()
        for (const [name, store] of stores) heads.set(name, await store.head())
        const done = [...running.values()].every((one) => one.settled(heads))
        await new Promise((resolve) => setTimeout(resolve, done ? 1 : 5))
        const still = await Promise.all(
          [...stores].map(async ([name, store]) => (await store.head()) === heads.get(name)),
        )
        if (done && still.every(Boolean)) return
      }
    },
    async close() {
      for (const one of running.values()) await one.close()
      await bus.close()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  })
}
