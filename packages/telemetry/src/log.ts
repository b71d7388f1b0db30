import { isSpanContextValid, trace } from '@opentelemetry/api'
import pino from 'pino'

/** JSON lines on stderr with trace ids; callers give opaque ids only, never names or numbers of people. */
export const log = pino(
  {
    level: process.env.JINBAO_LOG ?? 'info',
    base: null,
    mixin() {
      const current = trace.getActiveSpan()?.spanContext()
      return current && isSpanContextValid(current) ? { traceId: current.traceId, spanId: current.spanId } : {}
    },
  },
  pino.destination({ fd: 2, sync: false }),
)
