// The command line against a region in a process of its own, as an operator uses both.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'
import { runCli } from './program.ts'

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-up-'))
const at = (name: string) => path.join(scratch, name)
const program = path.join(import.meta.dirname, '../main.ts')

async function start(data: string, ...more: string[]): Promise<{ process: ChildProcess; url: string; said: string }> {
  const child = spawn(process.execPath, [program, 'up', '--port', '0', '--data', data, ...more])
  let said = ''
  for await (const part of child.stdout.setEncoding('utf8')) {
    said += part
    if (said.includes('next:')) break
  }
  const url = /up at (http\S+?),/.exec(said)?.[1]
  if (!url) throw new Error(`did not start: ${said}`)
  return { process: child, url, said }
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}

async function cli(data: string, url: string, ...args: string[]) {
  const said: string[] = []
  const warned: string[] = []
  const io = { write: (text: string) => said.push(text), warn: (text: string) => warned.push(text), interactive: false }
  const code = await runCli([...args, '--data', data, '--url', url], io)
  return { code, out: said.join(''), err: warned.join('') }
}

let region: Awaited<ReturnType<typeof start>>
before(async () => {
  region = await start(at('data'), '--synthetic')
})
after(async () => {
  region.process.kill('SIGKILL')
  fs.rmSync(scratch, { recursive: true })
})

test('a region that is up is asked by verbs: due work, views rebuilt to the same digest, parked, streams', async () => {
  const due = await cli(at('data'), region.url, 'due', '2026-07-01', '--json')
  assert.equal(due.code, 0, due.err)
  assert.ok(JSON.parse(due.out).some((row: { work: string }) => row.work === 'interest'))
  const rebuilt = await cli(at('data'), region.url, 'rebuild', '--verify', '--json')
  assert.equal(rebuilt.code, 0, rebuilt.err)
  assert.ok(JSON.parse(rebuilt.out).every((row: { same: boolean }) => row.same))
  assert.equal((await cli(at('data'), region.url, 'parked', 'list')).out, '(none)\n')
  assert.equal((await cli(at('data'), region.url, 'events', 'pension', 'pension-account-none')).out, '')
})

test('a refusal is exit code 1 with its reason in two languages; a role that may not is one too', async () => {
  const unknown = await cli(at('data'), region.url, 'retire', 'apply', 'nobody')
  assert.equal(unknown.code, 1)
  assert.match(unknown.err, /^[A-Z_]+: .*\n.*\p{Script=Han}/u)
  const citizen = await cli(at('data'), region.url, 'due', '--as', 'citizen')
  assert.deepEqual([citizen.code, citizen.err.includes('OPERATOR_ONLY')], [1, true])
  assert.equal((await cli(at('data'), region.url, 'due', '--as', 'king')).code, 2)
})

test('a second process on the same data folder is refused with a clear line', async () => {
  const second = spawn(process.execPath, [program, 'up', '--port', '0', '--data', at('data')])
  let said = ''
  second.stderr.setEncoding('utf8').on('data', (part) => {
    said += part
  })
  const code = await new Promise((resolve) => second.once('exit', resolve))
  assert.equal(code, 1)
  assert.match(said, /DATA_FOLDER_IN_USE: .* is open in another process/)
})

const people = path.join(import.meta.dirname, '../../../examples/540100/persons.csv')
const PERSON = ['540199199005181204', '央金拉姆'] as const

async function shown(data: string, url: string) {
  const { personId } = JSON.parse((await cli(data, url, 'person', 'find', ...PERSON, '--json')).out)
  const { person } = JSON.parse((await cli(data, url, 'person', 'show', personId, '--json')).out)
  return person
}

test('the drill: backup of the running region, restored beside it, starts and answers the same', async () => {
  assert.equal((await cli(at('data'), region.url, 'import', 'persons', people)).code, 0)
  for (const place of ['employers', 'relations', 'opening'])
    assert.equal((await cli(at('data'), region.url, 'import', place, people.replace('persons', place))).code, 0)
  const made = await cli(at('data'), region.url, 'backup', at('copy'), '--keys', at('keys'))
  assert.equal(made.code, 0, made.err)
  assert.equal((await cli(at('data'), region.url, 'backup', at('copy'), '--keys', at('keys'))).code, 1)
  const restored = await cli(at('restored'), region.url, 'restore', at('copy'), '--keys', at('keys'))
  assert.equal(restored.code, 0, restored.err)
  assert.equal((await cli(at('restored'), region.url, 'restore', at('copy'))).code, 1)
  const second = await start(at('restored'))
  try {
    const rebuilt = await cli(at('restored'), second.url, 'rebuild', '--verify')
    assert.equal(rebuilt.code, 0, rebuilt.err)
    const person = await shown(at('restored'), second.url)
    assert.deepEqual([person.name, person], ['央金拉姆', await shown(at('data'), region.url)])
  } finally {
    assert.equal(await stop(second.process), 0)
  }
})

test('SIGTERM ends it cleanly, and it starts again on what it recorded', async () => {
  assert.equal(await stop(region.process), 0)
  const made = await cli(at('data'), region.url, 'backup', at('copy2'), '--keys', at('keys'))
  assert.equal(made.code, 0, made.err)
  region = await start(at('data'))
  assert.equal((await cli(at('data'), region.url, 'parked', 'list')).code, 0)
})
