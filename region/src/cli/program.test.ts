import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, test } from 'node:test'
import { devIssuer } from '@jinbao/gateway/devIssuer.ts'
import type { Command } from 'commander'
import type { Io } from './output.ts'
import { table } from './output.ts'
import { exitCodes, programOf, runCli } from './program.ts'

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-cli-'))
after(() => fs.rmSync(scratch, { recursive: true }))

async function run(...args: string[]) {
  const said: string[] = []
  const warned: string[] = []
  const io: Io = { write: (text) => said.push(text), warn: (text) => warned.push(text), interactive: false }
  const code = await runCli(args, io)
  return { code, out: said.join(''), err: warned.join('') }
}

const leaves = (command: Command, above: string[] = []): string[][] =>
  command.commands.flatMap((one) => {
    const path = [...above, one.name()]
    return one.commands.length > 0 ? leaves(one, path) : [path]
  })

test('every verb has help with an example that is a command line of this very verb', async () => {
  const silent: Io = { write: () => undefined, warn: () => undefined, interactive: false }
  const verbs = leaves(programOf(silent))
  assert.ok(verbs.length > 25)
  for (const verb of verbs) {
    const { code, out } = await run(...verb, '--help')
    assert.equal(code, 0)
    assert.match(out, new RegExp(`Example:\\n {2}\\$ jinbao ${verb.join(' ')}`), verb.join(' '))
    assert.match(out, /--json/)
  }
})

test('exit code 2 for wrong usage: unknown verbs, missing arguments, unknown words, no token', async () => {
  const data = path.join(scratch, 'empty')
  for (const args of [
    ['fly'],
    ['import', 'persons'],
    ['import', 'cats', 'x.csv', '--token', 't'],
    ['token', 'king', '--data', data],
    ['token', 'officer', '--data', data],
    ['backup', path.join(scratch, 'b')],
    ['completion', 'csh'],
    ['seed', scratch, '--size', 'many'],
    ['import', 'persons', path.join(scratch, 'missing.csv'), '--token', 't'],
  ]) {
    const { code, err } = await run(...args)
    assert.equal(code, exitCodes.usage, args.join(' '))
    assert.ok(err.length > 10)
  }
  assert.ok(!fs.existsSync(data), 'a slip in a folder’s name makes no folder')
})

test('exit code 3 when nothing answers', async () => {
  const { code, err } = await run('person', 'find', '1', 'x', '--token', 't', '--url', 'http://127.0.0.1:9')
  assert.equal(code, exitCodes.unreachable)
  assert.match(err, /is it up\?/)
})

test('a token is minted by the development issuer of the data folder', async () => {
  const data = path.join(scratch, '110000')
  await devIssuer({ folder: data })
  const { code, out } = await run('token', 'employer', '--employer', 'e1', '--data', data, '--json')
  assert.equal(code, 0)
  const [, claims = ''] = (JSON.parse(out) as { token: string }).token.split('.')
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  assert.deepEqual([read.roles, read.employer, read.sub], [['employer'], 'e1', 'employer'])
})

test('policy: a value with its source; a folder checked', async () => {
  const args = ['policy', 'show', 'contribution.base.floor', '--place', '310000', '--on', '2025-07-01', '--json']
  const { code, out } = await run(...args)
  assert.equal(code, 0)
  assert.deepEqual([JSON.parse(out).value, JSON.parse(out).from], ['7460', '2025-07-01'])
  assert.equal((await run('policy', 'check')).code, 0)
  const unknown = await run('policy', 'show', 'no.such.key')
  assert.equal(unknown.code, exitCodes.usage)
  const bad = path.join(scratch, 'policy')
  fs.cpSync(path.join(import.meta.dirname, '../../../policy'), bad, { recursive: true })
  fs.appendFileSync(path.join(bad, '110000/contribution.yaml'), 'no.such.key:\n  - { from: 2025-01-01, value: 1 }\n')
  assert.equal((await run('policy', 'check', bad)).code, exitCodes.refused)
})

test('verify: the verifier’s own judgement is the exit code', async () => {
  const honest = path.join(import.meta.dirname, '../../../packages/verify/fixtures/honest.json')
  const run = (file: string) =>
    spawnSync(process.execPath, [path.join(import.meta.dirname, '../main.ts'), 'verify', file], { encoding: 'utf8' })
  const missing = run(path.join(scratch, 'none.json'))
  assert.equal(missing.status, exitCodes.usage)
  const document = JSON.parse(fs.readFileSync(honest, 'utf8')) as { amounts: { amountFen: string }[] }
  const [amount] = document.amounts
  assert.ok(amount)
  amount.amountFen = String(BigInt(amount.amountFen) + 1n)
  const forged = path.join(scratch, 'forged.json')
  fs.writeFileSync(forged, JSON.stringify(document))
  assert.equal(run(forged).status, exitCodes.refused)
})

test('completion: the shell reads it and every verb is in it', async () => {
  const { out } = await run('completion', 'bash')
  const script = `${out}\nCOMP_WORDS=(jinbao retire ap); COMP_CWORD=2; _jinbao; echo "$\{COMPREPLY[*]}"`
  const answer = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
  assert.equal(answer.stdout.trim(), 'apply approve')
  for (const shell of ['zsh', 'fish']) assert.match((await run('completion', shell)).out, /approve/)
})

test('seed writes the files of a population', async () => {
  const folder = path.join(scratch, 'seed')
  const { code, out } = await run('seed', folder, '--size', '500', '--place', '310000', '--month', '2026-06', '--json')
  assert.equal(code, 0)
  assert.equal(JSON.parse(out).persons, 500)
  assert.equal(fs.readdirSync(folder).length, 5)
})

test('tables: Chinese signs take two places, amounts stand to the right', () => {
  const rows = [
    { name: '张三', fen: '1.00' },
    { name: 'Bo', fen: '123.45' },
  ]
  assert.equal(table(rows), 'name     fen\n张三    1.00\nBo    123.45\n')
  assert.equal(table([]), '(none)\n')
})
