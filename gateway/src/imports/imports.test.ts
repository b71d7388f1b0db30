import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { Problem } from '@jinbao/core'
import writeXlsxFile from 'write-excel-file/node'
import type { GatewayOptions } from '../options.ts'
import { openWorld, type World } from '../testing.ts'
import { readCell } from './cells.ts'
import type { CellType, ImportKind } from './kind.ts'

const FILE_HIRE = '/jinbao.employment.v1.EmploymentService/FileHire'
const hires: ImportKind = {
  kind: 'hires',
  rpc: FILE_HIRE,
  columns: [
    { column: ['人员编号', 'person'], field: 'personId', type: 'text', required: true },
    { column: '入职日期', field: 'from', type: 'day', required: true },
    { column: '工资', field: 'wageFen', type: 'yuan', required: true },
    { column: '主要', field: 'main', type: 'bool' },
    { column: '类型', field: 'kind', type: 'text', values: { 固定期限: 'FIXED_TERM', 无固定期限: 'OPEN_ENDED' } },
  ],
  key: ['personId'],
}
const HEAD = '人员编号,入职日期,工资,主要,类型\n'
const refused = new Set<string>()

const fileHire = async ({ personId }: { personId: string }) => {
  if (refused.has(personId))
    throw new Problem('FAILED_PRECONDITION', 'PERSON_DEAD', 'the person is dead', {
      service: 'employment',
      zh: '该人员已死亡',
      fields: [{ field: 'person_id', reason: 'PERSON_DEAD', message: 'the person is dead' }],
    })
  return { receipt: undefined, relationId: 'r1', enrolBy: '' }
}

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-uploads-'))
const open = (options: Partial<GatewayOptions> = {}) =>
  openWorld({ fileHire }, { imports: [hires], scratch, ...options })
let world: World
let officer: { authorization: string }
before(async () => {
  world = await open()
  officer = await world.bearer('officer')
})
beforeEach(() => {
  world.seen.length = 0
  refused.clear()
})
after(async () => {
  await world.close()
  assert.deepEqual(fs.readdirSync(scratch), [], 'uploads are removed')
  fs.rmdirSync(scratch)
})

const send = (payload: string | Buffer, { query = '', headers = {}, from = world } = {}) =>
  from.app.inject({
    method: 'POST',
    url: `/v1/imports/hires${query}`,
    headers: { ...officer, 'content-type': 'text/csv', ...headers },
    payload,
  })
const requests = () => world.seen.map(({ request }) => request as Record<string, unknown>)
const ids = () => world.seen.map(({ call }) => call.commandId)

test('rows become commands: amounts in fen, days, words; fields of the query are shared by all', async () => {
  const csv = `\ufeff${HEAD}p1,2026/1/5,"5,400.10",是,固定期限\n p2 ,2026年3月1日,¥６０００,否,OPEN_ENDED\n\n`
  const answer = await send(csv, { query: '?employerId=e1' })
  assert.deepEqual([answer.statusCode, answer.json().errors], [200, []])
  assert.deepEqual([answer.json().rows, answer.json().done, answer.json().failed], [2, 2, 0])
  assert.deepEqual(requests(), [
    { personId: 'p1', employerId: 'e1', from: '2026-01-05', kind: 'FIXED_TERM', main: true, wageFen: 540_010n },
    { personId: 'p2', employerId: 'e1', from: '2026-03-01', kind: 'OPEN_ENDED', main: false, wageFen: 600_000n },
  ])
})

test('GB18030 and a workbook say the same as UTF-8', async () => {
  // 人员编号,入职日期,工资
  const gb = Buffer.from('c8cbd4b1b1e0bac52cc8ebd6b0c8d5c6da2cb9a4d7ca0a', 'hex')
  await send(Buffer.concat([gb, Buffer.from('p1,2026-01-05,5400.1\n')]))
  const sheet = await writeXlsxFile([
    ['人员编号', '入职日期', '工资'].map((value) => ({ value, type: String })),
    [
      { value: 'p1', type: String },
      { value: new Date('2026-01-05'), type: Date, format: 'yyyy-mm-dd' },
      { value: 5400.1, type: Number },
    ],
  ]).toBuffer()
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const answer = await send(sheet, { headers: { 'content-type': type } })
  assert.equal(answer.statusCode, 200, answer.body)
  const [first, second] = requests()
  assert.deepEqual([first?.from, first?.wageFen], ['2026-01-05', 540_010n])
  assert.deepEqual(first, second)
})

