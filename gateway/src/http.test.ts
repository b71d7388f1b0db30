// What is not about one rpc: tokens, limits, traces, pages, configuration, and whatever JSON may come.
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { after, before, test } from 'node:test'
import { tokenVerifier } from '@jinbao/rpc/tokens.ts'
import type { SpanStore, SpanTree } from '@jinbao/telemetry'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { readConfig } from './config.ts'
import { devIssuer } from './devIssuer.ts'
import { HIRE, hire, openWorld, type World } from './testing.ts'
import { validTraceparent } from './traceContext.ts'

let world: World
let officer: { authorization: string }
before(async () => {
  world = await openWorld()
  officer = await world.bearer('officer')
})
after(() => world.close())

const post = (from: World, headers: Record<string, string>, payload: object = hire) =>
  from.app.inject({ method: 'POST', url: HIRE, headers, payload })

test('no token, a forged, foreign or unsigned one is 401 with a challenge; an expired one too', async () => {
  const bare = await post(world, {})
  assert.deepEqual([bare.statusCode, bare.json().reason], [401, 'TOKEN_MISSING'])
  assert.equal(bare.headers['www-authenticate'], 'Bearer realm="jinbao"')
  const good = officer.authorization.slice(7)
  const { privateKey } = await generateKeyPair('ES256')
  const claims = (issuer: string, audience: string) =>
    new SignJWT({ roles: ['officer'] })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('u')
      .setExpirationTime('1h')
      .sign(privateKey)
  const [header, body] = good.split('.')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const cases: readonly (readonly [string, string])[] = [
    [`${good.slice(0, -6)}AAAAAA`, 'TOKEN_INVALID'],
    [`${header}.${Buffer.from('{}').toString('base64url')}.x`, 'TOKEN_ISSUER_UNKNOWN'],
    [`${none}.${body}.`, 'TOKEN_INVALID'],
    ['gibberish', 'TOKEN_INVALID'],
    [await claims('https://elsewhere.example', 'jinbao'), 'TOKEN_ISSUER_UNKNOWN'],
    [await claims(world.issuer.issuer, 'jinbao'), 'TOKEN_INVALID'],
    [await world.issuer.mint({ subject: 'u', roles: [], ttlSeconds: -60 }), 'TOKEN_EXPIRED'],
  ]
  for (const [token, reason] of cases) {
    const answer = await post(world, { authorization: `Bearer ${token}` })
    assert.deepEqual([answer.statusCode, answer.json().reason], [401, reason])
    assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/)
  }
})

test('a remembered token stops at its expiry; keys rotate without turning anybody away', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-issuer-'))
  let now = Date.now()
  const clock = () => now
  const issuer = await devIssuer({ folder, clock })
  const verify = tokenVerifier({ issuers: [issuer.trust()], clock })
  const old = await issuer.mint({ subject: 'u1', roles: ['citizen'], person: 'p1', ttlSeconds: 600 })
  const principal = await verify(old)
  assert.deepEqual(principal, { subject: 'u1', roles: ['citizen'], person: 'p1' })
  assert.equal(verify(old), principal)
  await issuer.rotate()
  assert.equal((await tokenVerifier({ issuers: [issuer.trust()], clock })(old)).subject, 'u1')
  assert.equal((await verify(await issuer.mint({ subject: 'u2', roles: [] }))).subject, 'u2')
  now += 606_000
  await assert.rejects(async () => verify(old), { reason: 'TOKEN_EXPIRED' })
  const again = await devIssuer({ folder, clock })
  assert.deepEqual(again.jwks(), issuer.jwks())
  assert.ok(again.jwks().keys.every((key) => key.d === undefined))
  assert.equal(fs.statSync(path.join(folder, 'development-issuer.json')).mode & 0o077, 0)
  fs.rmSync(folder, { recursive: true })
})

test('any OIDC issuer: keys from a file, roles from a nested claim, roles of other systems left out', async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jinbao-jwks-'))
  const jwks = path.join(folder, 'jwks.json')
  fs.writeFileSync(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] }))
  const issuer = 'https://id.example'
  const verify = tokenVerifier({ issuers: [{ issuer, audience: 'jinbao', jwks, rolesClaim: 'realm_access.roles' }] })
  const token = await new SignJWT({ realm_access: { roles: ['reviewer', 'admin'] }, employer: 'e1' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience(['other', 'jinbao'])
    .setSubject('u7')
    .setExpirationTime('5m')
    .sign(privateKey)
  assert.deepEqual(await verify(token), { subject: 'u7', roles: ['reviewer'], employer: 'e1' })
  fs.rmSync(folder, { recursive: true })
})

