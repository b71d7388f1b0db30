import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-faults-'))
const filled = path.join(folder, 'filled')
after(() => fs.rmSync(folder, { recursive: true, force: true }))

interface Ended {
  /** What it printed after `books `; undefined when it was killed before. */
  readonly books: string | undefined
  readonly ms: number
  readonly code: number | null
}

/** Runs the child; with `killAfterMs`, SIGKILL so long after it was ready. */
async function child(data: string, what: string, killAfterMs?: number): Promise<Ended> {
  const file = path.join(import.meta.dirname, 'monthly.child.ts')
  const running = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, data, what], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, JINBAO_LOG: 'fatal' },
  })
  let output = ''
  let began = 0
  running.stdout.on('data', (chunk: Buffer) => {
    output += chunk
    if (began === 0 && output.startsWith('ready')) {
      began = performance.now()
      if (killAfterMs !== undefined) setTimeout(() => running.kill('SIGKILL'), killAfterMs)
    }
  })
  const code = await new Promise<number | null>((resolve) => running.once('close', resolve))
  return { books: /^books (.*)$/m.exec(output)?.[1], ms: performance.now() - began, code }
}

const copy = (name: string) => {
  const to = path.join(folder, name)
  fs.cpSync(filled, to, { recursive: true })
  return to
}

let undisturbed: Ended
before(async () => {
  assert.equal((await child(filled, 'fill')).code, 0)
  undisturbed = await child(copy('undisturbed'), 'run')
  assert.ok(undisturbed.books)
})

test('C-10 kill -9 at 20 moments of the monthly run, started again each time: the books are those of the undisturbed run', async () => {
  for (let round = 0; round < 20; round++) {
    const data = copy(`round-${round}`)
    // Spread over the whole run; every third round is killed a second time on its way.
    await child(data, 'run', ((round + Math.random()) / 20) * undisturbed.ms)
    if (round % 3 === 0) await child(data, 'run', Math.random() * undisturbed.ms)
    const after = await child(data, 'run')
    assert.equal(after.books, undisturbed.books, `killed in round ${round}`)
    fs.rmSync(data, { recursive: true, force: true })
  }
})

test('views and cached states deleted or damaged between runs are made anew, with the same books', async () => {
  const data = copy('damaged')
  await child(data, 'run', undisturbed.ms * 0.7)
  for (const service of ['collection', 'pension', 'employment']) {
    fs.rmSync(path.join(data, service, 'views.db'), { force: true })
    for (const ending of ['-wal', '-shm']) fs.rmSync(path.join(data, service, `views.db${ending}`), { force: true })
    fs.writeFileSync(path.join(data, service, 'states.db'), 'no database at all '.repeat(1_000))
  }
  assert.equal((await child(data, 'run')).books, undisturbed.books)
})

test('a run that has ended, run again with the same keys, changes nothing', async () => {
  const data = copy('twice')
  const first = await child(data, 'run')
  const again = await child(data, 'run')
  assert.equal(again.books, first.books)
})
