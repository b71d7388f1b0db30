// The gateway as a process of its own, in front of a service over a real gRPC hop.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { EmploymentServiceService } from '@jinbao/proto/employment/v1/employment.ts'
import { served } from '@jinbao/rpc'
import { serveRpc } from '@jinbao/rpc/server.ts'
import { tokenVerifier } from '@jinbao/rpc/tokens.ts'
import { devIssuer } from './devIssuer.ts'
import { employment, HIRE, hire } from './testing.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('JINBAO_')))

test('starts by environment, serves over gRPC, knows who is ready, ends on SIGTERM', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-gateway-main-'))
  const issuer = await devIssuer({ folder })
  const verify = tokenVerifier({ issuers: [issuer.trust()] })
  const service = await serveRpc({
    address: '127.0.0.1:0',
    services: [served(EmploymentServiceService, employment)],
    authenticate: async (token) => verify(token),
  })
  const settings = { JINBAO_SERVICES: `employment=${service.address}`, JINBAO_DEV_ISSUER: folder }
  const env = { ...clean, ...settings, JINBAO_PORT: '0', JINBAO_HOST: '127.0.0.1' }
  const gateway = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(gateway, 'exit')
  try {
    let address = ''
    for await (const line of createInterface({ input: gateway.stdout })) {
      address = /^gateway at (\S+)$/.exec(line)?.[1] ?? ''
      if (address) break
    }
    const token = await issuer.mint({ subject: 'u1', roles: ['officer'] })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(address + HIRE, { method: 'POST', headers, body: JSON.stringify(hire) })
    assert.equal(answer.status, 200)
    assert.equal(((await answer.json()) as { relationId: string }).relationId, 'r1')
    const ready = async () => (await fetch(`${address}/readyz`)).status
    service.setServing(true)
    assert.equal(await ready(), 200)
    service.setServing(false)
    assert.equal(await ready(), 503)
  } finally {
    gateway.kill('SIGTERM')
    const [code] = await ended
    await service.drain(0)
    fs.rmSync(folder, { recursive: true })
    assert.equal(code, 0)
  }
})

test('an unknown variable stops the start with a clear line', () => {
  const env = { ...clean, JINBAO_SERVICES: 'a=b:1', JINBAO_DEV_ISSUER: 'x', JINBAO_SERVICE: 'typo' }
  assert.throws(
    () => execFileSync(process.execPath, [main], { env, stdio: 'pipe' }),
    (error: { status?: number; stderr?: Buffer }) =>
      error.status === 2 && String(error.stderr).startsWith('JINBAO_SERVICE is no setting of the gateway\n'),
  )
})
