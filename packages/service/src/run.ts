// Wires a service to its engines: store, bus, policy, clock, peers. The same for one process and for a cluster.
import { createHash, randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Bus } from '@jinbao/bus'
import { type Actor, Problem, type World } from '@jinbao/core'
import { type PolicyBook, Recorder } from '@jinbao/policy'
import { OperationsServiceService } from '@jinbao/proto/operations/v1/operations.ts'
import { type Call, clientOf, type Definition, type Served, type Transport } from '@jinbao/rpc'
import type { Store, StoredEvent } from '@jinbao/store'
import { log } from '@jinbao/telemetry'
import { answering } from './answer.ts'
import { BasisBook } from './basis.ts'
import { type Clock, civilDay } from './clock.ts'
import { type OpenDb, openDb } from './db.ts'
import { type Due, type ReactionContext, type Service, serviceActor } from './define.ts'
import { runDue } from './due.ts'
import { Handler } from './handle.ts'
import { Answers } from './idempotency.ts'
import { operations, storedOf } from './operations.ts'
import { Reactions } from './reactions.ts'
import { States } from './states.ts'
import { Touch } from './touched.ts'
import { Views } from './views.ts'

export interface Engines {
  readonly store: Store
  readonly bus: Bus
  /** Other processes write to the same store: what is kept in memory is compared with it at every load. */
  readonly shared?: boolean
  /** Holds the service's views and cached states; may be deleted. */
  readonly folder: string
  readonly policy: PolicyBook
  /** Division code of the region. */
  readonly place: string
  readonly clock: Clock
  /** How to reach another service. */
  readonly peer: (service: string) => Transport
}

export interface Running {
  readonly name: string
  readonly served: readonly Served[]
  readonly views: Views
  /** Empty when the service can do its work; else what it waits for. */
  notReady(): string | undefined
  /** Runs what is due on a day. */
  due(day: string, name?: string): Promise<Record<string, { done: number; refused: number }>>
  /** True when views and reactions have taken in everything that their sources hold. */
  settled(heads: ReadonlyMap<string, bigint | undefined>): boolean
  close(): Promise<void>
}

/** What a service's own calls to its peers look like. */
export function serviceCall(service: string, deadlineMs = 10_000): Call {
  return {
    principal: serviceActor(service) as Call['principal'],
    deadline: Date.now() + deadlineMs,
    signal: AbortSignal.timeout(deadlineMs),
  }
}

/** Opens the file, or makes it anew when it is damaged: everything in it comes from the events. */
function openOrRemake(file: string): OpenDb {
  try {
    const db = openDb(file)
    const [check] = db.all<{ quick_check: string }>('PRAGMA quick_check(1)')
    if (check?.quick_check === 'ok') return db
    db.close()
  } catch (error) {
    log.warn({ err: error, file: path.basename(file) }, 'a damaged file of views')
  }
  log.warn({ file: path.basename(file) }, 'making views anew from the events')
  for (const ending of ['', '-wal', '-shm']) fs.rmSync(file + ending, { force: true })
  return openDb(file)
}

