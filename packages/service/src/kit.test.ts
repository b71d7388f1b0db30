import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Decider, defineRefusals, type EventOf, Problem } from '@jinbao/core'
import { policyBook } from '@jinbao/policy'
import { EmploymentServiceService, Relation } from '@jinbao/proto/employment/v1/employment.ts'
import { TermsChanged, WorkerDied, WorkerRegistered } from '@jinbao/proto/employment/v1/events.ts'
import { OperationsServiceService } from '@jinbao/proto/operations/v1/operations.ts'
import { aggregate, allow, api, defineService, on, order, type Service, view } from './index.ts'
import { type TestWorld, testWorld } from './testing.ts'

// A tiny trade: boxes that take in amounts. The messages are borrowed from real protos.
const events = { TermsChanged, WorkerDied }
type Event = EventOf<typeof events>
type Command = { type: 'PutIn'; amount: bigint } | { type: 'Close' }
type State = { status: 'open' | 'closed'; sum: bigint }
const { refuse } = defineRefusals('box', {
  BOX_CLOSED: { rule: 'G-07', source: 'house', zh: '已关闭', en: 'the box is closed' },
})
const decider: Decider<State, Command, Event> = {
  initial: { status: 'open', sum: 0n },
  decide(state, command, world) {
    if (command.type === 'Close')
      return state.status === 'closed' ? [] : [{ type: 'WorkerDied', data: { personId: 'x', diedOn: world.today } }]
    if (state.status === 'closed') refuse('BOX_CLOSED')
    if (command.amount === 13n) throw new TypeError('a defect')
    const { n } = world.policyOn(world.today).value('box.factor')
    return [{ type: 'TermsChanged', data: TermsChanged.create({ personId: 'x', wageFen: command.amount * n }) }]
  },
  evolve: (state, event) =>
    event.type === 'WorkerDied' ? { ...state, status: 'closed' } : { ...state, sum: state.sum + event.data.wageFen },
}
const boxes = aggregate('box', events, decider)

const law = policyBook({
  'keys/box.yaml': 'box.factor: { zh: 倍数, en: factor, unit: NUMBER, rule: G-04 }',
  'national/place.yaml': "code: '000000'\nzh: 全国\nen: nation\nkind: nation\n",
  'national/box.yaml': 'box.factor:\n  - { from: 2026-01-01, value: 2, source: a test, mark: illustrative }\n',
})

const source = { WorkerRegistered }
let failures = 0
const { changeTerms, voidRelation, listRelations } = EmploymentServiceService
const boxRpcs = { changeTerms, voidRelation, listRelations }
const box: Service = defineService({
  name: 'box',
  authority: 'HUMAN_RESOURCES',
  aggregates: [boxes],
  apis: [
    api(
      boxRpcs,
      {
        async changeTerms({ personId, wageFen }, context) {
          const { receipt } = await context.handle(boxes, personId, { type: 'PutIn', amount: wageFen })
          return { receipt, relation: undefined }
        },
        async voidRelation({ personId }, context) {
          const { receipt } = await context.handle(boxes, personId, { type: 'Close' })
          return { receipt, relation: undefined }
        },
        async listRelations({ personId }, context) {
          const rows = context.db.all<{ sum: bigint }>('SELECT sum FROM sums WHERE box = ?', personId)
          return { relations: rows.map(({ sum }) => Relation.create({ wageFen: sum })) }
        },
      },
      { changeTerms: allow('officer'), voidRelation: allow('officer'), listRelations: allow('officer') },
    ),
  ],
  views: [
    view(events, {
      name: 'sums',
      tables: 'CREATE TABLE sums (box TEXT PRIMARY KEY, sum INTEGER NOT NULL) WITHOUT ROWID',
      apply: {
        TermsChanged: (db, data, { key }) =>
          db.run(
            'INSERT INTO sums VALUES (?, ?) ON CONFLICT DO UPDATE SET sum = sum + excluded.sum',
            key,
            data.wageFen,
          ),
      },
    }),
  ],
  reactions: [
    on('hub', source, 'WorkerRegistered', ({ personId, birthMonth }) => {
      if (birthMonth === 'fails once' && failures++ === 0) throw new TypeError('a passing defect')
      if (birthMonth === 'always fails') throw new TypeError('a lasting defect')
      return [order(boxes, personId, { type: 'PutIn', amount: 5n })]
    }),
  ],
  dues: [
    {
      name: 'closing',
      orders: ({ db }) =>
        db.all<{ box: string }>('SELECT box FROM sums').map((row) => order(boxes, row.box, { type: 'Close' })),
    },
  ],
})

