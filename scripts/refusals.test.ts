import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { test } from 'node:test'
import { refusalsPage, refusalTables } from './refusals.ts'
import { root } from './workspaces.ts'

test('every service has its table; each reason has a name a program can read and texts in both languages', async () => {
  const tables = await refusalTables(root)
  const services = fs.globSync('services/*/src/service.ts', { cwd: root }).map((file) => file.split('/')[1])
  assert.deepEqual([...tables.keys()], services.sort())
  for (const [service, table] of tables)
    for (const [reason, { rule, source, zh, en }] of Object.entries(table)) {
      assert.match(reason, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/, service)
      for (const text of [rule, source, zh, en]) assert.ok(text.trim(), `${service} ${reason} has an empty text`)
      assert.match(zh, /\p{Script=Han}/u, `${service} ${reason} has no Chinese`)
    }
})

test('the page has a line for each reason, its bars escaped', () => {
  const entry = { rule: 'C-1', source: 'SIL art. 1', zh: '不', en: 'no a|b {month}' }
  const page = refusalsPage(new Map([['pension', { B: entry, A: { ...entry, code: 'NOT_FOUND' } }]]))
  assert.match(
    page,
    /## pension\n\n.*\n.*\n\| `A` \| NOT_FOUND \| no a\\\|b \{month\} \| 不 \| C-1 \| SIL art\. 1 \|\n\| `B`/,
  )
})

test('a service without an exported table is named', async () => {
  const top = fs.mkdtempSync(path.join(root, '.cache/refusals-'))
  try {
    const folder = path.join(top, 'services/pension/src/domain')
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'refusals.ts'), 'export const other = {}\n')
    await assert.rejects(refusalTables(top), /services\/pension\/src\/domain\/refusals\.ts exports no/)
  } finally {
    fs.rmSync(top, { recursive: true })
  }
})
