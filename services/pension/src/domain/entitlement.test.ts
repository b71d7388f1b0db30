import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Calc, MonthSet, Problem } from '@jinbao/core'
import { Application, RetirementKind } from '@jinbao/proto/pension/v1/events.ts'
import { type Group, retirementDates } from './age.ts'
import { chosenMonth, countedMonths, entitlement, lastNotice, minimumFor } from './entitlement.ts'
import { lawWith } from './testing.ts'

const policyOn = lawWith()
const dates = (birth: string, group: Group) => retirementDates(Calc.plain(), policyOn, '2026-01-01', birth, group)
const refused = (work: () => unknown, reason: string) =>
  assert.throws(work, (error) => error instanceof Problem && error.reason === reason)
const man1970 = dates('1970-01', 'M60')
const ask = (change: Partial<Application>, of = man1970) =>
  chosenMonth(policyOn, of, Application.create({ birthDay: 10, ...change }), '2029-01-01')
const none = MonthSet.empty

describe('entitlement', () => {
  test('EX-12 b P-3 statutory 2031-05 needs 192 months, early 2030-01 needs 186, delayed to 2034-05 still 192', () => {
    assert.equal(man1970.statutory, '2031-05')
    const minimum = (kind: RetirementKind, month: string) => minimumFor(policyOn, kind, month, man1970.statutory)
    assert.equal(minimum(RetirementKind.STATUTORY, '2031-05'), 192)
    assert.equal(minimum(RetirementKind.EARLY, '2030-01'), 186)
    assert.equal(minimum(RetirementKind.DELAYED, '2034-05'), 192)
  })
  test('P-3 P-5 who reaches the age short and pays on keeps the minimum of the statutory date', () =>
    assert.equal(minimumFor(policyOn, RetirementKind.EXTENDED, '2036-05', '2031-05'), 192))

  test('P-1 P-4 whole months, paid and deemed, duplicates once, the retirement month when it is paid', () => {
    const actual = MonthSet.range('2011-08', '2026-08')
    const deemed = MonthSet.range('2011-01', '2011-09')
    assert.equal(countedMonths({ actual, deemed }, '2026-07').size, 187)
    const at = (months: MonthSet) =>
      entitlement(policyOn, { actual: months, deemed: none }, RetirementKind.STATUTORY, '2026-07', '2026-07')
    assert.equal(at(MonthSet.range('2011-08', '2026-07')).short, 0)
    assert.deepEqual(
      [at(MonthSet.range('2011-08', '2026-06')).short, at(MonthSet.range('2011-08', '2026-06')).minimumMonths],
      [1, 180],
    )
  })
  test('P-5 short: pay on, residents’ scheme, cash out; insured before the Law and five years on also a lump sum', () => {
    const short = (from: string, retirement: string) =>
      entitlement(
        policyOn,
        { actual: MonthSet.range(from, '2020-12'), deemed: none },
        RetirementKind.EXTENDED,
        retirement,
        '2025-05',
      ).options
    assert.deepEqual(short('2011-07', '2030-05'), ['PAY_ON', 'RESIDENTS_SCHEME', 'CASH_OUT'])
    assert.deepEqual(short('2011-06', '2030-04'), ['PAY_ON', 'RESIDENTS_SCHEME', 'CASH_OUT'])
    assert.deepEqual(short('2011-06', '2030-05'), ['PAY_ON', 'RESIDENTS_SCHEME', 'CASH_OUT', 'LUMP_SUM'])
  })

  test('F-1 early: from 36 months before, not below the original age, three months’ notice, the same day in time', () => {
    const early = { kind: RetirementKind.EARLY, retirementMonth: '2030-01', noticeOn: '2029-10-10' }
    assert.equal(ask(early), '2030-01')
    refused(() => ask({ ...early, retirementMonth: '2029-12' }), 'TOO_EARLY')
    refused(() => ask({ ...early, noticeOn: '2029-10-11' }), 'NOTICE_TOO_SHORT')
    refused(() => ask({ ...early, noticeOn: '' }), 'NOTICE_TOO_SHORT')
    refused(() => ask({ ...early, retirementMonth: '2031-05' }), 'NOT_THE_STATUTORY_MONTH')
    assert.equal(lastNotice('2026-05-31', 3), '2026-02-28')
  })
  test('P§2.9 F-1 statutory age less 36 months binds where it is above the original age', () => {
    const woman = dates('1984-11', 'F50')
    assert.equal(woman.window?.earliest, '2036-11')
  })
  test('F-2 delayed: agreed a month before the statutory day, at most 36 months after it', () => {
    const delayed = { kind: RetirementKind.DELAYED, retirementMonth: '2034-05', noticeOn: '2031-04-10' }
    assert.equal(ask(delayed), '2034-05')
    refused(() => ask({ ...delayed, retirementMonth: '2034-06' }), 'TOO_LATE')
    refused(() => ask({ ...delayed, noticeOn: '2031-04-11' }), 'NOTICE_TOO_SHORT')
    refused(() => ask({ ...delayed, retirementMonth: '2031-05' }), 'NOT_THE_STATUTORY_MONTH')
  })
  test('F-3 civil servants and managers of state bodies cannot delay; F-6 without an employer nobody can agree', () => {
    const delayed = { kind: RetirementKind.DELAYED, retirementMonth: '2034-05', noticeOn: '2031-01-01' }
    refused(() => ask({ ...delayed, mayNotDelay: true }), 'DELAY_EXCLUDED')
    refused(() => ask({ ...delayed, flexible: true }), 'NO_EMPLOYER_TO_AGREE')
    assert.equal(
      ask({ kind: RetirementKind.EARLY, retirementMonth: '2030-02', noticeOn: '2029-01-01', flexible: true }),
      '2030-02',
    )
  })
  test('F-4 no flexible retirement when the original month is before January 2025', () => {
    const old = dates('1964-12', 'M60')
    refused(
      () => ask({ kind: RetirementKind.EARLY, retirementMonth: '2024-06', noticeOn: '2023-01-01' }, old),
      'NO_FLEXIBLE_WINDOW',
    )
    refused(
      () => ask({ kind: RetirementKind.DELAYED, retirementMonth: '2025-06', noticeOn: '2023-01-01' }, old),
      'NO_FLEXIBLE_WINDOW',
    )
  })
  test('P§3 statutory retirement is in the statutory month; paying on ends after it', () => {
    assert.equal(ask({ kind: RetirementKind.STATUTORY }), '2031-05')
    refused(() => ask({ kind: RetirementKind.STATUTORY, retirementMonth: '2031-06' }), 'NOT_THE_STATUTORY_MONTH')
    refused(() => ask({ kind: RetirementKind.EXTENDED }), 'NOT_THE_STATUTORY_MONTH')
    refused(() => ask({}), 'KIND_MISSING')
  })
})
