// The main job by verbs, as somebody types it, against a region whose clock stands in July 2026.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'
import { connect } from '@jinbao/client'
import { openRegion, type Region } from '../region.ts'
import { runCli } from './program.ts'

const examples = path.join(import.meta.dirname, '../../../examples/110000')
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-mainjob-'))
const data = path.join(scratch, 'data')
const RETIREE = ['110199196603151431', '孙国栋'] as const

let region: Region
let url: string
before(async () => {
  region = await openRegion({
    place: '110000',
    folder: data,
    allowSyntheticIds: true,
    clock: () => Temporal.Instant.from('2026-07-22T02:00:00Z'),
  })
  url = await region.gateway.listen({ port: 0 })
})
after(async () => {
  await region.close()
  fs.rmSync(scratch, { recursive: true })
})

async function jinbao(...args: string[]) {
  const said: string[] = []
  const warned: string[] = []
  const io = { write: (text: string) => said.push(text), warn: (text: string) => warned.push(text), interactive: false }
  const code = await runCli([...args, '--data', data, '--url', url], io)
  await region.settle()
  return { code, out: said.join(''), err: warned.join('') }
}

/** As jinbao --json; the verb has to do. */
async function asked(...args: string[]) {
  const { code, out, err } = await jinbao(...args, '--json')
  assert.equal(code, 0, err + out)
  return JSON.parse(out)
}

const file = (name: string) => path.join(examples, name)
let personId = ''

test('ID-01 ID-03 USCC wrong numbers and codes are refused row by row, the others go in, once', async () => {
  const wrong = await jinbao('import', 'persons', file('wrong/persons.csv'), '--json')
  assert.equal(wrong.code, 1)
  const report = JSON.parse(wrong.out) as { rows: number; failed: number; errors: { reason: string }[] }
  assert.deepEqual([report.rows, report.failed], [11, 11])
  const reasons = new Set(report.errors.map(({ reason }) => reason))
  for (const reason of [
    'ID_FORMAT',
    'ID_CHECKSUM',
    'ID_BIRTHDATE',
    'ID_PROVINCE',
    'REQUIRED',
    'UNKNOWN_VALUE',
    'NOT_A_DAY',
  ])
    assert.ok(reasons.has(reason), reason)
  const codes = await jinbao('import', 'employers', file('wrong/employers.csv'), '--json')
  assert.equal(JSON.parse(codes.out).failed, 5, codes.out)
  for (const kind of ['persons', 'employers', 'relations', 'opening'])
    for (const _ of ['first', 'again']) assert.equal((await asked('import', kind, file(`${kind}.csv`))).failed, 0)
})

test('ID-09 the gateway takes the same files as they stand: whoever is there already is the same person', async () => {
  const token = await region.issuer.mint({ subject: 'o', roles: ['officer'] })
  const client = connect({ url, token, purpose: 'upload' })
  for (const kind of ['persons', 'employers']) {
    const report = await client.upload(kind, fs.readFileSync(file(`${kind}.csv`)))
    assert.deepEqual([kind, report.done, report.errors], [kind, report.rows, []])
  }
})

test('DC-11 EX-1 a payroll file: checked dry, refused while a row is wrong, then assessed; the workbook is the same', async () => {
  const dry = await jinbao('declare', '2025-07', file('wrong/payroll-2025-07.csv'), '--dry-run')
  assert.equal(dry.code, 1)
  assert.match(dry.out, /13 failed[\s\S]*nothing handed in[\s\S]*OUTSIDE_RELATION/)
  const wrong = await jinbao('declare', '2025-07', file('wrong/payroll-2025-07.csv'), '--json')
  assert.deepEqual([wrong.code, JSON.parse(wrong.out).submitted], [1, false])
  const workbook = await asked('declare', '2025-07', file('payroll-2025-07.xlsx'), '--dry-run')
  const done = await asked('declare', '2025-07', file('payroll-2025-07.csv'))
  assert.deepEqual([workbook.submitted, done.submitted], [false, true])
  const [declared] = done.declared
  assert.equal(declared.declaration.persons, 5)
  assert.equal(workbook.declared[0].declaration.employeeFen, declared.declaration.employeeFen)
})

test('C-10 receipts are matched once, however often the file is sent', async () => {
  for (const month of ['02', '03', '04']) await asked('declare', `2025-${month}`, file(`payroll-2025-${month}.csv`))
  const first = await asked('receipts', file('receipts.csv'))
  const again = await asked('receipts', file('receipts.csv'))
  assert.deepEqual(again.receipts, first.receipts)
  assert.equal(first.receipts.length, 2)
})

test('I-1 interest: what is due, then one account', async () => {
  assert.match((await jinbao('interest')).out, /interest posted on \d+ accounts/)
  const id = (await asked('person', 'find', '110199198005201442', '周敏')).personId
  assert.match((await jinbao('interest', id, '--year', '2025')).out, /posted 0\.00 yuan/)
  const { account } = await asked('person', 'show', id)
  assert.equal(account.years.find(({ year }: { year: number }) => year === 2024).closingFen, '10991904')
  const shown = await jinbao('person', 'show', id, '--as-of', '2024-12-31')
  assert.match(shown.out, /周敏 {2}110\*+1442/)
})

test('EX-7 P-6 a man retires by four verbs; the same officer cannot approve', async () => {
  personId = (await asked('person', 'find', ...RETIREE)).personId
  const { claim } = await asked('retire', 'apply', personId, '--group', 'M60')
  await asked('retire', 'check', claim.claimId)
  const decided = await jinbao('retire', 'decide', claim.claimId)
  assert.match(decided.out, /合计 total\s+5295\.38/)
  assert.equal((await jinbao('retire', 'approve', claim.claimId, '--as', 'officer')).code, 1)
  await asked('retire', 'approve', claim.claimId)

  const saved = path.join(scratch, 'award.json')
  const explained = await jinbao('explain', '--claim', claim.claimId, '--save', saved)
  assert.match(explained.out, /计算说明[\s\S]*5295\.38[\s\S]*How this was computed/)
  assert.equal((await jinbao('verify', saved)).code, 0)
  fs.writeFileSync(saved, fs.readFileSync(saved, 'utf8').replace('"186420.37"', '"187420.37"'))
  const forged = await jinbao('verify', saved)
  assert.equal(forged.code, 1)
  assert.match(forged.out, /✗ value: step/)
})

test('PS-03 every read of the person is on record, with its purpose', async () => {
  await asked('person', 'show', personId, '--purpose', '窗口查询')
  const reads = (await asked('person', 'reads', personId)) as { purpose: string; role: string }[]
  assert.ok(reads.some(({ purpose }) => purpose === '窗口查询'))
})
