// What telemetry a process sends, by the environment variables of the OpenTelemetry specification and a few of ours.

const traceExporters = ['otlp', 'zipkin', 'memory', 'none'] as const
const metricExporters = ['otlp', 'prometheus', 'none'] as const

export interface TelemetryConfig {
  readonly service: string
  readonly traces: (typeof traceExporters)[number]
  readonly metrics: (typeof metricExporters)[number]
  /** Share of traces exported, 0 … 1; with `memory`, see tracesPerSecond. */
  readonly ratio: number
  /** With a ratio below 1: traces that fail or take this long are exported all the same; 0 keeps none. */
  readonly slowMs: number
  /** `memory` only: new traces a second that are kept. */
  readonly tracesPerSecond: number
  readonly maxSpans: number
}

export const telemetryOff: TelemetryConfig = {
  service: 'jinbao',
  traces: 'none',
  metrics: 'none',
  ratio: 1,
  slowMs: 1_000,
  tracesPerSecond: 20,
  maxSpans: 10_000,
}

/** An embedded region shows its own traces and metrics, unless told otherwise. */
export const telemetryInProcess: TelemetryConfig = { ...telemetryOff, traces: 'memory', metrics: 'prometheus' }

/** Unset variables take `defaults`; a malformed one throws a clear line. */
export function telemetryConfig(
  env: Readonly<Record<string, string | undefined>>,
  defaults: TelemetryConfig = telemetryOff,
): TelemetryConfig {
  const number = (name: string, otherwise: number, most: number) => {
    const text = env[name]
    if (!text) return otherwise
    const value = Number(text)
    if (!(value >= 0 && value <= most)) throw new Error(`${name} must be a number from 0 to ${most}, not "${text}"`)
    return value
  }
  const choice = <T extends string>(name: string, among: readonly T[], otherwise: T): T => {
    const text = env[name]
    if (!text) return otherwise
    const found = among.find((value) => value === text)
    if (!found) throw new Error(`${name} must be one of ${among.join(', ')}, not "${text}"`)
    return found
  }
  return {
    service: env.OTEL_SERVICE_NAME || defaults.service,
    traces: choice('OTEL_TRACES_EXPORTER', traceExporters, defaults.traces),
    metrics: choice('OTEL_METRICS_EXPORTER', metricExporters, defaults.metrics),
    ratio: number('OTEL_TRACES_SAMPLER_ARG', defaults.ratio, 1),
    slowMs: number('JINBAO_TRACE_SLOW_MS', defaults.slowMs, 3_600_000),
    tracesPerSecond: number('JINBAO_TRACE_PER_SECOND', defaults.tracesPerSecond, 100_000),
    maxSpans: number('JINBAO_TRACE_MAX_SPANS', defaults.maxSpans, 1_000_000),
  }
}
