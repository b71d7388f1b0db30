// HTTP command -> decided -> durable, 64 clients, against a bare Fastify echo of the same body, each in a process of its
// own and the load in a third; then the same with gateway and service as two processes over gRPC.
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { median, type Row } from './measure.ts'
import { outcome, type Server, start, stop } from './processes.ts'

const CLIENTS = 64
const SECONDS = 4
const ROUNDS = 3

interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
}

const load = ({ ready }: Server): Promise<Load> =>
  outcome('load.ts', [ready.url, ready.token ?? '', String(CLIENTS), String(SECONDS)])

async function compare(ours: Server, theirs: Server): Promise<{ ours: Load; theirs: Load; ratio: number }> {
  const pairs: [Load, Load][] = []
  await load(ours)
  await load(theirs)
  for (let round = 0; round < ROUNDS; round++) pairs.push([await load(ours), await load(theirs)])
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

interface Bench {
  readonly what: string
  readonly ours: string
  readonly beside: string
  readonly theirs: string
  readonly goal: { readonly perSecond: number; readonly ratio: number }
}

async function measured(bench: Bench): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-bench-'))
  const mine = await start(bench.ours, [folder])
  const other = await start(bench.theirs)
  const { ours, theirs, ratio } = await compare(mine, other)
  await stop(mine)
  await stop(other)
  fs.rmSync(folder, { recursive: true, force: true })
  const { goal } = bench
  const failed = ours.errors + theirs.errors > 0 ? `, ${ours.errors} + ${theirs.errors} ERRORS` : ''
  const each = (one: Load) =>
    `${Math.round(one.perSecond).toLocaleString('en')}/s, p50 ${one.p50} ms, p99 ${one.p99} ms`
  return [
    {
      what: bench.what,
      ours: each(ours) + failed,
      beside: `${bench.beside}: ${each(theirs)}`,
      result: `${ratio.toFixed(2)} ×`,
      goal: `≥ ${goal.perSecond.toLocaleString('en')}/s and ≥ ${goal.ratio} ×`,
      met: ours.perSecond >= goal.perSecond && ratio >= goal.ratio && failed === '',
    },
  ]
}

export const httpBench = () =>
  measured({
    what: 'HTTP command → decided → durable, 64 clients, one process',
    ours: 'commands.ts',
    beside: 'bare Fastify POST echo',
    theirs: 'echo.ts',
    goal: { perSecond: 6_000, ratio: 0.3 },
  })

export const grpcBench = () =>
  measured({
    what: 'the same, gateway and service as two processes over gRPC',
    ours: 'commandsGrpc.ts',
    beside: 'bare Fastify → grpc-js echo, two processes',
    theirs: 'echoGrpc.ts',
    goal: { perSecond: 2_000, ratio: 0.6 },
  })
