import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, test } from 'node:test'
import { type Decider, type EventOf, MonthSet } from '@jinbao/core'
import { TermsChanged } from '@jinbao/proto/employment/v1/events.ts'
import { MemoryStore } from '@jinbao/store'
import { openDb } from './db.ts'
import { aggregate } from './define.ts'
import { pack, unpack } from './pack.ts'
import { States } from './states.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-states-'))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const events = { TermsChanged }
let folded = 0
const decider: Decider<{ sum: bigint }, never, EventOf<typeof events>> = {
  initial: { sum: 0n },
  decide: () => [],
  evolve(state, event) {
    folded++
    return { sum: state.sum + event.data.wageFen }
  },
}

test('states survive packing: bigint, months, maps and sets', () => {
  const state = {
    a: 12n,
    months: MonthSet.parse('2019-03..2026-02'),
    map: new Map([['x', { y: 1n }]]),
    set: new Set(['z']),
    none: undefined,
  }
  const back = unpack<typeof state>(pack(state))
  assert.deepEqual(back.map, state.map)
  assert.deepEqual(back.set, state.set)
  assert.equal(back.a, 12n)
  assert.equal(back.months.toString(), '2019-03..2026-02')
})

test('a long stream is brought up to date from its saved row and a short tail; a row of an older decider is not used', async () => {
  const store = new MemoryStore()
  const boxes = aggregate('box', events, decider)
  const write = (version: number) =>
    store.append('t-box-1', version < 0 ? 'NO_STREAM' : version, [
      boxes.codec.encode({ type: 'TermsChanged', data: TermsChanged.create({ wageFen: 1n }) }, `e${version}`, {
        commandId: `c${version}`,
      }),
    ])
  const file = path.join(folder, 'states.db')
  const first = new States(store, openDb(file))
  for (let version = -1; version < 99; version++) {
    await write(version)
    const { state, commands } = await first.load(boxes, 't-box-1')
    const { sum } = state as { sum: bigint }
    first.advance(boxes, 't-box-1', {
      state: { sum: version === -1 ? sum : sum + 1n },
      version: version + 1,
      position: BigInt(version + 2),
      commands,
    })
  }
  first.flush()

  folded = 0
  const second = new States(store, openDb(file))
  const { state, version } = await second.load(boxes, 't-box-1')
  assert.deepEqual(state, { sum: 100n })
  assert.equal(version, 99)
  assert.ok(folded < 40, `${folded} events folded`)

  folded = 0
  const newer = aggregate('box', events, decider, 2)
  const third = new States(store, openDb(file))
  assert.deepEqual((await third.load(newer, 't-box-1')).state, { sum: 100n })
  assert.equal(folded, 100)
})

test('where others write to the same store, a state kept in memory is brought up to date before it is used', async () => {
  const store = new MemoryStore()
  const boxes = aggregate('box', events, decider)
  const write = (expected: 'NO_STREAM' | number, id: string) =>
    store.append('t-box-1', expected, [
      boxes.codec.encode({ type: 'TermsChanged', data: TermsChanged.create({ wageFen: 1n }) }, id, { commandId: id }),
    ])
  await write('NO_STREAM', 'a')
  const mine = new States(store, openDb(':memory:'), true)
  assert.deepEqual((await mine.load(boxes, 't-box-1')).state, { sum: 1n })
  await write(0, 'b')
  const { state, version, commands } = await mine.load(boxes, 't-box-1')
  assert.deepEqual([state, version], [{ sum: 2n }, 1])
  assert.ok(commands.has('b'))
})
