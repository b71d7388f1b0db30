import { isSpanContextValid, trace } from '@opentelemetry/api'
import pino from 'pino'
import { mask } from './redact.ts'

/** JSON lines with trace ids; the finished line is masked, so no path around it exists. */
export function logTo(write: (line: string) => void, level: string): pino.Logger {
  return pino(
    {
      level,
      base: null,
      mixin() {
        const current = trace.getActiveSpan()?.spanContext()
        return current && isSpanContextValid(current) ? { traceId: current.traceId, spanId: current.spanId } : {}
      },
    },
    { write: (line) => write(mask(line)) },
  )
}

const stderr = pino.destination({ fd: 2, sync: false })

/** The log of the process, on stderr; callers give opaque ids only, never names or numbers of people. */
export const log = logTo((line) => stderr.write(line), process.env.JINBAO_LOG ?? 'info')
