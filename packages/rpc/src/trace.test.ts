import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Problem } from '@jinbao/core'
import { annotate, span, telemetryOff, traceparent } from '@jinbao/telemetry'
import { startMetrics } from '@jinbao/telemetry/startMetrics.ts'
import { type ReadableSpan, recordSpans } from '@jinbao/telemetry/testing.ts'
import { clientOf, grpcTransport } from './client.ts'
import { served } from './dispatch.ts'
import { inProcessTransport } from './inprocess.ts'
import type { Call } from './port.ts'
import { serveRpc } from './server.ts'
import { authenticate, callOf, EchoService, message, refused } from './testing.ts'

const recorded = recordSpans()
const metering = await startMetrics({ ...telemetryOff, metrics: 'prometheus' })
after(() => Promise.all([recorded.shutdown(), metering.shutdown()]))

const byKind = (spans: readonly ReadableSpan[], kind: number) => spans.filter((one) => one.kind === kind)
const [INTERNAL, SERVER, CLIENT] = [0, 1, 2]

async function spansOf(work: () => Promise<unknown>): Promise<ReadableSpan[]> {
  recorded.reset()
  await work()
  await pause(20)
  return recorded.finished()
}

const seen: (string | undefined)[] = []
async function getEcho(request: ReturnType<typeof message>, call: Call) {
  seen.push(call.traceparent)
  annotate({ handled: true })
  if (request.message === 'no') throw new Problem('NOT_FOUND', 'NO_SUCH_ACCOUNT', 'no such account')
  if (request.message === 'defect') throw new Error('secret')
  return request
}
const service = served(EchoService, { getEcho, sayEcho: getEcho })

test('a call over gRPC is one trace: caller, client and server are parent and child', async () => {
  const server = await serveRpc({ services: [service], authenticate, address: '127.0.0.1:0' })
  const transport = grpcTransport({ address: server.address })
  const client = clientOf(EchoService, transport)
  let outer: string | undefined
  const spans = await spansOf(() =>
    span('outer', {}, async () => {
      outer = traceparent()
      await client.getEcho(message('yes'), callOf())
    }),
  )
  const [one] = byKind(spans, CLIENT)
  const [two] = byKind(spans, SERVER)
  const [top] = byKind(spans, INTERNAL)
  assert.equal(new Set(spans.map((each) => each.spanContext().traceId)).size, 1)
  assert.equal(one?.parentSpanContext?.spanId, top?.spanContext().spanId)
  assert.equal(two?.parentSpanContext?.spanId, one?.spanContext().spanId)
  assert.equal(outer?.split('-')[1], two?.spanContext().traceId)
  assert.equal(seen.at(-1)?.split('-')[2], two?.spanContext().spanId, 'the handler passes its own span on')
  assert.equal(two?.attributes.handled, true)
  await transport.close()
  await server.drain(0)
})

test('a Call that came with a traceparent continues that trace', async () => {
  const cause = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const transport = inProcessTransport({ services: [service] })
  const spans = await spansOf(() =>
    clientOf(EchoService, transport).getEcho(message('yes'), callOf({ traceparent: cause })),
  )
  assert.equal(spans[0]?.spanContext().traceId, '0af7651916cd43dd8448eb211c80319c')
  assert.equal(spans[0]?.parentSpanContext?.spanId, 'b7ad6b7169203331')
})

test('a refusal is no error of the trace, a defect is; its answer names the trace and nothing else', async () => {
  const client = clientOf(EchoService, inProcessTransport({ services: [service] }))
  const [no] = await spansOf(() =>
    assert.rejects(client.getEcho(message('no'), callOf()), refused('NOT_FOUND', 'NO_SUCH_ACCOUNT')),
  )
  assert.deepEqual([no?.status.code, no?.attributes['jinbao.reason']], [0, 'NO_SUCH_ACCOUNT'])
  let problem: Problem | undefined
  const [broken] = await spansOf(() =>
    client.getEcho(message('defect'), callOf()).catch((error: Problem) => {
      problem = error
    }),
  )
  assert.equal(broken?.status.code, 2)
  assert.deepEqual(problem?.details, { service: 'jinbao', values: { traceId: broken?.spanContext().traceId } })
})

test('calls are counted by method and code', async () => {
  const text = (await metering.prometheus?.()) ?? ''
  assert.match(text, /jinbao_rpc_server_duration_seconds_count\{.*GetEcho.*code="NOT_FOUND".*\} 1/)
})

test('a defect is logged where it happened, with its stack and trace id', async () => {
  const code = `
    import { callOf, EchoService, message } from './testing.ts'
    import { served } from './dispatch.ts'
    import { inProcessTransport } from './inprocess.ts'
    import { clientOf } from './typed.ts'
    const getEcho = async function brokenHandler() { throw new TypeError('the reason') }
    const transport = inProcessTransport({ services: [served(EchoService, { getEcho, sayEcho: getEcho })] })
    await clientOf(EchoService, transport).getEcho(message(''), callOf()).catch((error) => console.log(error.details.values.traceId))
  `
  const args = ['--import', '@jinbao/telemetry/register', '--input-type=module-typescript', '--eval', code]
  const env = { PATH: process.env.PATH, OTEL_TRACES_EXPORTER: 'memory' }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, env })
  const line = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Record<string, unknown> & {
    err: Record<string, string>
  }
  assert.equal(line.err.message, 'the reason')
  assert.match(line.err.stack ?? '', /brokenHandler/)
  assert.equal(line.rpc, EchoService.getEcho.path)
  assert.equal(line.traceId, stdout.trim())
})
