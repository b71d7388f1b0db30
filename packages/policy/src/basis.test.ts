import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Policy } from '@jinbao/core'
import { Recorder } from './basis.ts'
import { policyBook } from './book.ts'
import { small, smallWith } from './testing.ts'
import { BasisIndex, basisRows, type PolicyChange, policyChanges, touches } from './touched.ts'

const book = policyBook(small)

function basisOf(place: string, day: string, ask: (policy: Policy) => void, knownAt?: string) {
  const recorder = new Recorder()
  ask(book.on(place, day, { recorder, ...(knownAt ? { knownAt } : {}) }))
  return recorder.basis()
}

test('G-04 the basis remembers values that did not bind, questions by has, and misses', () => {
  const basis = basisOf('540100', '2023-05-01', (policy) => {
    policy.value('rate')
    policy.has('rounding')
    policy.has('floor')
    assert.throws(() => policy.value('start'))
  })
  assert.deepEqual(
    basis.entries.map(({ key, place }) => `${key} ${place ?? 'none'}`),
    ['floor none', 'rate 000000', 'rounding 540100', 'start none'],
  )
})

test('the signature depends on what was asked, not on its order, repetition or process', () => {
  const one = basisOf('540100', '2025-12-01', (p) => [p.value('rate'), p.value('floor'), p.value('rate')])
  const other = basisOf('540100', '2025-12-01', (p) => [p.value('floor'), p.value('rate')])
  assert.deepEqual(one, other)
  assert.equal(one.id, '311a356082f5015e')
  assert.notEqual(one.id, basisOf('540100', '2025-12-01', (p) => [p.value('rate')]).id)
  assert.notEqual(one.id, basisOf('540100', '2025-12-02', (p) => [p.value('floor'), p.value('rate')]).id)
  assert.notEqual(one.id, basisOf('540100', '2025-12-01', (p) => [p.value('floor'), p.value('rate')], '2025-09-01').id)
})

test('persons who ask alike share one basis object', () => {
  const recorder = new Recorder()
  const policyOn = book.policyOn('540100', { recorder })
  const person = () => {
    recorder.reset()
    for (const key of ['rate', 'floor', 'rate']) policyOn('2025-12-01').value(key)
    return recorder.basis()
  }
  assert.equal(person(), person())
  recorder.reset()
  assert.deepEqual(recorder.basis().entries, [])
})

test('days with the same answer are joined', () => {
  const recorder = new Recorder()
  const policyOn = book.policyOn('540100', { recorder })
  for (const day of ['2024-05-01', '2024-02-01', '2025-01-01', '2024-08-01']) policyOn(day).value('floor')
  assert.deepEqual(
    recorder.basis().entries.map(({ from, first, last }) => [from, first, last]),
    [
      ['2024-01-01', '2024-02-01', '2024-08-01'],
      ['2025-01-01', '2025-01-01', '2025-01-01'],
    ],
  )
})

test('G-06 the calendar counts as asked for each year that was counted through', () => {
  const basis = basisOf('540100', '2025-06-01', (policy) => policy.addWorkingDays('2025-06-01', 3))
  assert.deepEqual(
    basis.entries.map(({ key, first }) => [key, first]),
    [['calendar.exceptions', '2025-01-01']],
  )
})

test('C-6 a changed value touches the questions whose answer it can change, no others', () => {
  const [miss] = basisOf('540100', '2023-05-01', (p) => p.has('floor')).entries
  const [province] = basisOf('540100', '2024-05-01', (p) => p.value('floor')).entries
  const [city] = basisOf('540100', '2024-05-01', (p) => p.has('rounding')).entries
  assert.ok(miss && province && city)
  const hits = (entry: typeof miss, change: Omit<PolicyChange, 'key'>) =>
    touches(entry, { key: entry.key, ...change }, book.chain('540100'))
  assert.ok(hits(miss, { place: '000000', from: '2020-01-01' }), 'a value where there was none')
  assert.ok(!hits(miss, { place: '000000', from: '2023-05-02' }), 'a value from the day after')
  assert.ok(!hits(miss, { place: '000000', from: '2020-01-01', to: '2023-04-30' }), 'a value that had ended')
  assert.ok(hits(province, { place: '540100', from: '2024-05-01' }), 'the city now has its own')
  assert.ok(hits(province, { place: '540000', from: '2024-01-01' }), 'a correction of the value that answered')
  assert.ok(!hits(province, { place: '540000', from: '2023-01-01' }), 'a later start had answered')
  assert.ok(!hits(city, { place: '540000', from: '2024-01-01' }), 'the city had answered')
  assert.ok(!hits(province, { place: '310000', from: '2024-01-01' }), 'another place')
  assert.ok(
    !touches(province, { key: 'rate', place: '540000', from: '2024-01-01' }, book.chain('540100')),
    'another key',
  )
})

test('C-6 the index finds exactly the signatures whose answers differ under the corrected book', () => {
  const after = policyBook(
    smallWith(
      '540100/floor.yaml',
      'floor:\n  - { from: 2024-04-01, to: 2024-06-30, value: 7500, source: s, mark: likely }\n',
    ),
  )
  const changes = policyChanges(book, after)
  assert.deepEqual(changes, [{ key: 'floor', place: '540100', from: '2024-04-01', to: '2024-06-30' }])
  const index = new BasisIndex((place) => book.chain(place))
  const differ = new Set<string>()
  for (const place of ['540100', '540000'])
    for (let month = 1; month <= 12; month++)
      for (const key of ['floor', 'rate']) {
        const day = `2024-${String(month).padStart(2, '0')}-01`
        const basis = basisOf(place, day, (policy) => policy.value(key))
        index.add(basis)
        index.add(basis)
        if (book.on(place, day).value(key).n !== after.on(place, day).value(key).n) differ.add(basis.id)
      }
  assert.equal(differ.size, 3)
  assert.deepEqual(index.touched(...changes), differ)
  assert.deepEqual(index.touched(), new Set())
})

test('a corrected source or note changes no amount', () => {
  const text = String(small['540000/small.yaml']).replace('source: correction', 'source: notice no. 12')
  assert.deepEqual(policyChanges(book, policyBook(smallWith('540000/small.yaml', text))), [])
  assert.notEqual(book.digest, policyBook(smallWith('540000/small.yaml', text)).digest)
})

test('rows of a basis carry its id', () => {
  const basis = basisOf('540100', '2025-12-01', (p) => [p.value('rate'), p.value('floor')])
  assert.deepEqual(
    basisRows(basis).map((row) => [row.basis, row.key]),
    [
      [basis.id, 'floor'],
      [basis.id, 'rate'],
    ],
  )
})
