import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bus, Consume } from '@jinbao/bus'
import { type Decider, type EventOf, Problem, type World } from '@jinbao/core'
import { Recorder } from '@jinbao/policy'
import { WorkerDied, WorkerRegistered } from '@jinbao/proto/employment/v1/events.ts'
import { MemoryStore, type StoredEvent } from '@jinbao/store'
import { BasisBook } from './basis.ts'
import { openDb } from './db.ts'
import { aggregate, on, order } from './define.ts'
import { Handler } from './handle.ts'
import { Reactions } from './reactions.ts'
import { States } from './states.ts'

const events = { WorkerDied }
type State = { readonly dead: boolean }
let refusing = new Set<string>()
const decider: Decider<State, { readonly id: string }, EventOf<typeof events>> = {
  initial: { dead: false },
  decide(state, { id }) {
    if (refusing.has(id)) throw new Problem('FAILED_PRECONDITION', 'NOT_NOW', 'not now')
    return state.dead ? [] : [{ type: 'WorkerDied', data: { personId: id, diedOn: '2026-07-01' } }]
  },
  evolve: () => ({ dead: true }),
}
const boxes = aggregate('box', events, decider)

/** An event whose person id lists the boxes it is for; `defect` throws before any order is given. */
const spread = on('hub', { WorkerRegistered }, 'WorkerRegistered', ({ personId }) => {
  if (personId === 'defect') throw new TypeError('a defect')
  return personId.split(',').map((id) => order(boxes, id, { id }))
})

const crash = new Error('power cut')

/** Reactions over a store whose appends may be cut; `again` is the process after the cut. */
async function world() {
  const store = new MemoryStore()
  const hub = new MemoryStore()
  let until = Number.POSITIVE_INFINITY
  const cut = new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (name === 'appendMany' && until-- <= 0) return Promise.reject(crash)
        return value.apply(target, given)
      }
    },
  })
  async function start() {
    let consume: Consume | undefined
    const bus: Bus = {
      publish: async () => {},
      consume: async (given) => {
        consume = given
        return { close: async () => {} }
      },
      close: async () => {},
    }
    const states = new States(store, openDb(':memory:'))
    const worldFor = () => ({ now: '', today: '2026-07-01' }) as unknown as World
    const basis = new BasisBook('box')
    const recorder = new Recorder()
    const handler = new Handler({ service: 'box', region: '0', store: cut, states, basis, recorder, worldFor })
    const context = () => ({}) as never
    const reactions = new Reactions({ service: 'box', bus, store: cut, handler, context }, 'hub', [spread])
    await reactions.start()
    const from = await consume!.after(0)
    const deliver = async () => {
      const batch = await hub.readAll(from, 1_000)
      const messages = batch.map((event) => ({
        source: 'hub',
        partition: 0,
        position: event.position,
        previous: undefined,
        event,
      }))
      await consume!.handle(messages)
    }
    return { reactions, deliver }
  }
  const tell = (id: string, personId: string) =>
    hub.append('hub-x-1', 'ANY', [{ id, type: 'WorkerRegistered', data: JSON.stringify({ personId }), meta: {} }])
  const find = async (position: bigint): Promise<StoredEvent | undefined> =>
    (await hub.readAll(undefined, 1_000)).find((one) => one.position === position)
  return {
    start,
    tell,
    find,
    cutAfter: (appends: number) => {
      until = appends
    },
    has: async (id: string) => (await store.read(`box-box-${id}`)).length === 1,
  }
}

test('an event split into parts with a refusal in the first goes on after a cut between the parts', async () => {
  const { start, tell, cutAfter, has } = await world()
  refusing = new Set(['n0'])
  await tell('e1', Array.from({ length: 1_200 }, (_, i) => `n${i}`).join(','))
  const first = await start()
  cutAfter(1)
  await assert.rejects(first.deliver(), crash)
  assert.equal(await has('n1199'), false)
  cutAfter(Number.POSITIVE_INFINITY)
  const second = await start()
  await second.deliver()
  assert.equal(await has('n1'), true)
  assert.equal(await has('n1199'), true)
})

test('what was gathered before a defect is done before the defect is parked', async () => {
  const { start, tell, cutAfter, has } = await world()
  refusing = new Set()
  await tell('e1', 'before')
  await tell('e2', 'defect')
  const first = await start()
  cutAfter(1)
  await assert.rejects(first.deliver(), crash)
  cutAfter(Number.POSITIVE_INFINITY)
  const second = await start()
  await second.deliver()
  assert.equal(await has('before'), true)
  assert.deepEqual(
    (await second.reactions.parked()).map(({ eventId }) => eventId),
    ['e2'],
  )
})

test('a refused event is handled again when the reason is gone, and stays listed while it is not', async () => {
  const { start, tell, find, has } = await world()
  refusing = new Set(['late'])
  await tell('e1', 'late,other')
  const { reactions, deliver } = await start()
  await deliver()
  assert.equal(await reactions.replay('e1', find), true)
  assert.equal((await reactions.parked()).length, 1)
  refusing = new Set()
  assert.equal(await reactions.replay('e1', find), true)
  assert.deepEqual(await reactions.parked(), [])
  assert.equal(await has('late'), true)
  assert.equal(await has('other'), true)
  assert.equal(await reactions.replay('e1', find), false)
})
