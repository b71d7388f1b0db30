import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { test } from 'node:test'
import * as grpc from '@grpc/grpc-js'
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader'
import { Problem } from '@jinbao/core'
import { clientOf, grpcTransport } from './client.ts'
import { rpcContract } from './contract.ts'
import { served } from './dispatch.ts'
import { serveRpc } from './server.ts'
import { authenticate, callOf, EchoService, message, type Open, refused, withEcho } from './testing.ts'

const open: Open = async (options) => {
  const server = await serveRpc({ ...options, address: '127.0.0.1:0' })
  server.setServing(true)
  const transport = grpcTransport({ address: server.address })
  const close = async () => {
    await transport.close()
    await server.drain(0)
  }
  return { transport, drain: () => server.drain(2_000), close }
}

rpcContract('gRPC', open)

const echo = served(EchoService, { getEcho: async (request) => request, sayEcho: async (request) => request })

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

test('gRPC: a question waits for a service that is restarting; a command without id is not sent twice', async () => {
  const address = `127.0.0.1:${await freePort()}`
  const transport = grpcTransport({ address, attempts: 8, backoffMs: 20 })
  const client = clientOf(EchoService, transport)
  await assert.rejects(client.sayEcho(message('once'), callOf()), (error) => {
    refused('UNAVAILABLE', 'UNAVAILABLE')(error)
    assert.doesNotMatch((error as Problem).message, /127\.0\.0\.1|ECONN/)
    return true
  })
  const question = client.getEcho(message('still there?'), callOf())
  const command = client.sayEcho(message('once'), callOf({ commandId: 'c1' }))
  const server = await serveRpc({ services: [echo], authenticate, address })
  assert.equal((await question).message, 'still there?')
  assert.equal((await command).message, 'once')
  await transport.close()
  await server.drain(0)
})

test('gRPC: retries count and stop', async () => {
  let tries = 0
  const away = async () => {
    tries += 1
    throw new Problem('UNAVAILABLE', 'STARTING', 'starting', { retryAfterMs: 5 })
  }
  const server = await serveRpc({
    services: [served(EchoService, { getEcho: away, sayEcho: away })],
    authenticate,
    address: '127.0.0.1:0',
  })
  const transport = grpcTransport({ address: server.address, attempts: 3 })
  const client = clientOf(EchoService, transport)
  await assert.rejects(client.getEcho(message(''), callOf()), refused('UNAVAILABLE', 'STARTING'))
  assert.equal(tries, 3)
  await assert.rejects(client.sayEcho(message(''), callOf()), refused('UNAVAILABLE', 'STARTING'))
  assert.equal(tries, 4)
  await transport.close()
  await server.drain(0)
})

test('gRPC: many wrong fields still fit the trailer', async () => {
  const fields = Array.from({ length: 1_000 }, (_, i) => ({
    field: `lines[${i}].wageFen`,
    reason: 'BAD',
    message: '错',
  }))
  const handler = async () => {
    throw new Problem('INVALID_ARGUMENT', 'BAD_ROWS', '一千行有误', { fields, zh: '一千行有误' })
  }
  await withEcho(open, handler, async (transport) => {
    const call = clientOf(EchoService, transport).getEcho(message(''), callOf())
    await assert.rejects(call, refused('INVALID_ARGUMENT', 'BAD_ROWS'))
  })
})

test('gRPC: a call without a deadline gets the default one', async () => {
  let deadline = 0
  const getEcho = async (request: ReturnType<typeof message>, call: { deadline: number }) => {
    deadline = call.deadline
    return request
  }
  const server = await serveRpc({
    services: [served(EchoService, { getEcho, sayEcho: getEcho })],
    authenticate,
    address: '127.0.0.1:0',
    limits: { defaultDeadlineMs: 3_000 },
  })
  const transport = grpcTransport({ address: server.address })
  await clientOf(EchoService, transport).getEcho(message(''), callOf({ deadline: Number.POSITIVE_INFINITY }))
  assert.ok(Math.abs(deadline - Date.now() - 3_000) < 300)
  await transport.close()
  await server.drain(0)
})

