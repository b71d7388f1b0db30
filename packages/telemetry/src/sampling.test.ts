import assert from 'node:assert/strict'
import { test } from 'node:test'
import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, type Sampler, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { keepNotable, rateSampler, ratioSampler, recordAll } from './sampling.ts'
import { spanStore } from './spanStore.ts'

function tracing(sampler: Sampler, slowMs = 1_000, maxTraces = 100) {
  const exporter = new InMemorySpanExporter()
  const processor = keepNotable(new SimpleSpanProcessor({ exporter }), { slowMs, maxTraces })
  const tracer = new TracerProvider({ sampler, spanProcessors: [processor] }).getTracer('test')
  /** A parent with one child; times in milliseconds. */
  const run = (name: string, { ms = 1, failed = false } = {}) => {
    const parent = tracer.startSpan(name, { startTime: 1_000 })
    const child = tracer.startSpan(`${name} child`, { startTime: 1_000 }, trace.setSpan(context.active(), parent))
    if (failed) child.setStatus({ code: SpanStatusCode.ERROR })
    child.end(1_000 + ms)
    parent.end(1_000 + ms)
  }
  return { exporter, run, tracer, names: () => exporter.getFinishedSpans().map((span) => span.name) }
}

test('of unsampled traces only failed and slow ones are kept, whole', () => {
  const { run, names } = tracing(recordAll(0))
  run('plain')
  run('failed', { failed: true })
  run('slow', { ms: 1_500 })
  assert.deepEqual(names(), ['failed child', 'failed', 'slow child', 'slow'])
})

test('sampled traces pass at once, notable or not', () => {
  const { run, names } = tracing(recordAll(1))
  run('plain')
  assert.deepEqual(names(), ['plain child', 'plain'])
})

test('without keeping, a ratio of nothing exports nothing', () => {
  const { run, names } = tracing(ratioSampler(0))
  run('failed', { failed: true })
  assert.deepEqual(names(), [])
})

test('traces that never end do not grow memory, and those forgotten do no harm', () => {
  const { tracer, run, names } = tracing(recordAll(0), 1_000, 10)
  const open = Array.from({ length: 1_000 }, (_, i) => tracer.startSpan(`open ${i}`))
  run('failed', { failed: true })
  for (const span of open) span.setStatus({ code: SpanStatusCode.ERROR }).end()
  assert.ok(names().includes('failed'))
  assert.ok(names().length <= 12, `${names().length}`)
})

test('the rate sampler keeps so many a second, and children follow their root', () => {
  let now = 5_000
  const store = spanStore()
  const provider = new TracerProvider({ sampler: rateSampler(2, () => now), spanProcessors: [store] })
  const tracer = provider.getTracer('test')
  const request = () => {
    const parent = tracer.startSpan('request')
    tracer.startSpan('child', {}, trace.setSpan(context.active(), parent)).end()
    parent.end()
  }
  for (let i = 0; i < 10; i++) request()
  assert.deepEqual(
    store.list().map((each) => each.spans),
    [2, 2],
  )
  now += 1_000
  request()
  assert.equal(store.list().length, 3)
})