test('each wrong cell is reported with row, column, reason and what to do; good rows are done', async () => {
  refused.add('dead')
  const rows = ['p1,2026-02-30,1.005,maybe,临时', ',2026-01-01,100,,', 'dead,2026-01-01,100,,', 'p4,2026-01-01,100,,']
  const answer = await send(HEAD + rows.join('\n'), { headers: { 'accept-language': 'zh' } })
  const report = answer.json()
  assert.deepEqual(
    report.errors.map((one: Record<string, unknown>) => [one.row, one.column, one.reason]),
    [
      [2, '入职日期', 'NOT_A_DAY'],
      [2, '工资', 'FRACTION_OF_FEN'],
      [2, '主要', 'NOT_YES_OR_NO'],
      [2, '类型', 'UNKNOWN_VALUE'],
      [3, '人员编号', 'REQUIRED'],
      [4, '人员编号', 'PERSON_DEAD'],
    ],
  )
  assert.ok(report.errors.every((one: { whatToDo: string }) => /\p{Script=Han}/u.test(one.whatToDo)))
  assert.deepEqual([answer.statusCode, report.rows, report.done, report.failed], [200, 4, 1, 3])
  const csv = await send(`${HEAD}=cmd,x,1,,\n`, { headers: { accept: 'text/csv' } })
  assert.match(csv.body, /^\ufeffrow,toRow,column,reason,message,whatToDo\r\n2,2,入职日期,NOT_A_DAY,/)
})

test('a file sent again does nothing twice: the same rows are the same commands', async () => {
  const file = `${HEAD}p1,2026-01-05,1,,\np2,2026-01-05,2,,\n`
  await send(file)
  await send(file)
  const [a, b, c, d] = ids()
  assert.deepEqual([c, d], [a, b])
  assert.notEqual(a, b)
  // A corrected file under the same key: the rows that were right stay the same commands.
  world.seen.length = 0
  const headers = { 'idempotency-key': 'july' }
  await send(`${HEAD}p1,2026-01-05,1,,\np2,x,2,,\n`, { headers })
  await send(`${HEAD}p2,2026-01-05,2,,\np1,2026-01-05,1,,\n`, { headers })
  const [first, , again] = ids()
  assert.equal(first, again)
})

test('all or nothing: every row is tried dry before one is recorded', async () => {
  refused.add('dead')
  const query = '?allOrNothing=true'
  const bad = await send(`${HEAD}p1,2026-01-05,1,,\ndead,2026-01-05,2,,\n`, { query })
  assert.deepEqual([bad.statusCode, bad.json().done, bad.json().failed], [422, 0, 1])
  assert.ok(world.seen.every(({ call }) => call.validateOnly))
  world.seen.length = 0
  const good = await send(`${HEAD}p1,2026-01-05,1,,\n`, { query })
  assert.deepEqual([good.statusCode, good.json().done], [200, 1])
  assert.deepEqual(
    world.seen.map(({ call }) => call.validateOnly ?? false),
    [true, false],
  )
})

test('malformed files and headings are refused as such; nothing is sent', async () => {
  const cases: readonly (readonly [string | Buffer, string])[] = [
    ['', 'FILE_MALFORMED'],
    [`${HEAD}"open quote,2026-01-01,1,,\n`, 'FILE_MALFORMED'],
    [Buffer.from('PK\x03\x04 but no workbook'), 'FILE_MALFORMED'],
    ['人员编号,颜色\np1,red\n', 'COLUMN_UNKNOWN COLUMN_MISSING COLUMN_MISSING'],
    [`${HEAD}p1,2026-01-01,1,,\np1,2026-01-01,1,,\n`, 'ROW_TWICE'],
  ]
  for (const [payload, reasons] of cases) {
    const query = '?validateOnly=true'
    const answer = await send(payload, { query })
    const { errors, reason } = answer.json()
    assert.equal(errors?.map((one: { reason: string }) => one.reason).join(' ') ?? reason, reasons)
    assert.equal(answer.statusCode, reason ? 400 : 422)
  }
  assert.ok(world.seen.every(({ call }) => call.validateOnly))
})

