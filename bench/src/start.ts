// Start to ready of a whole region as `npm start` brings it up, on an empty folder, and what it holds when idle.
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { median, type Row } from './measure.ts'

const program = fileURLToPath(import.meta.resolve('@jinbao/region/main.ts'))
const ROUNDS = 5
const IDLE_MS = 3_000

async function once(): Promise<{ ms: number; mb: number }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-bench-'))
  const started = performance.now()
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, '--data', folder, 'up', '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, JINBAO_LOG: 'error' } },
  )
  const gone = new Promise((resolve) => child.once('exit', resolve))
  try {
    const url = await addressOf(child.stdout)
    const answer = await fetch(`${url}/readyz`)
    if (!answer.ok) throw new Error(`not ready: ${await answer.text()}`)
    const ms = performance.now() - started
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
    const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return { ms, mb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024 }
  } finally {
    child.kill('SIGTERM')
    await gone
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const found = /is up at (\S+?),/.exec(line)
    if (found) return found[1]!
  }
  throw new Error('the region ended before it was up')
}

export async function startBench(): Promise<Row[]> {
  const rounds: { ms: number; mb: number }[] = []
  for (let n = 0; n < ROUNDS; n++) rounds.push(await once())
  const [ms, mb] = [median(rounds.map((one) => one.ms)), median(rounds.map((one) => one.mb))]
  return [
    {
      what: 'start to ready, whole region; memory three seconds later',
      ours: `${(ms / 1_000).toFixed(2)} s, ${Math.round(mb)} MB`,
      beside: '–',
      result: '–',
      goal: '< 3 s; < 250 MB',
      met: ms < 3_000 && mb < 250,
    },
  ]
}
