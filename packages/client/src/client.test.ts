import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Problem } from '@jinbao/core'
import { openWorld, type World } from '@jinbao/gateway/testing.ts'
import { ApiProblem, connect, Unreachable } from './index.ts'

const refusal = new Problem('FAILED_PRECONDITION', 'BAD_DAY', 'that is no day', {
  service: 'employment',
  rule: 'T-1',
  zh: '日期无效',
})
const listStaff = async ({ pageToken }: { pageToken: string }) => ({
  relations: [],
  nextPageToken: pageToken === '' ? 'second' : '',
})
const fileTermination = async () => {
  throw refusal
}
const importHires = {
  kind: 'hires',
  rpc: '/jinbao.employment.v1.EmploymentService/FileHire',
  columns: [{ column: 'person', field: 'personId', type: 'text', required: true }],
} as const

let world: World
let url: string
let token: string
before(async () => {
  world = await openWorld({ listStaff, fileTermination }, { imports: [importHires] })
  url = await world.gateway.listen({ port: 0 })
  token = await world.issuer.mint({ subject: 'client', roles: ['officer'] })
})
after(() => world.close())

const hire = { personId: 'p1', employerId: 'e1', from: '2026-01-01', kind: 'FIXED_TERM', wageFen: '1' } as const

test('a command has a key, its position is asked for afterwards', async () => {
  const jinbao = connect({ url, token, purpose: '入职' })
  world.seen.length = 0
  const answer = await jinbao.call('employment.FileHire', hire)
  assert.equal(answer.relationId, 'r1')
  await jinbao.call('employment.ListRelations', { personId: 'p 1/2' })
  const [command, question] = world.seen
  assert.ok(command?.call.commandId)
  assert.equal(question?.call.atLeast, 'employment:7')
  assert.equal(question?.call.principal.purpose, '入职')
  assert.deepEqual(question?.request, { personId: 'p 1/2' })
})

test('the same key is the same command; a dry run has none', async () => {
  const jinbao = connect({ url, token })
  world.seen.length = 0
  await jinbao.call('employment.FileHire', hire, { key: 'k' })
  await jinbao.call('employment.FileHire', hire, { key: 'k' })
  await jinbao.call('employment.FileHire', hire, { validateOnly: true })
  const [first, second, dry] = world.seen
  assert.equal(first?.call.commandId, second?.call.commandId)
  assert.deepEqual([dry?.call.validateOnly, dry?.call.commandId], [true, undefined])
})

test('a refusal carries reason, rule and both languages', async () => {
  const jinbao = connect({ url, token })
  const asked = jinbao.call('employment.FileTermination', { personId: 'p', relationId: 'r', on: 'x', reason: 'T01' })
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof ApiProblem)
    assert.deepEqual([error.reason, error.status, error.document.rule], ['BAD_DAY', 422, 'T-1'])
    assert.equal(error.document.detailZh, '日期无效')
    return true
  })
})

test('pages end with the last; a file is answered by its report, also when nothing was done', async () => {
  const jinbao = connect({ url, token })
  let pages = 0
  for await (const page of jinbao.pages('employment.ListStaff', { employerId: 'e1' }))
    pages += page.relations.length + 1
  assert.equal(pages, 2)
  const good = await jinbao.upload('hires', Buffer.from('person\np1\np2\n'), { fields: { employerId: 'e1' } })
  assert.deepEqual([good.rows, good.done], [2, 2])
  const bad = await jinbao.upload('hires', Buffer.from('person,colour\np1,red\n'))
  assert.deepEqual([bad.done, bad.errors[0]?.reason], [0, 'COLUMN_UNKNOWN'])
})

/** Answers with the statuses given, one after the other; hangs up on 0. */
async function flaky(...statuses: number[]): Promise<{ server: Server; url: string; keys: unknown[] }> {
  const keys: unknown[] = []
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key'])
    const status = statuses.shift()
    if (!status) return request.socket.destroy()
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(status === 200 ? '{"relationId":"r"}' : '<p>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys }
}

test('a lost answer and a busy gateway are tried again with the same key', async () => {
  const one = await flaky(503, 0, 200)
  const answer = await connect({ url: one.url, token: async () => token }).call('employment.FileHire', hire)
  assert.equal(answer.relationId, 'r')
  assert.deepEqual([one.keys.length, new Set(one.keys).size], [3, 1])
  one.server.close()
})

test('an answer that is no region’s is said to be one; silence is Unreachable', async () => {
  const proxy = await flaky(404)
  const call = (to: string, attempts: number) => connect({ url: to, token, attempts }).call('employment.FileHire', hire)
  await assert.rejects(call(proxy.url, 5), { reason: 'NOT_A_REGION', status: 404 })
  await new Promise((resolve) => proxy.server.close(resolve))
  await assert.rejects(call(proxy.url, 2), Unreachable)
})

test('a field of the path must be there, a key must fit into a header', async () => {
  await assert.rejects(connect({ url, token }).call('employment.ListRelations', { personId: '' }), TypeError)
  await assert.rejects(connect({ url, token }).call('employment.FileHire', hire, { key: '键' }), TypeError)
})

test('the README’s example runs as it stands', async () => {
  const readme = fs.readFileSync(path.join(import.meta.dirname, '../README.md'), 'utf8')
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  const here = pathToFileURL(path.join(import.meta.dirname, 'index.ts')).href
  const printed: unknown[][] = []
  const given = { url, token, console: { log: (...words: unknown[]) => printed.push(words) } }
  Object.assign(globalThis, { readmeExample: given })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-readme-'))
  const program = path.join(folder, 'example.ts')
  const heading = 'const { url, token, console } = globalThis.readmeExample\n'
  fs.writeFileSync(program, heading + code.replace("'@jinbao/client'", `'${here}'`))
  await import(pathToFileURL(program).href)
  fs.rmSync(folder, { recursive: true })
  assert.deepEqual(printed, [['relation r1, enrol by 2026-01-31'], ['BAD_DAY', 'T-1', '日期无效']])
})
