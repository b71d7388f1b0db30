import {
  type Attributes,
  type Context,
  isSpanContextValid,
  type Link,
  type SpanKind,
  TraceFlags,
} from '@opentelemetry/api'
import {
  createAlwaysRecordSampler,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type Span,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

/** A share of the traces, decided at their root and followed by everybody. */
export const ratioSampler = (ratio: number): Sampler =>
  new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) })

/** Every span is recorded, the ratio decides only what is exported unasked; for `keepNotable`. */
export const recordAll = (ratio: number): Sampler => createAlwaysRecordSampler(ratioSampler(ratio))

/** At most so many new traces a second: all of them on a quiet machine, a bounded cost on a busy one. */
export function rateSampler(tracesPerSecond: number, now: () => number = Date.now): Sampler {
  let second = 0
  let taken = 0
  const root: Sampler = {
    shouldSample(_context: Context, _traceId: string, _name: string, _kind: SpanKind, _a: Attributes, _l: Link[]) {
      const current = Math.trunc(now() / 1000)
      if (current !== second) [second, taken] = [current, 0]
      taken += 1
      const decision = taken <= tracesPerSecond ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD
      return { decision }
    },
    toString: () => `Rate(${tracesPerSecond}/s)`,
  }
  return new ParentBasedSampler({ root })
}

interface Pending {
  open: number
  notable: boolean
  readonly spans: ReadableSpan[]
}

export interface KeepOptions {
  readonly slowMs: number
  readonly maxTraces?: number
  readonly maxSpansPerTrace?: number
}

/**
 * Passes sampled spans on at once. The others wait until nothing of their trace runs in this process; then they are
 * passed on if one of them failed or was slow, else forgotten. Other processes decide for their own part.
 */
export function keepNotable(next: SpanProcessor, options: KeepOptions): SpanProcessor {
  const { slowMs, maxTraces = 2_000, maxSpansPerTrace = 200 } = options
  const pending = new Map<string, Pending>()

  const waitingFor = (traceId: string): Pending => {
    const known = pending.get(traceId)
    if (known) return known
    const made: Pending = { open: 0, notable: false, spans: [] }
    pending.set(traceId, made)
    if (pending.size > maxTraces) pending.delete(pending.keys().next().value as string)
    return made
  }

  return {
    onStart(span: Span, parent: Context) {
      next.onStart(span, parent)
      if (!sampled(span)) waitingFor(span.spanContext().traceId).open += 1
    },
    onEnd(span) {
      if (sampled(span)) return next.onEnd(span)
      const { traceId } = span.spanContext()
      const trace = pending.get(traceId)
      if (!trace) return
      trace.open -= 1
      trace.notable ||= span.status.code === 2 || span.duration[0] * 1000 + span.duration[1] / 1e6 >= slowMs
      if (trace.spans.length < maxSpansPerTrace) trace.spans.push(span)
      if (trace.open > 0) return
      pending.delete(traceId)
      if (trace.notable) for (const kept of trace.spans) next.onEnd(asSampled(kept))
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  }
}

const sampled = (span: ReadableSpan) =>
  !isSpanContextValid(span.spanContext()) || (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0

/** Exporters drop what is not marked as sampled. */
function asSampled(span: ReadableSpan): ReadableSpan {
  const marked = { ...span.spanContext(), traceFlags: TraceFlags.SAMPLED }
  return Object.create(span, { spanContext: { value: () => marked } }) as ReadableSpan
}
