// For tests of any package: the spans of this process, recorded.
import { AlwaysOnSampler, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { registerTracing } from './startTraces.ts'

export type { ReadableSpan }

export interface RecordedSpans {
  finished(): ReadableSpan[]
  reset(): void
  shutdown(): Promise<void>
}

/** Once a process; every span is recorded when it ends. */
export function recordSpans(): RecordedSpans {
  const exporter = new InMemorySpanExporter()
  const provider = registerTracing('test', new AlwaysOnSampler(), [new SimpleSpanProcessor({ exporter })])
  return {
    finished: () => exporter.getFinishedSpans(),
    reset: () => exporter.reset(),
    shutdown: () => provider.shutdown(),
  }
}
