// The same month as in month.test.ts, with the gateway and every service as a process of its own over gRPC: on SQLite,
// and on PostgreSQL where its server is installed; and a service that is killed comes back to where it was.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, describe, test } from 'node:test'
import { devIssuer } from '@jinbao/gateway/devIssuer.ts'
import { creditCode, identityNumber } from '@jinbao/region/seed/identifiers.ts'
import { freePort, postgresBin, privatePostgres } from '@jinbao/store/postgres.testing.ts'
import { type Caller, caller } from './world.ts'

const root = path.resolve(import.meta.dirname, '..')
const services = ['identity', 'employment', 'collection', 'pension'] as const
type Name = (typeof services)[number] | 'gateway'

interface Mesh {
  readonly url: string
  readonly officer: Caller
  kill(name: Name): Promise<void>
  start(name: Name): Promise<void>
  close(): Promise<void>
}

async function mesh(store: string): Promise<Mesh> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-mesh-'))
  const issuer = await devIssuer({ folder })
  const jwks = path.join(folder, 'jwks.json')
  fs.writeFileSync(jwks, JSON.stringify(issuer.jwks()))
  const ports = new Map<Name, number>()
  for (const name of [...services, 'gateway'] as const) ports.set(name, await freePort())
  const addresses = services.map((name) => `${name}=127.0.0.1:${ports.get(name)}`).join(',')
  const running = new Map<Name, ChildProcess>()

  const environment = async (name: Name): Promise<Record<string, string>> => {
    if (name === 'gateway')
      return {
        JINBAO_HOST: '127.0.0.1',
        JINBAO_PORT: String(ports.get(name)),
        JINBAO_SERVICES: addresses,
        JINBAO_OIDC_ISSUER: issuer.issuer,
        JINBAO_OIDC_JWKS: jwks,
      }
    const token = path.join(folder, `${name}.token`)
    fs.writeFileSync(token, await issuer.mint({ subject: `service:${name}`, roles: ['service'] }))
    return {
      JINBAO_PLACE: '310000',
      JINBAO_DATA: path.join(folder, name),
      JINBAO_LISTEN: `127.0.0.1:${ports.get(name)}`,
      JINBAO_PEERS: addresses,
      JINBAO_STORE: store,
      JINBAO_JWKS: jwks,
      JINBAO_TOKEN_FILE: token,
      ...(name === 'identity' ? { JINBAO_ALLOW_SYNTHETIC_IDS: 'true' } : {}),
    }
  }
  const start = async (name: Name) => {
    const file = path.join(root, name === 'gateway' ? 'gateway/src/main.ts' : `services/${name}/src/main.ts`)
    const env = { PATH: process.env.PATH ?? '', JINBAO_LOG: 'error', ...(await environment(name)) }
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk
    })
    child.once('exit', (code) => {
      if (code !== 0 && code !== null) process.stderr.write(`${name} ended with ${code}: ${said.slice(-2_000)}\n`)
    })
    running.set(name, child)
    await until(async () => name !== 'gateway' || (await fetch(`${url}/healthz`)).ok)
  }
  const url = `http://127.0.0.1:${ports.get('gateway')}`
  const end = async (name: Name, signal: NodeJS.Signals) => {
    const child = running.get(name)
    if (!child || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
  for (const name of services) await start(name)
  await start('gateway')
  await until(async () => (await fetch(`${url}/readyz`)).ok)
  return {
    url,
    officer: caller(url, await issuer.mint({ subject: 'officer-1', roles: ['officer'] })),
    kill: (name) => end(name, 'SIGKILL'),
    start,
    async close() {
      for (const name of ['gateway', ...services] as const) await end(name, 'SIGTERM')
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Tries until it is true; twenty seconds are enough for any of it. */
async function until(what: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  for (;;) {
    if (await what().catch(() => false)) return
    if (Date.now() > end) throw new Error(`not so within twenty seconds: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function month(world: Mesh): Promise<void> {
  const { officer } = world
  const code = {
    creditCode: creditCode('310199', 77),
    name: '测试单位',
    place: '310000',
    industry: 'I65',
    riskClass: 1,
    contributesFrom: '2010-01-01',
  }
  const { employerId } = await officer.do('/v1/identity/employers', code)
  const { personId } = await officer.do('/v1/identity/persons', {
    number: identityNumber('310199', '1990-05-20', 101),
    name: '王小明',
  })
  const hire = { personId, employerId, from: '2024-01-01', kind: 'OPEN_ENDED', main: true, wageFen: '1800050' }
  await until(async () => (await officer.post('/v1/employment/relations', hire)).status === 200)
  const declarations = `/v1/collection/employers/${employerId}/declarations`
  await until(async () => (await officer.post(declarations, { month: '2025-07', empty: true })).status === 200)
  await officer.do(`${declarations}/2025-07/chunks/1:changeLines`, {
    lines: [{ personId, wageFen: '1800050', months: 1 }],
    replace: true,
  })
  await until(
    async () => (await officer.post(`${declarations}/2025-07:submit?validateOnly=true`)).body.faults?.length === 0,
  )
  const { declaration } = await officer.do(`${declarations}/2025-07:submit`)
  assert.equal(declaration.employerFen, '461893')
  assert.equal(declaration.employeeFen, '189005')

  // The one who credits is killed before the money comes, and comes back afterwards.
  await world.kill('pension')
  const due = { employerId, amountFen: '650898', receivedOn: '2025-07-20', reference: 'T1' }
  await until(async () => (await officer.post('/v1/collection/receipts', due)).status === 200)
  assert.equal((await officer.get(`/v1/pension/accounts/${personId}`)).status, 503)
  await world.start('pension')
  await until(async () => (await officer.get(`/v1/pension/accounts/${personId}`)).body.balanceFen !== undefined)
  const account = await officer.see(`/v1/pension/accounts/${personId}`)
  assert.equal(account.balanceFen, '144004')
  assert.equal(account.months, '2025-07')
}

describe('gateway and services as processes', () => {
  const closing: (() => Promise<void>)[] = []
  after(async () => {
    for (const close of closing.reverse()) await close()
  })

  test('E1 C-10 a month on SQLite, pension killed and started again in the middle', async () => {
    const world = await mesh('sqlite')
    closing.push(() => world.close())
    await month(world)
  })

  test('E1 C-10 the same on PostgreSQL', async () => {
    const bin = postgresBin()
    assert.ok(bin, 'PostgreSQL is not installed: apt-get install postgresql')
    const server = await privatePostgres(bin)
    closing.push(() => server.stop())
    const world = await mesh(server.url)
    closing.push(() => world.close())
    await month(world)
  })
})
