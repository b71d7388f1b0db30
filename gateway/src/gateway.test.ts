import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Problem } from '@jinbao/core'
import type { Call } from '@jinbao/rpc'
import { HIRE, hire, openWorld, type World } from './testing.ts'

let world: World
let officer: { authorization: string }
before(async () => {
  world = await openWorld()
  officer = await world.bearer('officer')
})
after(() => world.close())

const last = () => world.seen.at(-1) as World['seen'][number]
const post = (payload: unknown, headers: Record<string, string> = {}, url = HIRE, from = world) =>
  from.app.inject({ method: 'POST', url, headers: { ...officer, ...headers }, payload: payload as object })

test('a command becomes the rpc of its route, and its receipt a position to read from', async () => {
  const answer = await post(hire)
  assert.equal(answer.statusCode, 200, answer.body)
  assert.deepEqual(answer.json(), {
    receipt: { id: 'r1', version: '1', position: 'employment:7' },
    relationId: 'r1',
    enrolBy: '2026-01-31',
  })
  assert.equal(answer.headers['jinbao-at-least'], 'employment:7')
  assert.equal(last().path, '/jinbao.employment.v1.EmploymentService/FileHire')
  assert.deepEqual(last().request, { ...hire, wageFen: 540_000n })
  assert.equal(last().call.principal.subject, 'u1')
  assert.match(last().call.commandId ?? '', /^[0-9a-f]{32}$/)
})

test('path variables, custom verbs and query parameters find their fields; the page is capped', async () => {
  await post({ on: '2026-02-01', reason: 'T02' }, {}, '/v1/employment/persons/p%201/relations/r:9:end')
  assert.deepEqual(last().request, { personId: 'p 1', relationId: 'r:9', on: '2026-02-01', reason: 'T02' })
  const url = '/v1/employment/employers/e1/staff?day=2026-03-01&page_size=5000&pageToken=t'
  const answer = await world.app.inject({ url, headers: officer })
  assert.equal(answer.json().relations[0].wageFen, '540000')
  assert.equal(answer.json().relations[0].involuntary, false)
  assert.deepEqual(last().request, { employerId: 'e1', day: '2026-03-01', pageSize: 1000, pageToken: 't' })
  assert.equal(last().call.commandId, undefined)
})

test('every wrong field is named, with its path and reason', async () => {
  const wrong = { ...hire, wageFen: 12.5, kind: 'SLAVE', main: 'yes', colour: 1, from: null }
  const answer = await post(wrong)
  assert.equal(answer.statusCode, 400)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  const { fields, ...problem } = answer.json()
  assert.deepEqual(
    fields.map((one: { field: string; reason: string }) => [one.field, one.reason]),
    [
      ['wageFen', 'WRONG_TYPE'],
      ['kind', 'UNKNOWN_VALUE'],
      ['main', 'WRONG_TYPE'],
      ['colour', 'UNKNOWN_FIELD'],
    ].sort((a, b) => Object.keys(wrong).indexOf(a[0] ?? '') - Object.keys(wrong).indexOf(b[0] ?? '')),
  )
  assert.equal(problem.type, '/problems/gateway/FIELDS_INVALID')
  assert.equal(problem.instance, HIRE)
  assert.equal(problem.traceId, answer.headers['jinbao-trace-id'])
})

test('a whole number that JSON cannot hold exactly is refused, not rounded', async () => {
  const answer = await world.app.inject({
    method: 'POST',
    url: HIRE,
    headers: { ...officer, 'content-type': 'application/json' },
    payload: '{"wageFen": 9007199254740993}',
  })
  assert.equal(answer.json().fields[0].reason, 'NUMBER_TOO_LARGE')
  assert.equal((await post({ wageFen: '9223372036854775808' })).json().fields[0].reason, 'OUT_OF_RANGE')
  assert.equal((await post({ wageFen: '9223372036854775807' })).statusCode, 200)
})

