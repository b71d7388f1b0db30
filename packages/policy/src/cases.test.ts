import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, test } from 'node:test'
import { parseRational } from '@jinbao/core'
import { readCases, runCases } from './cases.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cases-'))
after(() => fs.rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  const at = path.join(folder, name)
  fs.writeFileSync(at, text)
  return at
}

const good = file(
  'late-fee.cases.yaml',
  `rule: C-21
given: { rate: 0.0005 }
cases:
  - { id: a, title: a day, given: { days: 1 }, expect: { rate: 0.0005, days: 1 } }
  - { id: b, rule: C-20, title: before 2011, given: { days: 2, rate: 0.002 }, expect: { rate: 0.002, days: 2 } }
`,
)

test('cases are text to the last zero, and take what the file gives them all', () => {
  const [first, second] = readCases(good)
  assert.deepEqual(first, {
    id: 'a',
    rule: 'C-21',
    title: 'a day',
    given: { rate: '0.0005', days: '1' },
    expect: { rate: '0.0005', days: '1' },
  })
  assert.equal(second?.rule, 'C-20')
})

test('a file without cases, or a case without expectation, fails', () => {
  assert.throws(() => readCases(file('none.cases.yaml', 'rule: C-1\ncases: []\n')), /has no cases/)
  assert.throws(() => readCases(file('half.cases.yaml', 'cases:\n  - { id: a, title: t }\n')), /needs id, title/)
})

runCases(good, (given) => {
  assert.ok(parseRational(given.rate ?? '').n > 0n)
  return given
})
