import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logTo } from './log.ts'
import { containsIdNumber, mask } from './redact.ts'

// Births in the 1870s and county pair 99: numbers that nobody can hold.
const numbers = ['110199187305170013', '31019918801231002X', '65019918750229003x', '110199750517001']

test('a citizen number is masked wherever it stands in a line', () => {
  for (const number of numbers)
    for (const text of [number, `"${number}"`, `person ${number}!`, `id=${number}`, `身份证${number}号`, `a${number}b`])
      assert.equal(mask(text), text.replace(number, '***'), text)
})

test('amounts, times, months, opaque ids and trace ids stay readable', () => {
  const lines = [
    '1764000000000',
    '7189806',
    '2026-02',
    '7f3kq',
    '0af7651916cd43dd8448eb211c80319c',
    '123456789012345678',
  ]
  for (const line of lines) assert.equal(mask(line), line)
})

test('no log line carries a citizen number: message, field, key, nested, error text and stack', () => {
  const lines: string[] = []
  const log = logTo((line) => void lines.push(line), 'trace')
  for (const number of numbers) {
    log.info(`asked for ${number}`)
    log.info({ person: number, nested: { [number]: [number] } }, 'asked')
    log.error({ err: new Error(`no such person ${number}`) }, 'failed')
    log.child({ person: number }).warn('child')
  }
  assert.equal(lines.length, 4 * numbers.length)
  for (const line of lines) {
    assert.equal(containsIdNumber(line), false, line)
    for (const number of numbers) assert.ok(!line.includes(number))
    JSON.parse(line)
  }
})
