// Spans at the house's own seams, through the OpenTelemetry API: without an SDK registered they cost next to nothing.
import {
  type Attributes,
  context,
  isSpanContextValid,
  ProxyTracerProvider,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

export { SpanKind }

const tracer = trace.getTracer('jinbao')

export interface SpanOptions {
  readonly kind?: SpanKind
  /** Semantic-convention names; never personal data. */
  readonly attributes?: Attributes
  /** W3C traceparent of a cause outside this call stack: the caller's header or an event's metadata. */
  readonly parent?: string
}

// Codes of a Problem that say something is broken or overloaded; all others are refusals, which are no errors.
const broken = new Set(['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED'])

/** Reason of a refusal. By shape: this package imports none of ours. */
function expectedNo(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('reason' in error) || !('code' in error)) return undefined
  return typeof error.code === 'string' && !broken.has(error.code) ? String(error.reason) : undefined
}

/** No SDK to hear of it, or a running span of this process that the sampler has left out with all that follows from it. */
function unheard(parent: string | undefined): boolean {
  const running = trace.getSpan(context.active())
  if (!running) {
    const provider = trace.getTracerProvider()
    return provider instanceof ProxyTracerProvider && !provider.getDelegateTracer('jinbao')
  }
  if (running.isRecording()) return false
  const { traceId, isRemote } = running.spanContext()
  return isRemote !== true && isSpanContextValid(running.spanContext()) && (!parent || parent.includes(traceId))
}

/** Runs `work` inside a span; an error marks it, a refusal leaves its reason; both are thrown on. */
export async function span<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  if (unheard(options.parent)) return work()
  const parent = options.parent
    ? propagation.extract(context.active(), { traceparent: options.parent })
    : context.active()
  const attributes = options.attributes ?? {}
  return tracer.startActiveSpan(
    name,
    { kind: options.kind ?? SpanKind.INTERNAL, attributes },
    parent,
    async (current) => {
      try {
        return await work()
      } catch (error) {
        const no = expectedNo(error)
        if (no) current.setAttribute('jinbao.reason', no)
        else current.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' })
        throw error
      } finally {
        current.end()
      }
    },
  )
}

/** traceparent of the running span, to be sent on or stored; undefined when nothing traces. */
export function traceparent(): string | undefined {
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent
}

/** Adds attributes to the running span. */
export function annotate(attributes: Attributes): void {
  trace.getSpan(context.active())?.setAttributes(attributes)
}
