// HTTP command -> decided -> durable, 64 clients, against a bare Fastify echo of the same body, each in a process of its
// own and the load in a third; then the same with gateway and service as two processes over gRPC.
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { median, type Row } from './measure.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const CLIENTS = 64
const SECONDS = 4
const ROUNDS = 3

export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
}

interface Server {
  readonly child: ChildProcess
  /** What it printed when ready: the address, and a token where one is needed. */
  readonly ready: { readonly url: string; readonly token?: string; readonly rssMb?: number; readonly startMs?: number }
}

/** Starts a program of this folder and waits for its line of JSON. */
export async function start(file: string, args: string[] = [], env: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', here(file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, JINBAO_LOG: 'error', ...env },
  })
  for await (const line of createInterface({ input: child.stdout! })) {
    if (line.startsWith('{')) return { child, ready: JSON.parse(line) as Server['ready'] }
  }
  throw new Error(`${file} ended before it was ready`)
}

export async function stop({ child }: Server): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

async function load(url: string, token: string | undefined): Promise<Load> {
  const child = spawn(process.execPath, [here('load.ts'), url, token ?? '', String(CLIENTS), String(SECONDS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout) text += chunk
  return JSON.parse(text) as Load
}

async function compare(ours: Server, theirs: Server): Promise<{ ours: Load; theirs: Load; ratio: number }> {
  const pairs: [Load, Load][] = []
  for (let round = 0; round < ROUNDS; round++)
    pairs.push([await load(ours.ready.url, ours.ready.token), await load(theirs.ready.url, undefined)])
  const middle = (list: Load[]): Load => ({
    perSecond: median(list.map((one) => one.perSecond)),
    p50: median(list.map((one) => one.p50)),
    p99: median(list.map((one) => one.p99)),
    errors: list.reduce((sum, one) => sum + one.errors, 0),
  })
  return {
    ours: middle(pairs.map(([a]) => a)),
    theirs: middle(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a.perSecond / b.perSecond)),
  }
}

function row(
  what: string,
  beside: string,
  result: Awaited<ReturnType<typeof compare>>,
  goal: { perSecond: number; ratio: number },
): Row {
  const { ours, theirs, ratio } = result
  const failed = ours.errors > 0 ? `, ${ours.errors} ERRORS` : ''
  return {
    what,
    ours: `${Math.round(ours.perSecond).toLocaleString('en')}/s, p50 ${ours.p50} ms, p99 ${ours.p99} ms${failed}`,
    beside: `${beside}: ${Math.round(theirs.perSecond).toLocaleString('en')}/s, p99 ${theirs.p99} ms`,
    result: `${ratio.toFixed(2)} ×`,
    goal: `≥ ${goal.perSecond.toLocaleString('en')}/s and ≥ ${goal.ratio} ×`,
    met: ours.perSecond >= goal.perSecond && ratio >= goal.ratio && ours.errors === 0,
  }
}

export async function httpBench(): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-bench-'))
  const rows: Row[] = []
  const echo = await start('echo.ts')
  const embedded = await start('commands.ts', [path.join(folder, 'embedded')])
  rows.push(
    row(
      'HTTP command → decided → durable, 64 clients, one process',
      'bare Fastify POST echo',
      await compare(embedded, echo),
      { perSecond: 6_000, ratio: 0.3 },
    ),
  )
  await stop(embedded)
  await stop(echo)

  const grpcEcho = await start('echoGrpc.ts')
  const split = await start('commandsGrpc.ts', [path.join(folder, 'split')])
  rows.push(
    row(
      'the same, gateway and service as two processes over gRPC',
      'bare Fastify → grpc-js echo',
      await compare(split, grpcEcho),
      { perSecond: 2_000, ratio: 0.6 },
    ),
  )
  await stop(split)
  await stop(grpcEcho)
  fs.rmSync(folder, { recursive: true, force: true })
  return rows
}
