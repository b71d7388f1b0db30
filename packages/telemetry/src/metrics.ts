import { metrics } from '@opentelemetry/api'

const meter = metrics.getMeter('jinbao')

/** Counts events of a kind; names follow Prometheus style after export: `jinbao_…_total`. */
export const counter = (name: string, description: string) => meter.createCounter(name, { description })
/** Durations in seconds. */
export const duration = (name: string, description: string) => meter.createHistogram(name, { description, unit: 's' })
export const gauge = (name: string, description: string) => meter.createObservableGauge(name, { description })
