// Gateway and employment service as the two processes that a cluster runs, over gRPC, on a SQLite store. The services that
// employment listens to are not there: the workers are on file before the service starts.
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { createServer } from 'node:net'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { devIssuer } from '@jinbao/gateway/devIssuer.ts'
import { openSqliteStore } from '@jinbao/store/sqlite.ts'
import { workersOnFile } from './workers.ts'

const folder = process.argv[2]!
const data = path.join(folder, 'employment')
const keys = path.join(folder, 'issuer')
fs.mkdirSync(keys, { recursive: true })
const store = await openSqliteStore({ file: path.join(data, 'events.db') })
await workersOnFile(store)
await store.close()
const issuer = await devIssuer({ folder: keys })
const jwks = path.join(folder, 'jwks.json')
fs.writeFileSync(jwks, JSON.stringify(issuer.jwks()))
const trust = issuer.trust()

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
const [rpcPort, webPort, nobody] = [await freePort(), await freePort(), await freePort()]

const flags = process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : []
const run = (file: string, env: Record<string, string>): ChildProcess =>
  spawn(
    process.execPath,
    [...flags, '--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.resolve(file))],
    {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, JINBAO_LOG: 'error', ...env },
    },
  )
const children = [
  run('../../services/employment/src/main.ts', {
    JINBAO_PLACE: '110000',
    JINBAO_DATA: data,
    JINBAO_LISTEN: `127.0.0.1:${rpcPort}`,
    JINBAO_PEERS: `identity=127.0.0.1:${nobody},collection=127.0.0.1:${nobody}`,
    JINBAO_ISSUER: trust.issuer,
    JINBAO_AUDIENCE: trust.audience,
    JINBAO_JWKS: jwks,
  }),
  run('../../gateway/src/main.ts', {
    JINBAO_HOST: '127.0.0.1',
    JINBAO_PORT: String(webPort),
    JINBAO_SERVICES: `employment=127.0.0.1:${rpcPort}`,
    JINBAO_DEV_ISSUER: keys,
    JINBAO_LIMIT_RATE_PER_SECOND: '0',
  }),
]
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
process.once('SIGTERM', async () => {
  for (const child of children) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  process.exit()
})

const url = `http://127.0.0.1:${webPort}`
const token = await issuer.mint({ subject: 'officer-1', roles: ['officer'] })
const until = Date.now() + 20_000
for (;;) {
  if (children.some((child) => child.exitCode !== null)) throw new Error('a process ended before it was ready')
  const ready = await fetch(`${url}/readyz`).catch(() => undefined)
  if (ready?.ok) break
  if (Date.now() > until) throw new Error('not ready after 20 seconds')
  await new Promise((resolve) => setTimeout(resolve, 50))
}
console.log(JSON.stringify({ url, token }))