export async function runService(service: Service, engines: Engines): Promise<Running> {
  const { store, bus, policy, place, clock } = engines
  fs.mkdirSync(engines.folder, { recursive: true })
  const viewDb = openOrRemake(path.join(engines.folder, 'views.db'))
  const stateDb = openOrRemake(path.join(engines.folder, 'states.db'))
  const states = new States(store, stateDb, engines.shared ?? false)
  const answers = new Answers(stateDb)
  const now = () => new Date(clock().epochMilliseconds).toISOString()

  // Deciding is synchronous, so one recorder serves all decisions: reset before each, read after.
  const recorder = new Recorder()
  let law = { knownAt: '', policyOn: policy.policyOn(place, { recorder }) }
  /** The law as published by the day of the decision: what comes out tomorrow is not known today. */
  const lawOf = (knownAt: string) => {
    if (law.knownAt !== knownAt) law = { knownAt, policyOn: policy.policyOn(place, { recorder, knownAt }) }
    return law.policyOn
  }
  const lawKnown = (knownAt: string) => policy.policyOn(place, { knownAt })
  const basis = new BasisBook(service.name)
  const worldFor = (actor: Actor, at: string = now()) => {
    const today = civilDay(at)
    const world: World = { now: at, today, place, by: actor, policyOn: lawOf(today) }
    return world
  }
  const handler = new Handler({ service: service.name, region: place, store, states, basis, recorder, worldFor })
  const views = new Views(service.name, store, bus, viewDb, service.views)
  const context = (): ReactionContext => {
    const today = civilDay(now())
    return { db: viewDb, policyOn: lawOf(today), today }
  }

  /** Own views hold what was recorded until now; given up when the service closes. */
  const ready = async (signal?: AbortSignal) => {
    const head = await store.head()
    if (head === undefined) return
    await views.caughtUp(service.name, head, signal).catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
  }
  const reactions = new Map<string, Reactions>()
  for (const [source, list] of Map.groupBy(service.reactions, (one) => one.source))
    reactions.set(source, new Reactions({ service: service.name, bus, store, handler, context, ready }, source, list))

  const perform = async (due: Due, day: string) => {
    await ready()
    return runDue(service.name, handler, due, context(), day)
  }
  const feedOf = async (source: string, position: bigint): Promise<StoredEvent | undefined> => {
    const { events } = await clientOf(OperationsServiceService, engines.peer(source)).listFeed(
      { service: source, after: position > 0n ? String(position - 1n) : '', pageSize: 1 },
      serviceCall(service.name),
    )
    return events[0] && storedOf(events[0])
  }
  const own = operations({
    service: service.name,
    store,
    views,
    reactions,
    touch: new Touch(store, policy),
    dues: service.dues,
    runDue: perform,
    feedOf,
  })

  await views.start()
  for (const one of reactions.values()) await one.start()

  const served = [...service.apis, own].map((one) =>
    answering(one, { service, handler, states, answers, views, viewDb, worldFor, lawKnown, peer: engines.peer, store }),
  )

  return {
    name: service.name,
    served,
    views,
    notReady: () => views.failing && `view ${views.failing}`,
    async due(day, name) {
      const done: Record<string, { done: number; refused: number }> = {}
      for (const due of service.dues.filter((one) => !name || one.name === name))
        done[due.name] = await perform(due, day)
      answers.forget(now())
      return done
    },
    settled(heads) {
      const positions = views.positions()
      const behind = (seen: bigint | undefined, source: string) => {
        const head = heads.get(source)
        return head !== undefined && (seen === undefined || seen < head)
      }
      const viewsDone = service.views.every((one) => {
        const at = positions[one.name]
        return !behind(at ? BigInt(at) : undefined, one.source ?? service.name)
      })
      return viewsDone && [...reactions].every(([source, one]) => !behind(one.seen, source))
    },
    async close() {
      for (const one of reactions.values()) await one.close()
      await views.close()
      answers.flush()
      states.flush()
      viewDb.close()
      stateDb.close()
    },
  }
}

/** Opaque id of 12 letters and digits: the same for the same command, so that a repeated command names the same thing. */
export function opaqueId(commandId: string | undefined, kind: string): string {
  const digest = createHash('sha256')
    .update(`${commandId ?? randomUUID()} ${kind}`)
    .digest()
  let value = digest.readBigUInt64BE(0)
  let id = ''
  for (let i = 0; i < 12; i++) {
    id += 'abcdefghjkmnpqrstuvwxyz23456789'[Number(value % 31n)]
    value /= 31n
  }
  return id
}

export const missing = (what: string, id: string): never => {
  throw new Problem('NOT_FOUND', 'NOT_FOUND', `no ${what} ${id}`)
}

export type { Definition }
