import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { changedStep, honest, policyFolder } from './honest.testing.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-'))
after(() => rmSync(folder, { recursive: true }))

function verifier(args: readonly string[], input = '') {
  const main = join(import.meta.dirname, 'main.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { input, encoding: 'utf8' })
  return { status, stdout, stderr }
}
function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const lie = changedStep(honest, 'part', (step) => void Object.assign(step, { value: '1363.73' }))

test('exit code 0: an honest document, from a file or standard input', () => {
  const { status, stdout } = verifier([file('honest.json', honest), '--policy', policyFolder])
  assert.equal(status, 0)
  assert.match(stdout, /✓ every step and amount agrees/)
  assert.match(stdout, /part: P§2.4 · 国发〔2005〕38号/)
  assert.equal(verifier(['-'], JSON.stringify({ explanation: honest })).status, 0)
})

test('exit code 1: the false number is named', () => {
  const { status, stdout } = verifier([file('lie.json', lie)])
  assert.equal(status, 1)
  assert.match(stdout, /✗ value: step part part项 \/ part\n {4}expected 1341.15\n {4}found {4}1363.73/)
  const json = verifier([file('lie.json', lie), '--json'])
  assert.equal(json.status, 1)
  const report = JSON.parse(json.stdout)
  assert.deepEqual([report.ok, report.findings.length, report.findings[0].step], [false, 1, 'part'])
})

test('exit code 2: nothing to read, no JSON, no explanation, no such folder, no such option', () => {
  const path = file('honest.json', honest)
  const bad = [
    [],
    ['nowhere.json'],
    [file('text.json', 'hello')],
    [file('empty.json', {})],
    [path, '--policy', 'nowhere'],
    [path, '--what'],
    [path, path],
  ]
  for (const args of bad) {
    const { status, stdout, stderr } = verifier(args)
    assert.deepEqual([status, stdout], [2, ''], args.join(' '))
    assert.match(stderr, /^cannot verify: /)
  }
  assert.equal(verifier(['--help']).status, 0)
})
