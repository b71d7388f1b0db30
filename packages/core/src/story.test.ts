import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decider, World } from './decider.ts'
import { defineRefusals, Problem } from './problem.ts'
import { story } from './story.ts'

const { refuse } = defineRefusals('lamp', {
  LAMP_BROKEN: { rule: 'X-1', source: 'manual', zh: '{lamp} 已损坏', en: '{lamp} is broken, {unknown} {constructor}' },
  NOT_YOURS: { code: 'PERMISSION_DENIED', rule: 'X-2', source: 'manual', zh: '无权', en: 'not yours' },
})

type Event = { type: 'Lit' } | { type: 'Broke' }
const lamp: Decider<string, 'light' | 'crash', Event> = {
  initial: 'dark',
  decide(state, command, world) {
    if (command === 'crash') throw new TypeError('a defect')
    if (world.by.subject !== 'owner') refuse('NOT_YOURS')
    if (state === 'broken') refuse('LAMP_BROKEN', { lamp: 7n })
    return state === 'lit' ? [] : [{ type: 'Lit' }]
  },
  evolve: (_, event) => (event.type === 'Lit' ? 'lit' : 'broken'),
}
const world: World = {
  now: '2026-07-01T00:00:00Z',
  today: '2026-07-01',
  place: '990000',
  policyOn: () => assert.fail('no law asked'),
  by: { subject: 'owner', roles: [] },
}
const history = story(lamp, world)
const lit: Event = { type: 'Lit' }
const broke: Event = { type: 'Broke' }

test('a story that is true passes', () => {
  history().when('light').thenEvents(lit)
  history(lit).when('light').thenNothing()
  assert.deepEqual(history().when('light').thenTypes('Lit'), [lit])
  assert.deepEqual(history().when('light').events(), [lit])
  assert.equal(history().when('light').state(), 'lit')
  assert.equal(history(lit).and(broke).state(), 'broken')
  history()
    .when('light', { by: { subject: 'thief', roles: [] } })
    .thenRefused('NOT_YOURS')
})

test('a story that is false fails', () => {
  const fails = (tell: () => unknown) => assert.throws(tell, assert.AssertionError)
  fails(() => history().when('light').thenNothing())
  fails(() => history().when('light').thenEvents())
  fails(() => history().when('light').thenEvents(broke))
  fails(() => history().when('light').thenEvents(lit, lit))
  fails(() => history().when('light').thenTypes('Lit', 'Lit'))
  fails(() => history().when('light').thenRefused('LAMP_BROKEN'))
  fails(() => history(lit).when('light').thenRefused('LAMP_BROKEN'))
  fails(() => history(broke).when('light').thenRefused('NOT_YOURS'))
  fails(() => history(broke).when('light').thenNothing())
  fails(() => history(broke).when('light').thenEvents())
  fails(() => history(broke).when('light').state())
  fails(() => history(broke).when('light').events())
})

test('a defect is no refusal', () => {
  assert.throws(() => history().when('crash'), TypeError)
})

test('a refusal carries its reason, law and texts; an unknown placeholder stays visible', () => {
  const problem = history(broke).when('light').thenRefused('LAMP_BROKEN')
  assert.ok(problem instanceof Problem)
  assert.equal(problem.code, 'FAILED_PRECONDITION')
  assert.equal(problem.message, '7 is broken, {unknown} {constructor}')
  assert.deepEqual(problem.details, {
    service: 'lamp',
    rule: 'X-1',
    source: 'manual',
    zh: '7 已损坏',
    values: { lamp: '7' },
  })
})
