// The shipped figures themselves, against the rulebooks.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRational, parseRational, q } from '@jinbao/core'
import { loadPolicy } from './book.ts'
import { poolingRegion } from './pooling.ts'

const book = loadPolicy()
const read = (place: string, day: string, key: string) => formatRational(book.on(place, day).value(key))

test('RG-02 RG-03 each line has its own pooling level, none below the city', () => {
  assert.equal(poolingRegion(book, 'pension', '540100', '2026-01-01'), '540000')
  assert.equal(poolingRegion(book, 'medical', '540100', '2026-01-01'), '540100')
  assert.equal(poolingRegion(book, 'medical', '110000', '2026-01-01'), '110000')
  assert.equal(poolingRegion(book, 'injury', '650100', '2026-01-01'), '650000')
})

test('P§2.1 C-15 pension rates by period; the account takes what the law of the month says', () => {
  const rates = (day: string) =>
    ['employer', 'employee', 'flexible', 'toAccount'].map((side) =>
      read('540100', day, `contribution.rate.pension.${side}`),
    )
  assert.deepEqual(rates('2019-04-30'), ['0.2', '0.08', '0.2', '0.08'])
  assert.deepEqual(rates('2019-05-01'), ['0.16', '0.08', '0.2', '0.08'])
  assert.equal(read('540100', '2005-12-31', 'contribution.rate.pension.toAccount'), '0.11')
})

test('C-20 S-01 the daily late fee on both sides of 2011-07-01', () => {
  assert.equal(read('110000', '2011-06-30', 'lateFee.daily'), '0.002')
  assert.equal(read('110000', '2011-07-01', 'lateFee.daily'), '0.0005')
})

test('O§0.3 P-6 service deadlines; calendar days and working days are kept apart', () => {
  const deadline = (key: string) => {
    const { n, unit } = book.on('000000', '2026-01-01').value(`sla.${key}`)
    return `${n} ${unit}`
  }
  assert.equal(deadline('pension.claim'), '20 WORKING_DAYS')
  assert.equal(deadline('employee.enrol'), '30 DAYS')
  assert.equal(deadline('unemployment.notice'), '15 DAYS')
  assert.equal(deadline('medical.manualClaim'), '30 WORKING_DAYS')
  assert.equal(deadline('injury.applyWorker'), '1 YEARS')
  const open = [...book.folder.keys.values()].filter(({ key }) => key.startsWith('sla.')).map(({ key }) => key)
  assert.equal(open.length, 24)
  for (const key of open) assert.ok(book.on('000000', '2026-01-01').has(key), key)
})

test('D-6 C-3 the monthly income and the floors are published figures of the place', () => {
  assert.equal(read('620000', '2021-10-15', 'survivor.incomeBase'), '2818.5')
  assert.equal(read('110000', '2025-10-15', 'survivor.incomeBase'), '7705.33')
  assert.equal(book.on('110000', '2026-01-01').has('survivor.incomeBase'), false)
})

test('P-2 P-3 the minimum months of each year', () => {
  const months = [2029, 2030, 2034, 2038, 2039, 2050].map((year) =>
    read('540100', `${year}-06-01`, 'pension.minimumMonths'),
  )
  assert.deepEqual(months, ['180', '186', '210', '234', '240', '240'])
})

test('P§1.5 I-4 the rate of a year is known from the middle of the next', () => {
  const day = '2025-12-31'
  assert.equal(book.on('540100', day, { knownAt: '2026-05-31' }).has('account.interestRate'), false)
  assert.equal(read('540100', day, 'account.interestRate'), '0.015')
})

test('P§2.6 payout months from 40 to 70, and the reading of age 47', () => {
  const { rows } = book.on('540100', '2026-07-01').table('pension.payoutMonths')
  assert.equal(rows.size, 31)
  assert.deepEqual(
    ['40', '47', '50', '55', '60', '65', '70'].map((age) => Number(rows.get(age)?.n)),
    [233, 208, 195, 170, 139, 101, 56],
  )
})

test('DC-04 C-4 bounds of every shipped place and year lie apart by a factor of at least four', () => {
  for (const place of book.folder.places.keys())
    for (const floor of book.entriesOf('contribution.base.floor', place)) {
      const policy = book.on(place, floor.from)
      const room = q.mul(policy.value('contribution.base.floor'), parseRational('4'))
      assert.ok(q.compare(policy.value('contribution.base.ceiling'), room) > 0, `${place} ${floor.from}`)
    }
})
