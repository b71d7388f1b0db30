import assert from 'node:assert/strict'
import { test } from 'node:test'
import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import { spanStore } from './spanStore.ts'

function storing(limits?: Parameters<typeof spanStore>[0]) {
  const store = spanStore(limits)
  const tracer = new TracerProvider({ spanProcessors: [store] }).getTracer('test')
  return { store, tracer }
}

test('a trace is listed and read as a tree in order of time', () => {
  const { store, tracer } = storing()
  const root = tracer.startSpan('POST /v1/declarations', { startTime: 1_000 })
  const inside = trace.setSpan(context.active(), root)
  const later = tracer.startSpan('append', { startTime: 1_020 }, inside)
  const earlier = tracer.startSpan('decide', { startTime: 1_005, attributes: { events: 3 } }, inside)
  earlier.setStatus({ code: SpanStatusCode.ERROR })
  later.end(1_030)
  earlier.end(1_015)
  root.end(1_050)
  const [listed] = store.list()
  const { traceId, ...rest } = listed as NonNullable<typeof listed>
  assert.deepEqual(rest, { name: 'POST /v1/declarations', startMs: 1_000, durationMs: 50, spans: 3, errors: 1 })
  const [tree] = store.trace(traceId) ?? []
  assert.deepEqual([tree?.name, tree?.durationMs], ['POST /v1/declarations', 50])
  assert.deepEqual(
    tree?.children.map((child) => [child.name, child.error, child.attributes]),
    [
      ['decide', true, { events: 3 }],
      ['append', false, {}],
    ],
  )
  assert.equal(store.trace('unknown'), undefined)
})

test('memory is bounded by spans: the oldest traces go, and one giant trace is cut', () => {
  const { store, tracer } = storing({ maxSpans: 10, maxSpansPerTrace: 4 })
  for (let i = 0; i < 50; i++) tracer.startSpan(`request ${i}`).end()
  assert.deepEqual(
    store.list(2).map((each) => each.name),
    ['request 49', 'request 48'],
  )
  assert.equal(store.list().length, 10)
  const giant = tracer.startSpan('giant')
  const inside = trace.setSpan(context.active(), giant)
  for (let i = 0; i < 100; i++) tracer.startSpan('step', {}, inside).end()
  giant.end()
  assert.equal(store.list()[0]?.spans, 4)
})

test('a span whose parent is elsewhere is a root of its own', () => {
  const { store, tracer } = storing()
  const remote = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
    isRemote: true,
  }
  tracer.startSpan('reaction', {}, trace.setSpanContext(context.active(), remote)).end()
  assert.deepEqual(
    store.trace(remote.traceId)?.map((root) => root.name),
    ['reaction'],
  )
})