describe('the kit', () => {
  let world: TestWorld
  before(async () => {
    world = await testWorld(
      [box, defineService({ name: 'hub', authority: 'HUMAN_RESOURCES', aggregates: [], apis: [] })],
      law,
      '000000',
    )
  })
  after(() => world.close())

  const officer = () => world.as('box', boxRpcs, { roles: ['officer'] })
  const put = (personId: string, wageFen: bigint, call: object = {}) =>
    officer().changeTerms({ personId, relationId: '', from: '', kind: 'FIXED_TERM', wageFen }, call as never)
  const tell = (personId: string, birthMonth = '') =>
    world.stores.get('hub')!.append(`hub-person-${personId}`, 'ANY', [
      {
        id: `e-${personId}-${birthMonth}`,
        type: 'WorkerRegistered',
        data: JSON.stringify({ personId, birthMonth }),
        meta: {},
      },
    ])
  const eventsOf = async (stream: string) => world.stores.get('box')!.read(stream)
  const sumOf = async (id: string) =>
    (await officer().listRelations({ personId: id }, {} as never)).relations[0]?.wageFen

  test('a command decides, is recorded with its cause and basis, and a reader who names its position sees it', async () => {
    const { receipt } = await put('a', 100n, { commandId: 'k1', commandDigest: 'd1' })
    const [event] = await eventsOf('box-box-a')
    assert.equal(event!.meta.commandId, 'k1')
    assert.match(event!.meta.basis!, /^[0-9a-f]{16}$/)
    assert.equal(event!.meta.actor, 'tester')
    assert.deepEqual(
      (await eventsOf(`box-basis-${event!.meta.basis}`)).map((one) => one.type),
      ['BasisRecorded'],
    )
    const seen = await officer().listRelations({ personId: 'a' }, { atLeast: receipt!.position } as never)
    assert.equal(seen.relations[0]!.wageFen, 200n)
  })

  test('the same command id does nothing again and answers the same; with another body it is refused', async () => {
    const first = await put('b', 1n, { commandId: 'k2', commandDigest: 'd' })
    const again = await put('b', 1n, { commandId: 'k2', commandDigest: 'd' })
    assert.deepEqual(again, first)
    assert.equal((await eventsOf('box-box-b')).length, 1)
    await assert.rejects(put('b', 7n, { commandId: 'k2', commandDigest: 'other' }), {
      reason: 'IDEMPOTENCY_KEY_REUSED',
    })
  })

  test('validate only decides, refuses alike and records nothing', async () => {
    await put('c', 1n, { validateOnly: true })
    assert.equal((await eventsOf('box-box-c')).length, 0)
  })

  test('a caller without the role is denied, and default is deny', async () => {
    const citizen = world.as('box', boxRpcs, { roles: ['citizen'] })
    await assert.rejects(citizen.voidRelation({ personId: 'a', relationId: '' }, {} as never), {
      code: 'PERMISSION_DENIED',
    })
  })

  test('64 writers on one stream all get through, each once', async () => {
    await Promise.all(Array.from({ length: 64 }, (_, i) => put('d', 1n, { commandId: `w${i}` })))
    await world.settle()
    assert.equal(await sumOf('d'), 128n)
  })

  test('a cached state that disagrees with the stream is never used', async () => {
    await put('e', 1n)
    const stray = { id: 'stray', type: 'WorkerDied', data: '{"personId":"x"}', meta: {} }
    await world.stores.get('box')!.append('box-box-e', 0, [stray])
    await assert.rejects(put('e', 1n), { reason: 'BOX_CLOSED' })
  })

  test('a reaction acts once, also when the event comes again', async () => {
    await tell('f')
    await world.settle()
    assert.equal(await sumOf('f'), 10n)
    assert.equal((await eventsOf('box-box-f'))[0]!.meta.causation, 'e-f-')
    assert.ok((await eventsOf('box-inbox-hub')).some((one) => one.type === 'Checkpointed'))
  })

  test('a refused reaction is recorded and does not block the topic; a passing defect is tried again', async () => {
    await officer().voidRelation({ personId: 'g', relationId: '' }, {} as never)
    await tell('g')
    await tell('h', 'fails once')
    await world.settle()
    assert.equal(await sumOf('h'), 10n)
    const operator = world.as('box', OperationsServiceService, { roles: ['operator'] })
    const { parked } = await operator.listParked({ service: 'box', refused: true }, {} as never)
    assert.deepEqual(
      parked.map(({ reason, refused }) => ({ reason, refused })),
      [{ reason: 'BOX_CLOSED', refused: true }],
    )
  })

  test('a lasting defect is parked where an operator sees it, and the topic goes on', async () => {
    await tell('i', 'always fails')
    await tell('j')
    await world.settle()
    assert.equal(await sumOf('j'), 10n)
    const operator = world.as('box', OperationsServiceService, { roles: ['operator'] })
    const { parked } = await operator.listParked({ service: 'box', refused: false }, {} as never)
    assert.deepEqual(
      parked.map((one) => [one.eventId, one.reason]),
      [['e-i-always fails', 'TypeError']],
    )
    await assert.rejects(operator.replayParked({ service: 'box', eventId: 'e-i-always fails' }, {} as never))
    await assert.rejects(operator.replayParked({ service: 'box', eventId: 'nothing' }, {} as never), {
      reason: 'NOT_PARKED',
    })
  })

  test('due work runs once a day', async () => {
    const operator = world.as('box', OperationsServiceService, { roles: ['operator'] })
    const { done } = await operator.runDue({ service: 'box', day: '2026-07-02', name: '' }, {} as never)
    assert.ok(done.closing! > 0n)
    assert.deepEqual((await operator.runDue({ service: 'box', day: '2026-07-02', name: '' }, {} as never)).done, {
      closing: 0n,
    })
  })

  test('a view rebuilt from the events has the same digest as the live one', async () => {
    await world.settle()
    const operator = world.as('box', OperationsServiceService, { roles: ['operator'] })
    const { before: live, after: rebuilt } = await operator.rebuildViews({ service: 'box' }, {} as never)
    assert.deepEqual(rebuilt, live)
  })

  test('a defect in a decider is no refusal', async () => {
    await assert.rejects(put('z', 13n), (error: unknown) => error instanceof Problem && error.code === 'INTERNAL')
  })
})