test('too many requests of one caller are 429 with the time to wait; another caller is not touched', async () => {
  let now = Date.now()
  const limits = { ratePerSecond: 1, rateBurst: 2, anonymousPerSecond: 1 }
  const other = await openWorld({}, { limits, clock: () => now })
  const token = await other.bearer('officer')
  const first = await post(other, token)
  assert.equal(first.headers['ratelimit-policy'], '"caller";q=2;w=2')
  assert.equal(first.headers.ratelimit, '"caller";r=1;t=1')
  await post(other, token)
  const third = await post(other, token)
  assert.deepEqual([third.statusCode, third.json().reason, third.headers['retry-after']], [429, 'RATE_LIMITED', '1'])
  const somebody = { authorization: `Bearer ${await other.issuer.mint({ subject: 'u2', roles: [] })}` }
  assert.equal((await post(other, somebody)).statusCode, 200)
  now += 1_000
  assert.equal((await post(other, token)).statusCode, 200)
  const strangers = await Promise.all([1, 2, 3].map(async () => (await post(other, {})).statusCode))
  assert.deepEqual(strangers, [401, 401, 429])
  await other.close()
})

test('beyond the concurrency limit requests are turned away with Retry-After', async () => {
  const gate = Promise.withResolvers<void>()
  const slow = async () => {
    await gate.promise
    return { receipt: undefined, relationId: 'r', enrolBy: '' }
  }
  const other = await openWorld({ fileHire: slow }, { limits: { concurrency: 1 } })
  const token = await other.bearer('officer')
  const both = [post(other, token), post(other, token)]
  const turnedAway = await Promise.race(both)
  assert.deepEqual([turnedAway.statusCode, turnedAway.json().reason], [503, 'OVERLOADED'])
  assert.equal(turnedAway.headers['retry-after'], '1')
  gate.resolve()
  assert.deepEqual((await Promise.all(both)).map((one) => one.statusCode).sort(), [200, 503])
  await other.close()
})

test('W3C trace context: valid is continued, invalid is ignored', async () => {
  const id = '0af7651916cd43dd8448eb211c80319c'
  const valid = `00-${id}-b7ad6b7169203331-01`
  assert.equal(validTraceparent(valid), valid)
  assert.equal(validTraceparent(`cc-${id}-b7ad6b7169203331-01-what-the-future-brings`), valid)
  assert.equal(validTraceparent(`00-${id}-b7ad6b7169203331-fd`), `00-${id}-b7ad6b7169203331-01`)
  const invalid = [
    `ff-${id}-b7ad6b7169203331-01`,
    `00-${id}-b7ad6b7169203331-01-more`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${id}-${'0'.repeat(16)}-01`,
    `00-${id.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${id}-b7ad6b7169203331`,
    `cc-${id}-b7ad6b7169203331-01.what`,
    `${valid}, ${valid}`,
    '',
  ]
  for (const header of invalid) assert.equal(validTraceparent(header), undefined, header)
  const continued = await post(world, { ...officer, traceparent: valid })
  assert.equal(continued.headers['jinbao-trace-id'], id)
  assert.equal(world.seen.at(-1)?.call.traceparent?.slice(3, 35), id)
  const begun = await post(world, { ...officer, traceparent: invalid[0] ?? '' })
  assert.match(String(begun.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-0\d$/)
  assert.notEqual(begun.headers['jinbao-trace-id'], id)
})

test('whatever JSON comes, the answer is never 500', async () => {
  const names = [...Object.keys(hire), 'person_id', '__proto__', 'constructor', 'toString']
  const nearly = fc.dictionary(fc.constantFrom(...names), fc.jsonValue())
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), nearly), async (value) => {
      const headers = { ...officer, 'content-type': 'application/json' }
      const answer = await world.app.inject({ method: 'POST', url: HIRE, headers, payload: JSON.stringify(value) })
      assert.ok([200, 400].includes(answer.statusCode), `${answer.statusCode} ${answer.body}`)
    }),
    { numRuns: 300 },
  )
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), async (text, more) => {
      const url = `/v1/employment/persons/${encodeURIComponent(text.toWellFormed())}/relations?${encodeURI(more.toWellFormed())}`
      const answer = await world.app.inject({ url, headers: officer })
      assert.ok([200, 400, 404, 405].includes(answer.statusCode), `${answer.statusCode} ${answer.body}`)
    }),
    { numRuns: 200 },
  )
  const deep = await world.app.inject({
    method: 'POST',
    url: HIRE,
    headers: { ...officer, 'content-type': 'application/json' },
    payload: `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  })
  assert.equal(deep.statusCode, 400)
})

