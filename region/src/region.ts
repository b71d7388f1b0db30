// One region in one process: every service on embedded engines, calls in process, the gateway in front.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { embeddedBus } from '@jinbao/bus'
import { collection } from '@jinbao/collection'
import { Problem } from '@jinbao/core'
import { employment } from '@jinbao/employment'
import { type DevIssuer, devIssuer } from '@jinbao/gateway/devIssuer.ts'
import { type Gateway, openGateway } from '@jinbao/gateway/gateway.ts'
import type { Limits } from '@jinbao/gateway/options.ts'
import { openIdentity } from '@jinbao/identity'
import { medical } from '@jinbao/medical'
import { pension } from '@jinbao/pension'
import { loadPolicy, type PolicyBook } from '@jinbao/policy'
import { inProcessTransport, type Transport } from '@jinbao/rpc'
import { tokenVerifier } from '@jinbao/rpc/tokens.ts'
import {
  type Clock,
  civilDay,
  everyMinutes,
  type Running,
  runService,
  type Service,
  systemClock,
} from '@jinbao/service'
import { MemoryStore } from '@jinbao/store'
import { openSqliteStore, type SqliteStore } from '@jinbao/store/sqlite.ts'
import { telemetry } from '@jinbao/telemetry'
import { uploads } from './imports.ts'

export interface RegionOptions {
  /** Division code of the region. */
  readonly place: string
  /** Holds everything the region knows: events, keys, views. */
  readonly folder: string
  readonly clock?: Clock
  readonly policy?: PolicyBook
  /** Default: all. */
  readonly services?: readonly Service[]
  /** Takes identity numbers that nobody can hold (county pair 99): for tests and demonstrations, never with real people. */
  readonly allowSyntheticIds?: boolean
  /** Limits of the gateway that differ from its defaults. */
  readonly limits?: Partial<Limits>
  /** Runs due work by itself; off where a test or a bench moves the clock. */
  readonly timer?: boolean
}

export interface Region {
  readonly place: string
  readonly policy: PolicyBook
  readonly services: readonly Service[]
  readonly running: ReadonlyMap<string, Running>
  readonly stores: ReadonlyMap<string, SqliteStore>
  readonly gateway: Gateway
  /** Mints tokens for development; any OIDC issuer takes its place in a cluster. */
  readonly issuer: DevIssuer
  transport(service: string): Transport
  /** Runs everything due on a day, service by service, and lets the effects settle. */
  due(day: string): Promise<Record<string, { done: number; refused: number }>>
  /** Resolves when all views and reactions have taken in everything. */
  settle(): Promise<void>
  /** Empty when all services can work; else what they wait for. */
  notReady(): string[]
  close(): Promise<void>
}

const DUE_EVERY_MINUTES = 60

/** All services of a region; identity keeps its keys in the folder. */
function allServices(folder: string, allowSyntheticIds: boolean): { services: readonly Service[]; close: () => void } {
  const { service, vault } = openIdentity(path.join(folder, 'identity'), { allowSyntheticIds })
  return { services: [service, employment, collection, pension, medical], close: () => vault.close() }
}

export async function openRegion(options: RegionOptions): Promise<Region> {
  const { place, folder, clock = systemClock } = options
  const policy = options.policy ?? loadPolicy()
  policy.place(place)
  const own = options.services ? undefined : allServices(folder, options.allowSyntheticIds ?? false)
  const services = options.services ?? own!.services
  const stores = new Map<string, SqliteStore>()
  const running = new Map<string, Running>()
  const transports = new Map<string, Transport>()
  // A service that this region does not run has nothing to tell (G-08: a deployment may run fewer lines).
  const nothing = new MemoryStore()
  const bus = embeddedBus((source) => stores.get(source) ?? nothing)
  const transport = (service: string): Transport => {
    const found = transports.get(service)
    if (!found) throw new Problem('UNAVAILABLE', 'SERVICE_UNKNOWN', `no service ${service} in this region`)
    return found
  }
  const recordingClock = () => clock().toString({ smallestUnit: 'millisecond' })
  for (const { name } of services)
    stores.set(name, await openSqliteStore({ file: path.join(folder, name, 'events.db'), clock: recordingClock }))
  for (const service of services) {
    const store = stores.get(service.name)!
    const one = await runService(service, {
      store,
      bus,
      folder: path.join(folder, service.name),
      policy,
      place,
      clock,
      peer: transport,
    })
    running.set(service.name, one)
    transports.set(service.name, inProcessTransport({ services: one.served }))
  }

  const heads = async () =>
    new Map(await Promise.all([...stores].map(async ([name, store]) => [name, await store.head()] as const)))
  /** Waits until everything up to the given heads has been taken in; what comes meanwhile is not waited for. */
  const reached = async (upTo: ReadonlyMap<string, bigint | undefined>) => {
    while (![...running.values()].every((one) => one.settled(upTo)))
      await new Promise((resolve) => setTimeout(resolve, 4))
  }
  const settle = async () => {
    for (;;) {
      const before = await heads()
      await reached(before)
      await new Promise((resolve) => setTimeout(resolve, 1))
      const after = await heads()
      if ([...before].every(([name, head]) => after.get(name) === head)) return
    }
  }
  const due = async (day: string) => {
    const done: Record<string, { done: number; refused: number }> = {}
    for (const one of running.values()) {
      for (const [name, result] of Object.entries(await one.due(day))) done[`${one.name}.${name}`] = result
      // A region at work is never quiet: the next service sees what this one has done, no more is needed.
      await reached(await heads())
    }
    return done
  }
  const notReady = () => [...running.values()].flatMap((one) => one.notReady() ?? [])
  const issuer = await devIssuer({ folder })
  const { spans, prometheus } = telemetry() ?? {}
  const gateway = await openGateway({
    transport: (name) => transports.get(name),
    image: fs.readFileSync(fileURLToPath(import.meta.resolve('@jinbao/proto/image.binpb'))),
    authenticate: tokenVerifier({ issuers: [issuer.trust()] }),
    issuer,
    catalogue: Object.fromEntries(services.map(({ name, refusals }) => [name, refusals])),
    notReady: async () => notReady(),
    imports: Object.values(uploads),
    title: titleOf(policy, place),
    ...(options.limits ? { limits: options.limits } : {}),
    ...(spans ? { spans } : {}),
    ...(prometheus ? { metrics: prometheus } : {}),
  })
  const stopDue = everyMinutes(options.timer ? DUE_EVERY_MINUTES : 0, () => due(civilDay(clock().toString())))

  return {
    place,
    policy,
    services,
    running,
    stores,
    transport,
    due,
    settle,
    notReady,
    gateway,
    issuer,
    async close() {
      await gateway.close()
      await stopDue()
      for (const one of transports.values()) await one.close()
      for (const one of running.values()) await one.close()
      await bus.close()
      for (const store of stores.values()) await store.close()
      own?.close()
    },
  }
}

function titleOf(policy: PolicyBook, place: string): string {
  const { zh, en } = policy.place(place)
  return `${zh} ${en}`
}
