import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import * as http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { telemetryConfig } from './config.ts'

const run = promisify(execFile)

/** Runs `code` in a process of its own under the preload: the SDK is one to a process. */
async function underPreload(env: Record<string, string>, code: string): Promise<string> {
  const args = ['--import', '@jinbao/telemetry/register', '--input-type=module-typescript', '--eval', code]
  const options = { cwd: import.meta.dirname, env: { PATH: process.env.PATH ?? '', ...env } }
  return (await run(process.execPath, args, options)).stdout
}

async function collector(t: TestContext): Promise<{ url: string; got: { url: string; body: string }[] }> {
  const got: { url: string; body: string }[] = []
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    got.push({ url: request.url ?? '', body: Buffer.concat(chunks).toString() })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got }
}

const oneSpan = `
  import { span, telemetry, counter } from '@jinbao/telemetry'
  counter('jinbao_tests_total', 'tests').add(2, { kind: 'x' })
  await span('a test', {}, async () => {})
  await telemetry()?.flush()
  console.log(await telemetry()?.prometheus?.() ?? '', JSON.stringify(telemetry()?.spans?.list() ?? []))
  await telemetry()?.shutdown()
`

test('OTLP: spans and metrics reach a collector, under the service name', async (t) => {
  const { url, got } = await collector(t)
  const otlp = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: url }
  await underPreload({ ...otlp, OTEL_SERVICE_NAME: 'pension' }, oneSpan)
  const sent = (path: string) => got.filter((each) => each.url === path).map((each) => each.body)
  assert.match(sent('/v1/traces').join(), /a test/)
  assert.match(sent('/v1/traces').join(), /pension/)
  assert.match(sent('/v1/metrics').join(), /jinbao_tests_total/)
})

test('Zipkin: spans reach its endpoint', async (t) => {
  const { url, got } = await collector(t)
  const env = { OTEL_TRACES_EXPORTER: 'zipkin', OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${url}/api/v2/spans` }
  await underPreload({ ...env, OTEL_SERVICE_NAME: 'pension' }, oneSpan)
  const spans = JSON.parse(got[0]?.body ?? '[]') as { name: string; localEndpoint: { serviceName: string } }[]
  assert.deepEqual([spans[0]?.name, spans[0]?.localEndpoint.serviceName], ['a test', 'pension'])
})

test('memory and prometheus: both can be read in the process', async () => {
  const out = await underPreload({ OTEL_TRACES_EXPORTER: 'memory', OTEL_METRICS_EXPORTER: 'prometheus' }, oneSpan)
  assert.match(out, /jinbao_tests_total\{kind="x".*\} 2/)
  assert.match(out, /"name":"a test"/)
})

test('a collector that is away neither fails nor holds up the process', async () => {
  const env = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
  const code = `
    import { span, telemetry } from '@jinbao/telemetry'
    await span('lost', {}, async () => {})
    await telemetry()?.shutdown()
    console.log('done')
  `
  const started = Date.now()
  assert.match(await underPreload({ ...env, JINBAO_LOG: 'silent', OTEL_EXPORTER_OTLP_TIMEOUT: '500' }, code), /done/)
  assert.ok(Date.now() - started < 10_000)
})

test('off: nothing of the SDK is loaded', async () => {
  const spy = `import { registerHooks } from 'node:module'
    registerHooks({ load(url, context, next) {
      if (/opentelemetry.(sdk|exporter|otlp|resources)/.test(url)) console.log('loaded')
      return next(url, context)
    } })`
  const code = `
    import { trace } from '@opentelemetry/api'
    console.log(trace.getTracer('x').startSpan('y').isRecording())
  `
  const preload = `data:text/javascript,${encodeURIComponent(spy)}`
  const loadedWith = async (traces: string) => {
    const env = { OTEL_TRACES_EXPORTER: traces, NODE_OPTIONS: `--import "${preload}"` }
    return (await underPreload(env, code)).trim().split('\n')
  }
  assert.deepEqual(await loadedWith('none'), ['false'])
  assert.ok((await loadedWith('memory')).includes('loaded'), 'the spy sees what is loaded')
})

test('a malformed variable stops the start with a clear line', () => {
  assert.throws(() => telemetryConfig({ OTEL_TRACES_EXPORTER: 'jaeger' }), /OTEL_TRACES_EXPORTER must be one of otlp/)
  assert.throws(() => telemetryConfig({ OTEL_TRACES_SAMPLER_ARG: '1.5' }), /OTEL_TRACES_SAMPLER_ARG must be a number/)
  assert.equal(telemetryConfig({ OTEL_TRACES_SAMPLER_ARG: '0.1' }).ratio, 0.1)
})
