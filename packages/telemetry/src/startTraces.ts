import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TelemetryConfig } from './config.ts'
import { keepNotable, rateSampler, ratioSampler, recordAll } from './sampling.ts'
import { type SpanStore, spanStore } from './spanStore.ts'

export interface Tracing {
  readonly spans?: SpanStore
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

export async function startTraces(config: TelemetryConfig): Promise<Tracing> {
  if (config.traces === 'memory') {
    const spans = spanStore({ maxSpans: config.maxSpans })
    const provider = registerTracing(config.service, rateSampler(config.tracesPerSecond), [spans])
    return { spans, forceFlush: () => provider.forceFlush(), shutdown: () => provider.shutdown() }
  }
  const batch = new BatchSpanProcessor({ exporter: await exporterOf(config) })
  const keeps = config.ratio < 1 && config.slowMs > 0
  const sampler = keeps ? recordAll(config.ratio) : ratioSampler(config.ratio)
  return registerTracing(config.service, sampler, [keeps ? keepNotable(batch, { slowMs: config.slowMs }) : batch])
}

async function exporterOf({ traces }: TelemetryConfig): Promise<SpanExporter> {
  // Both read their endpoint, headers and certificates from the specification's OTEL_EXPORTER_… variables.
  if (traces === 'zipkin') return new (await import('@opentelemetry/exporter-zipkin')).ZipkinExporter()
  return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter()
}

/** Makes the SDK the process's tracer, with W3C trace context; tests give it processors of their own. */
export function registerTracing(service: string, sampler: Sampler, spanProcessors: SpanProcessor[]): TracerProvider {
  const resource = resourceFromAttributes({ 'service.name': service, 'process.pid': process.pid })
  const provider = new TracerProvider({ resource, sampler, spanProcessors })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  return provider
}