test('unknown kinds, parameters, media types and oversized uploads are refused', async () => {
  const small = await open({ limits: { uploadBytes: 1_000 } })
  const big = await send(HEAD + 'p1,2026-01-05,1,,\n'.repeat(100), {
    from: small,
    headers: await small.bearer('officer'),
  })
  assert.deepEqual([big.statusCode, big.json().reason], [413, 'BODY_TOO_LARGE'])
  await small.close()
  assert.equal((await send(HEAD, { query: '?colour=1' })).json().reason, 'FIELDS_INVALID')
  assert.equal((await send('{}', { headers: { 'content-type': 'application/json' } })).statusCode, 415)
  assert.equal((await send(HEAD, { headers: { authorization: '' } })).statusCode, 401)
  const url = '/v1/imports/constructor'
  const unknown = await world.app.inject({ method: 'POST', url, headers: { ...officer, 'content-type': 'text/csv' } })
  assert.deepEqual([unknown.statusCode, unknown.json().reason], [404, 'IMPORT_UNKNOWN'])
})

test('a form upload is read like the file itself', async () => {
  const form = new FormData()
  form.set('file', new Blob([`${HEAD}p1,2026-01-05,1,,\n`], { type: 'text/csv' }), '七月.csv')
  const request = new Request('http://x/', { method: 'POST', body: form })
  const headers = { 'content-type': request.headers.get('content-type') ?? '' }
  const answer = await send(Buffer.from(await request.arrayBuffer()), { headers })
  assert.deepEqual([answer.statusCode, answer.json().done], [200, 1])
})

test('memory stays bounded while 40,000 rows pass', async () => {
  const quiet = await openWorld({ fileHire }, { imports: [{ ...hires, key: ['personId', 'wageFen'] }], scratch }, false)
  const file = HEAD + Array.from({ length: 40_000 }, (_, i) => `p${i},2026-01-05,${i}.00,,\n`).join('')
  const before = process.memoryUsage().rss
  const answer = await send(file, { from: quiet, headers: await quiet.bearer('officer') })
  assert.equal(answer.json().done, 40_000)
  assert.ok(process.memoryUsage().rss - before < 250 * 1024 * 1024)
  await quiet.close()
})

test('cells: what people write, and what will not do', () => {
  const read = (type: CellType, text: string) => readCell({ column: 'c', field: 'f', type }, text)
  const good: readonly (readonly [CellType, string, unknown])[] = [
    ['yuan', '1,234,567.8', '123456780'],
    ['yuan', '-0.05', '-5'],
    ['day', '20260105', '2026-01-05'],
    ['month', '2026年7月', '2026-07'],
    ['month', '202607', '2026-07'],
    ['int', '007', '7'],
    ['bool', 'Y', true],
    ['text', ' 张 ', '张'],
    ['text', '', undefined],
  ]
  for (const [type, text, value] of good) assert.deepEqual(read(type, text), { value }, text)
  const bad: readonly (readonly [CellType, string, string])[] = [
    ['yuan', '1,23', 'NOT_AN_AMOUNT'],
    ['yuan', 'abc', 'NOT_AN_AMOUNT'],
    ['day', '2026-13-01', 'NOT_A_DAY'],
    ['month', '2026-13', 'NOT_A_MONTH'],
    ['int', '1.5', 'NOT_A_WHOLE_NUMBER'],
    ['text', '1.1010119900307E+17', 'NUMBER_LOST_DIGITS'],
  ]
  for (const [type, text, reason] of bad) assert.deepEqual(read(type, text), { reason }, text)
})