test('a field in the address cannot differ from the body', async () => {
  const url = '/v1/employment/persons/p1/relations/r1:end'
  const answer = await post({ personId: 'p2', on: '2026-02-01', reason: 'T02' }, {}, url)
  assert.deepEqual([answer.statusCode, answer.json().fields[0].reason], [400, 'FIELD_CONFLICT'])
})

test('unknown routes, methods, media types, addresses and bodies are refused as what they are', async () => {
  const status = async (input: object) => (await world.app.inject({ headers: officer, ...input })).statusCode
  assert.equal(await status({ url: '/v1/nothing' }), 404)
  const wrongMethod = await world.app.inject({ method: 'DELETE', url: HIRE, headers: officer })
  assert.deepEqual([wrongMethod.statusCode, wrongMethod.headers.allow], [405, 'POST'])
  assert.equal(await status({ method: 'OPTIONS', url: HIRE }), 405)
  const xml = { ...officer, 'content-type': 'application/xml' }
  assert.equal(await status({ method: 'POST', url: HIRE, headers: xml, payload: '<a/>' }), 415)
  assert.equal(await status({ url: `/v1/employment/persons/${'x'.repeat(9_000)}/relations` }), 414)
  assert.equal(await status({ url: '/v1/employment/persons/%E0%A4%A/relations' }), 400)
  const json = { ...officer, 'content-type': 'application/json' }
  assert.equal(await status({ method: 'POST', url: HIRE, headers: json, payload: '{"a":' }), 400)
  const big = `"${'x'.repeat(50 * 1024 * 1024)}"`
  const tooLarge = await world.app.inject({ method: 'POST', url: HIRE, headers: json, payload: big })
  assert.deepEqual([tooLarge.statusCode, tooLarge.json().reason], [413, 'BODY_TOO_LARGE'])
  assert.equal((await post(hire, {}, `${HIRE}?colour=1`)).json().fields[0].reason, 'UNKNOWN_FIELD')
})

test('the same key names the same command of its caller; the digest tells bodies apart', async () => {
  const command = async (body: object, key: string, headers = officer) => {
    await post(body, { ...headers, 'idempotency-key': key })
    return last().call
  }
  const first = await command(hire, 'k')
  const reordered = await command(Object.fromEntries(Object.entries(hire).reverse()), 'k')
  assert.deepEqual([first.commandId, first.commandDigest], [reordered.commandId, reordered.commandDigest])
  const other = await command({ ...hire, main: false }, 'k')
  assert.equal(first.commandId, other.commandId)
  assert.notEqual(first.commandDigest, other.commandDigest)
  const somebody = { authorization: `Bearer ${await world.issuer.mint({ subject: 'u2', roles: ['officer'] })}` }
  assert.notEqual(first.commandId, (await command(hire, 'k', somebody)).commandId)
})

test('validateOnly by query or header reaches the service and uses up no key', async () => {
  await post(hire, { 'idempotency-key': 'k' }, `${HIRE}?validateOnly=true`)
  assert.deepEqual([last().call.validateOnly, last().call.commandId], [true, undefined])
  await post(hire, { 'jinbao-validate-only': 'true' })
  assert.equal(last().call.validateOnly, true)
  assert.equal((await post(hire, {}, `${HIRE}?validateOnly=maybe`)).statusCode, 400)
})

test('purpose, position and deadline travel beside the request; malformed ones are refused', async () => {
  const headers = { 'jinbao-purpose': encodeURIComponent('核对待遇'), 'jinbao-at-least': 'pension:17, identity:3' }
  const before = Date.now()
  await post(hire, { ...headers, 'jinbao-timeout': '2000' })
  const { principal, atLeast, deadline } = last().call
  assert.deepEqual([principal.purpose, atLeast], ['核对待遇', 'pension:17, identity:3'])
  assert.ok(deadline - before >= 1_990 && deadline - before < 3_000)
  await post(hire, { 'grpc-timeout': '99999999H' })
  assert.ok(last().call.deadline - Date.now() <= 120_000)
  for (const bad of [
    { 'jinbao-purpose': '%E0' },
    { 'jinbao-at-least': 'x' },
    { 'jinbao-timeout': '5s' },
    { 'grpc-timeout': '5' },
  ])
    assert.equal((await post(hire, bad as Record<string, string>)).json().reason, 'MALFORMED_HEADER')
})

