import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '@jinbao/core'
import { codeOf, decodeStatus, encodeStatus, platformProblem } from './status.ts'

const problem = new Problem('FAILED_PRECONDITION', 'MONTH_ALREADY_CREDITED', '2026-09 is already credited', {
  service: 'pension',
  rule: 'DC-10',
  source: '社会保险法 第六十三条',
  zh: '2026年9月已记账，𠮷家不得重复',
  values: { month: '2026-09', rule: 'a value may be called like a field' },
  fields: [
    { field: 'lines[3].wageFen', reason: 'NEGATIVE', message: '工资不能为负' },
    { field: 'month', reason: 'TWICE', message: 'credited before' },
  ],
  retryAfterMs: 2_345,
})

test('a Problem survives the wire with its fields and Chinese text', () => {
  const back = decodeStatus(encodeStatus(problem))
  assert.deepEqual(
    { code: back.code, reason: back.reason, message: back.message, details: back.details },
    { code: problem.code, reason: problem.reason, message: problem.message, details: problem.details },
  )
})

test('a Problem without details comes back as one of the platform', () => {
  const back = decodeStatus(encodeStatus(new Problem('NOT_FOUND', 'NO_SUCH_PERSON', 'no such person')))
  assert.deepEqual([back.code, back.reason, back.details], ['NOT_FOUND', 'NO_SUCH_PERSON', { service: 'jinbao' }])
})

test('very many field problems are cut to what a trailer carries, and counted', () => {
  const fields = Array.from({ length: 1_000 }, (_, i) => ({ field: `lines[${i}]`, reason: 'BAD', message: '金额有误' }))
  const bytes = encodeStatus(new Problem('INVALID_ARGUMENT', 'BAD_ROWS', 'bad rows', { fields }))
  const back = decodeStatus(bytes)
  assert.ok(bytes.byteLength < 8_192, `${bytes.byteLength} bytes`)
  const kept = back.details.fields?.length ?? 0
  assert.ok(kept > 20)
  assert.equal(back.details.values?.fieldsLeftOut, String(1_000 - kept))
})

test('codes that are not ours are defects; a problem of the platform has a fixed sentence', () => {
  assert.equal(codeOf(2), 'INTERNAL')
  assert.equal(platformProblem('UNAVAILABLE').details.zh, '服务暂时不可用')
  assert.equal(platformProblem('INTERNAL').message, '')
})
