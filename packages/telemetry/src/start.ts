// Starts the OpenTelemetry SDK as configured. What is off is not even loaded: a region starts fast and stays small.
import type { TelemetryConfig } from './config.ts'
import { log } from './log.ts'
import type { SpanStore } from './spanStore.ts'

export interface Telemetry {
  /** With traces `memory`. */
  readonly spans?: SpanStore
  /** Text of a Prometheus scrape, with metrics `prometheus`. */
  readonly prometheus?: () => Promise<string>
  flush(): Promise<void>
  shutdown(): Promise<void>
}

interface Part {
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

let started: Telemetry | undefined

/** What this process started, if anything: the gateway's pages read it. */
export const telemetry = (): Telemetry | undefined => started

export async function startTelemetry(config: TelemetryConfig): Promise<Telemetry> {
  if (started) return started
  const parts: Part[] = []
  const tracing = config.traces === 'none' ? undefined : await (await import('./startTraces.ts')).startTraces(config)
  const metering =
    config.metrics === 'none' ? undefined : await (await import('./startMetrics.ts')).startMetrics(config)
  if (tracing) parts.push(tracing)
  if (metering) parts.push(metering)
  started = {
    ...(tracing?.spans ? { spans: tracing.spans } : {}),
    ...(metering?.prometheus ? { prometheus: metering.prometheus } : {}),
    flush: () => all(parts, 'flush', (part) => part.forceFlush()),
    async shutdown() {
      started = undefined
      await all(parts, 'shutdown', (part) => part.shutdown())
    },
  }
  return started
}

/** A collector that is away must not hold up or fail the process that tells it things. */
async function all(parts: readonly Part[], what: string, act: (part: Part) => Promise<void>): Promise<void> {
  for (const result of await Promise.allSettled(parts.map(act)))
    if (result.status === 'rejected') log.warn({ err: result.reason }, `telemetry ${what} failed`)
}
