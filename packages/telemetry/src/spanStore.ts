// The traces of an embedded region: the last ones, kept in process, for a page of the gateway. Memory is bounded by
// the number of spans, whatever their traces look like.
import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'

export interface StoredSpan {
  readonly spanId: string
  readonly parentId: string | undefined
  readonly name: string
  readonly service: string
  /** Epoch milliseconds. */
  readonly startMs: number
  readonly durationMs: number
  readonly error: boolean
  readonly attributes: Attributes
}

export interface TraceSummary {
  readonly traceId: string
  /** Name of the first span. */
  readonly name: string
  readonly startMs: number
  readonly durationMs: number
  readonly spans: number
  readonly errors: number
}

export interface SpanTree extends StoredSpan {
  readonly children: readonly SpanTree[]
}

export interface SpanStore extends SpanProcessor {
  /** Newest first. */
  list(limit?: number): TraceSummary[]
  /** The trace as trees: one root, or more when its beginning happened elsewhere or is still running. */
  trace(traceId: string): SpanTree[] | undefined
}

export function spanStore({ maxSpans = 10_000, maxSpansPerTrace = 500 } = {}): SpanStore {
  const traces = new Map<string, StoredSpan[]>()
  let held = 0

  const evict = () => {
    for (const [traceId, spans] of traces) {
      if (held <= maxSpans) return
      traces.delete(traceId)
      held -= spans.length
    }
  }

  return {
    onStart() {},
    onEnd(span) {
      if ((span.spanContext().traceFlags & 1) === 0) return
      const { traceId } = span.spanContext()
      const spans = traces.get(traceId) ?? []
      if (spans.length >= maxSpansPerTrace) return
      traces.set(traceId, spans)
      spans.push(storedSpan(span))
      held += 1
      evict()
    },
    forceFlush: async () => {},
    async shutdown() {
      traces.clear()
      held = 0
    },
    list: (limit = 100) => [...traces].slice(-limit).reverse().map(summary),
    trace(traceId) {
      const spans = traces.get(traceId)
      return spans && trees(spans)
    },
  }
}

const milliseconds = ([s, ns]: readonly [number, number]) => s * 1000 + ns / 1_000_000

function storedSpan(span: ReadableSpan): StoredSpan {
  return {
    spanId: span.spanContext().spanId,
    parentId: span.parentSpanContext?.spanId,
    name: span.name,
    service: String(span.resource.attributes['service.name'] ?? ''),
    startMs: milliseconds(span.startTime),
    durationMs: milliseconds(span.duration),
    error: span.status.code === 2,
    attributes: span.attributes,
  }
}

function summary([traceId, spans]: readonly [string, readonly StoredSpan[]]): TraceSummary {
  const first = spans.reduce((a, b) => (b.startMs < a.startMs ? b : a))
  const end = Math.max(...spans.map((span) => span.startMs + span.durationMs))
  const errors = spans.filter((span) => span.error).length
  const { name, startMs } = first
  return { traceId, name, startMs, durationMs: end - startMs, spans: spans.length, errors }
}

function trees(spans: readonly StoredSpan[]): SpanTree[] {
  const nodes = new Map(spans.map((span) => [span.spanId, { ...span, children: [] as SpanTree[] }]))
  const roots: SpanTree[] = []
  const ordered = [...nodes.values()].sort((a, b) => a.startMs - b.startMs)
  for (const node of ordered) {
    const parent = node.parentId === undefined ? undefined : nodes.get(node.parentId)
    ;(parent?.children ?? roots).push(node)
  }
  return roots
}