test('the OpenAPI document lints clean and documents every command alike', async () => {
  const answer = await world.app.inject({ url: '/openapi.json' })
  const config = await createConfig({ extends: ['recommended'] })
  const found = await lintFromString({ source: answer.body, config })
  assert.deepEqual(
    found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    [],
  )
  const { paths } = answer.json()
  const command = paths[HIRE].post
  assert.equal(command.summary, 'Puts a hire on file.')
  const names = command.parameters.map((one: { $ref?: string }) => one.$ref?.split('/').at(-1))
  assert.ok(names.includes('IdempotencyKey') && names.includes('ValidateOnly'))
  assert.ok(['400', '401', '403', '422', '429', '503'].every((status) => status in command.responses))
  const body = paths['/v1/employment/persons/{person_id}/relations/{relation_id}:end'].post.requestBody
  assert.deepEqual(Object.keys(body.content['application/json'].schema.properties), ['on', 'reason'])
})

const spanTree = (name: string, children: SpanTree[] = []): SpanTree => ({
  spanId: name,
  parentId: undefined,
  name,
  service: 'region',
  startMs: 1_000,
  durationMs: 5,
  error: false,
  attributes: { 'http.route': '<b>' },
  children,
})

test('pages: start, reference, traces, problems, probes', async () => {
  const spans = {
    list: () => [{ traceId: 'abc', name: 'POST <x>', startMs: 0, durationMs: 5, spans: 2, errors: 1 }],
    trace: (id: string) => (id === 'abc' ? [spanTree('root', [spanTree('child')])] : undefined),
  } as unknown as SpanStore
  const refusal = { rule: 'EM-1', source: 'LCL art. 7', zh: '已有劳动关系', en: 'works there already' }
  const other = await openWorld({}, { spans, catalogue: { employment: { ALREADY_HIRED: refusal } }, title: '测试区' })
  const get = (url: string, headers = {}) => other.app.inject({ url, headers })
  assert.match((await get('/')).body, /<h1>测试区<\/h1>[\s\S]*curl/)
  assert.match((await get('/', { 'accept-language': 'zh-CN' })).body, /统筹地区/)
  assert.match((await get('/traces')).body, /POST &lt;x&gt;/)
  const drawn = await get('/traces/abc?lang=zh')
  assert.match(drawn.body, /时间轴[\s\S]*root[\s\S]*child/)
  assert.doesNotMatch(drawn.body, /=<b>/)
  assert.equal((await get('/traces/none')).statusCode, 404)
  assert.match((await get('/problems/employment/ALREADY_HIRED')).body, /EM-1[\s\S]*LCL art. 7/)
  assert.equal((await get('/problems/gateway/RATE_LIMITED')).statusCode, 200)
  assert.equal((await get('/problems/employment/constructor')).statusCode, 404)
  const docs = await get('/docs/')
  assert.match(docs.body, /openapi\.json/)
  for (const [, url] of docs.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
    assert.doesNotMatch(url ?? '', /^https?:/)
    assert.equal((await get(new URL(url ?? '', 'http://x/docs/').pathname)).statusCode, 200)
  }
  assert.deepEqual((await get('/healthz')).json(), { status: 'ok' })
  assert.deepEqual((await get('/readyz')).json(), { status: 'ready', waitingFor: [] })
  assert.equal((await get('/metrics')).statusCode, 404)
  assert.equal((await get('/.well-known/jwks.json')).json().keys[0].d, undefined)
  await other.close()
})

test('a gateway is not ready while a service is not', async () => {
  const other = await openWorld({}, { notReady: async () => ['pension'] })
  const answer = await other.app.inject({ url: '/readyz' })
  assert.deepEqual([answer.statusCode, answer.json().waitingFor], [503, ['pension']])
  await other.close()
})

test('configuration: unknown and malformed variables stop the start, each with a line', () => {
  const good = { JINBAO_SERVICES: 'pension=a:1,identity=b:2', JINBAO_DEV_ISSUER: 'keys' }
  const config = readConfig({ ...good, JINBAO_LIMIT_BODY_BYTES: '5', JINBAO_LOG: 'info', OTHER: 'x' })
  assert.equal(config.services.get('identity'), 'b:2')
  assert.deepEqual([config.limits.bodyBytes, config.limits.concurrency, config.port], [5, 512, 8080])
  const bad = { JINBAO_SERVICES: 'pension', JINBAO_PORT: '99999', JINBAO_PRT: '1', JINBAO_OIDC_ISSUER: 'x' }
  assert.throws(
    () => readConfig(bad),
    (error: Error) =>
      ['JINBAO_PRT', 'JINBAO_PORT', 'JINBAO_SERVICES', 'JINBAO_OIDC_JWKS'].every((n) => error.message.includes(n)),
  )
})