test('operations go to the service that is named, for operators only', async () => {
  const operator = await world.bearer('operator')
  const url = '/v1/operations/employment/positions'
  const answer = await world.app.inject({ url, headers: operator })
  assert.deepEqual(answer.json(), { head: '7', views: { relations: '7' }, reactions: {} })
  assert.equal((await world.app.inject({ url, headers: officer })).statusCode, 403)
  const elsewhere = await world.app.inject({ url: '/v1/operations/constructor/positions', headers: operator })
  assert.deepEqual([elsewhere.statusCode, elsewhere.json().reason], [404, 'SERVICE_UNKNOWN'])
  const due = await post({ day: '2026-01-01' }, operator, '/v1/operations/employment/due:run')
  assert.deepEqual(due.json(), { done: { interest: '3' }, refused: {} })
})

const refusing = (problem: unknown) =>
  openWorld({
    fileHire: async () => {
      throw problem
    },
  })

test('a refusal becomes a problem document with its law, in the language asked for', async () => {
  const no = new Problem('FAILED_PRECONDITION', 'ALREADY_HIRED', 'works there already', {
    service: 'employment',
    rule: 'EM-1',
    source: 'Labour Contract Law art. 7',
    zh: '已有劳动关系',
    values: { month: '2026-01' },
  })
  const other = await refusing(no)
  const token = await other.bearer('officer')
  const answer = await post(hire, { ...token, 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' }, HIRE, other)
  const { traceId, ...document } = answer.json()
  assert.deepEqual(document, {
    type: '/problems/employment/ALREADY_HIRED',
    title: '不予办理',
    status: 422,
    detail: '已有劳动关系',
    instance: HIRE,
    reason: 'ALREADY_HIRED',
    rule: 'EM-1',
    source: 'Labour Contract Law art. 7',
    values: { month: '2026-01' },
    detailZh: '已有劳动关系',
  })
  const english = await post(hire, { ...token, 'accept-language': 'en, zh;q=0.5' }, HIRE, other)
  assert.deepEqual([english.json().detail, english.headers['content-language']], ['works there already', 'en'])
  await other.close()
})

test('codes become their HTTP statuses; a defect shows no text', async () => {
  const cases: readonly (readonly [unknown, number])[] = [
    [new Problem('INVALID_ARGUMENT', 'IDEMPOTENCY_KEY_REUSED', ''), 422],
    [new Problem('NOT_FOUND', 'NO_SUCH_PERSON', ''), 404],
    [new Problem('PERMISSION_DENIED', 'NOT_YOURS', ''), 403],
    [new Problem('ABORTED', 'CHANGED', ''), 409],
    [new Problem('UNAVAILABLE', 'DRAINING', ''), 503],
    [new Problem('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED', ''), 504],
    [new TypeError('secret 测试'), 500],
  ]
  for (const [problem, status] of cases) {
    const other = await refusing(problem)
    const answer = await post(hire, await other.bearer('officer'), HIRE, other)
    assert.equal(answer.statusCode, status)
    assert.doesNotMatch(answer.body, /secret|测试|TypeError/)
    if (status === 503) assert.ok(answer.headers['retry-after'])
    await other.close()
  }
})

test('a service that is too slow is 504, and hears that nobody waits', async () => {
  const aborted = Promise.withResolvers<void>()
  const slow = async (_request: unknown, call: Call): Promise<never> => {
    call.signal.addEventListener('abort', () => aborted.resolve())
    await aborted.promise
    throw new Error('unreachable')
  }
  const other = await openWorld({ fileHire: slow })
  const answer = await post(hire, { ...(await other.bearer('officer')), 'jinbao-timeout': '50' }, HIRE, other)
  assert.equal(answer.statusCode, 504)
  await aborted.promise
  await other.close()
})