test('gRPC: grpc.health.v1 tells whether it serves', async () => {
  const server = await serveRpc({ services: [echo], authenticate, address: '127.0.0.1:0' })
  const client = new grpc.Client(server.address, grpc.credentials.createInsecure())
  const identity = (bytes: Buffer) => bytes
  const check = (service: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)])
      client.makeUnaryRequest('/grpc.health.v1.Health/Check', identity, identity, request, (error, response) =>
        error ? reject(error) : resolve(response?.[1]),
      )
    })
  assert.equal(await check('jinbao.test.v1.EchoService'), 2)
  server.setServing(true)
  assert.equal(await check('jinbao.test.v1.EchoService'), 1)
  assert.equal(await check(''), 1)
  client.close()
  await server.drain(0)
})

test('gRPC: somebody who watches the health does not hold up the drain, and is told', async () => {
  const server = await serveRpc({ services: [echo], authenticate, address: '127.0.0.1:0' })
  server.setServing(true)
  const client = new grpc.Client(server.address, grpc.credentials.createInsecure())
  const identity = (bytes: Buffer) => bytes
  const seen: (number | undefined)[] = []
  const watch = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', identity, identity, Buffer.alloc(0))
  watch.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    watch.on('data', (bytes: Buffer) => {
      seen.push(bytes[1])
      resolve()
    })
  })
  const started = Date.now()
  await server.drain(20_000)
  assert.ok(Date.now() - started < 2_000)
  assert.deepEqual(seen, [1, 2])
  client.close()
})

test('gRPC: reflection lists the served protos', async () => {
  const image = path.resolve(import.meta.dirname, '../../../proto/gen/image.binpb')
  assert.ok(Object.keys(loadFileDescriptorSetFromBuffer(fs.readFileSync(image))).length > 0)
  const server = await serveRpc({ services: [echo], authenticate, address: '127.0.0.1:0', reflectionImage: image })
  const client = new grpc.Client(server.address, grpc.credentials.createInsecure())
  const identity = (bytes: Buffer) => bytes
  const stream = client.makeBidiStreamRequest(
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    identity,
    identity,
  )
  stream.write(Buffer.from([0x3a, 0x01, 0x2a])) // list_services: "*"
  const answer = await new Promise<Buffer>((resolve, reject) => stream.once('data', resolve).once('error', reject))
  assert.match(answer.toString('latin1'), /jinbao\./)
  stream.end()
  client.close()
  await server.drain(0)
})

test('gRPC: mTLS lets in who holds a certificate of the authority, and nobody else', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-tls-'))
  const at = (name: string) => path.join(dir, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority')
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', 'leaf.key', '-out', 'leaf.pem']
  openssl('req', '-x509', ...key, ...signed, ...subject, '-addext', 'basicConstraints=CA:FALSE')
  const leaf = { key: at('leaf.key'), cert: at('leaf.pem'), ca: at('ca.pem') }
  const server = await serveRpc({ services: [echo], authenticate, address: '127.0.0.1:0', tls: leaf })
  const serverName = 'localhost'
  const known = grpcTransport({ address: server.address, tls: { ...leaf, serverName } })
  const stranger = grpcTransport({ address: server.address, tls: { ca: leaf.ca, serverName }, attempts: 1 })
  t.after(async () => {
    await Promise.all([known.close(), stranger.close()])
    await server.drain(0)
    fs.rmSync(dir, { recursive: true })
  })
  assert.equal((await clientOf(EchoService, known).getEcho(message('mtls'), callOf())).message, 'mtls')
  const call = clientOf(EchoService, stranger).getEcho(message('mtls'), callOf())
  await assert.rejects(call, refused('UNAVAILABLE', 'UNAVAILABLE'))
})
