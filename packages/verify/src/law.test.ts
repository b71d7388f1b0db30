import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changed, changedStep, honest, law as shipped } from './honest.testing.ts'
import { Law, UnreadableLaw } from './law.ts'
import { knownDay } from './lawCheck.ts'
import { verify } from './verify.ts'

const small = (more = '') =>
  new Law({
    'keys/a.yaml': 'rate: { unit: RATE }\nstart: { unit: MONTH }',
    'national/place.yaml': "code: '000000'",
    '540000/place.yaml': "parent: '000000'",
    '540100/place.yaml': "parent: '540000'",
    'national/a.yaml': 'rate:\n  - { from: 2020-01-01, value: 8% }\nstart:\n  - { from: 2020-01-01, value: 1998-07 }',
    '540000/a.yaml': `rate:\n  - { from: 2024-01-01, to: 2024-06-30, value: 7% }\n${more}`,
  })

test('G-04 city, then province, then nation; an ended value uncovers what lies above', () => {
  const law = small()
  const on = (place: string, day: string) => law.inForce('rate', place, day, '2026-01-01')?.value
  assert.deepEqual(law.chain('540100'), ['540100', '540000', '000000'])
  assert.deepEqual(
    ['2019-12-31', '2023-12-31', '2024-01-01', '2024-07-01'].map((day) => on('540100', day)),
    [undefined, '8%', '7%', '8%'],
  )
  assert.equal(on('999999', '2024-01-01'), undefined)
  assert.deepEqual(law.number('start', '1998-07'), [23982n, 1n])
})

test('P§0.3 a correction counts from the day it was published', () => {
  const law = small('  - { from: 2024-01-01, to: 2024-06-30, published: 2024-05-01, value: 6% }')
  const known = (by: string) => law.inForce('rate', '540100', '2024-02-01', by)?.value
  assert.deepEqual([known('2024-04-30'), known('2024-05-01')], ['7%', '6%'])
  assert.deepEqual(
    [knownDay('2024-04-30T15:59:59Z'), knownDay('2024-04-30T16:00:00Z'), knownDay('2024-04-30')],
    ['2024-04-30', '2024-05-01', '2024-04-30'],
  )
})

test('what a document may claim falsely about the law, and how it is named', () => {
  const faults = (lie: unknown) =>
    verify(lie, { law: shipped }).findings.map((one) => `${one.kind} ${one.step}: ${one.expected}`)
  const policy = (id: string, change: (of: Record<string, string>) => void) =>
    changedStep(honest, id, (step) => change(step.policy as unknown as Record<string, string>))
  const lies: [RegExp, unknown][] = [
    [/^policy pension.base: one of: /, policy('pension.base', (of) => void Object.assign(of, { from: '2025-02-01' }))],
    [
      /^policy pension.base: pension.base has no value of 310100/,
      policy('pension.base', (of) => void Object.assign(of, { place: '310100' })),
    ],
    [
      /^policy pension.base: nothing has no value/,
      policy('pension.base', (of) => void Object.assign(of, { key: 'nothing' })),
    ],
    [
      /^policy pension.base: one of: /,
      policy('pension.base', (of) => void Object.assign(of, { published: '2026-01-01' })),
    ],
    [/^policy pension.base: to none/, policy('pension.base', (of) => void Object.assign(of, { to: '2026-12-31' }))],
    [/^policy pension.base: source /, policy('pension.base', (of) => void Object.assign(of, { source: '某文件' }))],
    [/^policy pension.base: mark likely/, policy('pension.base', (of) => void Object.assign(of, { mark: 'certain' }))],
    [
      /^policy pension.base: unit CNY/,
      changedStep(honest, 'pension.base', (step) => void Object.assign(step, { unit: 'RATE' })),
    ],
    [
      /^policy precision: 2DP/,
      changedStep(honest, 'precision', (step) => void Object.assign(step, { value: 'EXACT' })),
    ],
    [/^policy payout: row 61 132/, changedStep(honest, 'payout', (step) => void Object.assign(step, { row: '61' }))],
    [
      /^policy payout: row 200 no such value/,
      changedStep(honest, 'payout', (step) => void Object.assign(step, { row: '200' })),
    ],
    [/^policy pension.base: in 110000 on 2024-07-01: .*2024-01-01/, asked('2024-07-01')],
    [/^policy pension.base: in 310000 on 2026-07-01: /, asked('2026-07-01', '310000')],
    [/^policy pension.base: in 110000 on 1980-01-01: no value/, asked('1980-01-01')],
  ]
  function asked(day: string, place = '110000') {
    return changedStep(honest, 'pension.base', (step) => void Object.assign(step, { asked: [{ place, day }] }))
  }
  for (const [expected, lie] of lies)
    assert.ok(
      faults(lie).some((fault) => expected.test(fault)),
      `${expected}: ${faults(lie)}`,
    )
})

test('P§0.3 a value published after the day of knowledge, or never in force in the place, is named', () => {
  const law = small(
    '  - { from: 2024-01-01, to: 2024-06-30, published: 2024-05-01, value: 6%, source: s, mark: certain }',
  )
  const claim = (knownAt: string, place: string, of: object) => ({
    schema: 'jinbao.explanation/1',
    subject: {},
    place,
    day: '2024-02-01',
    knownAt,
    amounts: [],
    steps: [
      {
        id: 'rate',
        op: 'policy',
        args: [],
        value: '0.06',
        unit: 'RATE',
        policy: {
          key: 'rate',
          place: '540000',
          from: '2024-01-01',
          to: '2024-06-30',
          source: 's',
          mark: 'certain',
          ...of,
        },
      },
    ],
  })
  const faults = (document: unknown) => verify(document, { law }).findings.map((one) => one.expected)
  const published = { published: '2024-05-01' }
  assert.deepEqual(faults(claim('2024-05-01', '540100', published)), [])
  assert.deepEqual(faults(claim('2024-04-30', '540100', published)), ['published by 2024-04-30'])
  assert.deepEqual(faults(claim('2024-05-01', '000000', published)), ['a value that governs 000000'])
})

test('without the day asked, a value must have governed the place on some day', () => {
  const unasked = changed(honest, ({ steps }) => {
    for (const step of steps) delete (step as { asked?: unknown }).asked
  })
  assert.deepEqual(verify(unasked, { law: shipped }).findings, [])
  const moved = verify({ ...unasked, place: '310000' }, { law: shipped }).findings
  assert.ok(moved.some((one) => one.step === 'pension.base' && one.expected === 'a value that governs 310000'))
})

test('a folder that is no law is refused', () => {
  assert.throws(() => new Law({}), UnreadableLaw)
  assert.throws(() => new Law({ 'national/place.yaml': '- a list' }), UnreadableLaw)
  assert.throws(() => new Law({ 'national/a.yaml': 'a: [' }), /national\/a.yaml/)
})
