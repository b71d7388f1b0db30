import { type Attributes, type Counter, type Histogram, type Meter, metrics } from '@opentelemetry/api'

// Instruments are made when modules load, which may be before the SDK starts: each is bound again when it does.
const rebinds: ((meter: Meter) => void)[] = []

function bound(bind: (meter: Meter) => void): void {
  rebinds.push(bind)
  bind(metrics.getMeter('jinbao'))
}

/** Called once the SDK's meter provider is registered. */
export function bindMeters(): void {
  for (const bind of rebinds) bind(metrics.getMeter('jinbao'))
}

/** Counts events of a kind; names follow Prometheus style after export: `jinbao_…_total`. */
export function counter(name: string, description: string): Pick<Counter, 'add'> {
  let real: Counter | undefined
  bound((meter) => {
    real = meter.createCounter(name, { description })
  })
  return { add: (value: number, attributes?: Attributes) => real?.add(value, attributes) }
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Durations in seconds. */
export function duration(name: string, description: string): Pick<Histogram, 'record'> {
  let real: Histogram | undefined
  bound((meter) => {
    const advice = { explicitBucketBoundaries: buckets }
    real = meter.createHistogram(name, { description, unit: 's', advice })
  })
  return { record: (value: number, attributes?: Attributes) => real?.record(value, attributes) }
}

export interface GaugeResult {
  observe(value: number, attributes?: Attributes): void
}

/** A value read when metrics are collected. */
export function gauge(name: string, description: string) {
  const callbacks: ((result: GaugeResult) => void)[] = []
  let add: ((callback: (result: GaugeResult) => void) => void) | undefined
  bound((meter) => {
    const real = meter.createObservableGauge(name, { description })
    add = (callback) => real.addCallback(callback)
    for (const callback of callbacks) add(callback)
  })
  return {
    addCallback(callback: (result: GaugeResult) => void): void {
      callbacks.push(callback)
      add?.(callback)
    },
  }
}
