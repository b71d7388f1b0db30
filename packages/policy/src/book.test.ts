import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRational, type Policy, Problem } from '@jinbao/core'
import { loadPolicy, policyBook } from './book.ts'
import { small, smallWith } from './testing.ts'

const book = policyBook(small)
const floor = (policy: Policy) => formatRational(policy.value('floor'))

function refused(reason: string, ask: () => unknown): Problem {
  try {
    ask()
  } catch (error) {
    assert.ok(error instanceof Problem, String(error))
    assert.equal(error.reason, reason)
    return error
  }
  return assert.fail(`not refused with ${reason}`)
}

test('G-04 the city is asked first, then its province, then the nation', () => {
  const lhasa = book.on('540100', '2025-12-01')
  assert.equal(lhasa.word('rounding', ['HALF_UP_YUAN', 'HALF_UP_FEN']).word, 'HALF_UP_YUAN')
  assert.equal(lhasa.value('floor').policy.place, '540000')
  assert.equal(lhasa.value('rate').policy.place, '000000')
  assert.equal(book.on('540000', '2025-12-01').word('rounding', ['HALF_UP_FEN']).word, 'HALF_UP_FEN')
  assert.equal(book.on('540100', '2012-01-01').word('rounding', ['HALF_UP_FEN']).policy.place, '000000')
})

test('C-20 the value of the day governs, on the first and on the last day of its period', () => {
  const rate = (day: string) => formatRational(book.on('540100', day).value('rate'))
  assert.equal(rate('2011-06-30'), '0.002')
  assert.equal(rate('2011-07-01'), '0.0005')
})

test('G-05 a missing value is refused with key, place and day, never zero', () => {
  const problem = refused('POLICY_PARAM_MISSING', () => book.on('540100', '2023-12-31').value('floor'))
  assert.equal(problem.code, 'FAILED_PRECONDITION')
  assert.match(problem.message, /floor \(floor\) for 540100 on 2023-12-31/)
  assert.match(problem.details.zh ?? '', /540100 在 2023-12-31 没有政策参数 floor/)
  refused('POLICY_PARAM_MISSING', () => book.on('000000', '2025-01-01').value('floor'))
})

test('G-05 once a value has ended nothing comes back by itself', () => {
  const ended = policyBook(
    smallWith(
      '540100/floor.yaml',
      `floor:
  - { from: 2010-01-01, value: 1000, source: s, mark: likely }
  - { from: 2012-01-01, to: 2012-06-30, value: 900, source: relief, mark: likely, temporary: true }
`,
    ),
  )
  assert.equal(floor(ended.on('540100', '2011-12-31')), '1000')
  assert.equal(floor(ended.on('540100', '2012-06-30')), '900')
  refused('POLICY_PARAM_MISSING', () => ended.on('540100', '2012-07-01').value('floor'))
})

test('C-6 what is published later is not known before', () => {
  const on = (knownAt?: string) => book.on('540100', '2025-03-01', knownAt ? { knownAt } : {})
  refused('POLICY_PARAM_MISSING', () => on('2025-08-19').value('floor'))
  assert.equal(floor(on('2025-08-20')), '7066')
  assert.equal(floor(on('2025-11-04')), '7066')
  assert.equal(floor(on('2025-11-05')), '7070.5')
  assert.equal(floor(on()), '7070.5', 'without a day of knowledge all is known')
})

test('C-6 before the new figure is published an open one governs on', () => {
  const open = policyBook(
    smallWith(
      '540100/floor.yaml',
      `floor:
  - { from: 2024-01-01, value: 6928, source: s, mark: likely }
  - { from: 2025-01-01, published: 2025-08-20, value: 7066, source: s, mark: likely }
`,
    ),
  )
  assert.equal(floor(open.on('540100', '2025-03-01', { knownAt: '2025-03-01' })), '6928')
})

test('RG-01 an unknown place is refused', () => {
  assert.equal(refused('PLACE_UNKNOWN', () => book.on('999999', '2025-01-01')).code, 'INVALID_ARGUMENT')
  refused('PLACE_UNKNOWN', () => book.policyOn('999999'))
})

test('G-04 a choice the calculation does not know is refused', () => {
  const problem = refused('POLICY_WORD_UNKNOWN', () =>
    book.on('540100', '2025-01-01').word('rounding', ['HALF_UP_FEN']),
  )
  assert.match(problem.message, /540100 chose HALF_UP_YUAN/)
})

test('asking amiss is a defect, not a refusal', () => {
  const policy = book.on('540100', '2025-01-01')
  assert.throws(() => policy.value('flor'), RangeError)
  assert.throws(() => policy.has('flor'), RangeError)
  assert.throws(() => policy.value('rounding'), /rounding is a word, asked as a value/)
  assert.throws(() => book.on('540100', '2025-02-30'), RangeError)
  assert.throws(() => book.on('540100', '2025-02-01', { knownAt: '2025' }), RangeError)
  assert.throws(() => policy.addWorkingDays('2025-01-01', -1), RangeError)
})

test('a dated value has one provenance for everybody, the same question one answer that says what was asked', () => {
  const here = book.policyOn('540100')
  assert.equal(
    here('2025-02-01').value('rate').policy,
    book.on('540000', '2030-01-01', { knownAt: '2026-01-01' }).value('rate').policy,
  )
  assert.equal(here('2025-02-01').value('rate'), here('2025-02-01').value('rate'))
  assert.deepEqual(here('2025-02-01').value('rate').asked, { place: '540100', day: '2025-02-01' })
  assert.ok(here('2025-02-01').value('rate').title?.zh)
  assert.equal(here('2025-02-01'), here('2025-02-01'))
  assert.equal(here('2025-02-01', '540000'), book.on('540000', '2025-02-01'))
  assert.equal(here('2025-02-01').table('months').rows.get('60')?.n, 139n)
})

test('G-06 working days skip weekends and holidays and count swapped Saturdays', () => {
  const policy = book.on('540100', '2025-01-01')
  assert.equal(policy.addWorkingDays('2025-09-29', 1), '2025-09-30')
  assert.equal(policy.addWorkingDays('2025-09-30', 1), '2025-10-02')
  assert.equal(policy.addWorkingDays('2025-10-10', 1), '2025-10-11')
  assert.equal(policy.addWorkingDays('2025-10-11', 1), '2025-10-13')
  assert.equal(policy.addWorkingDays('2025-10-11', 0), '2025-10-11')
  refused('POLICY_PARAM_MISSING', () => policy.addWorkingDays('2025-12-31', 1))
})

test('EX-9 P§4.3 the deadlines of the transfer from Lhasa to Beijing', () => {
  const policy = loadPolicy().on('110000', '2026-06-15')
  const days = (key: string) => Number(policy.value(key).n)
  const letter = policy.addWorkingDays('2026-06-15', days('transfer.limit.newPlace1'))
  const sheet = policy.addWorkingDays(letter, days('transfer.limit.oldPlace'))
  const merged = policy.addWorkingDays(sheet, days('transfer.limit.newPlace2'))
  assert.deepEqual([letter, sheet, merged], ['2026-07-07', '2026-07-28', '2026-08-18'])
})

test('what a place lacks before a service can run there', () => {
  assert.deepEqual(
    book.missing('000000', '2025-12-01', 'collection').map(({ key }) => key),
    ['floor'],
  )
  assert.deepEqual(book.missing('540100', '2025-12-01'), [])
})
