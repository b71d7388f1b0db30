import { metrics } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  type IMetricReader,
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { TelemetryConfig } from './config.ts'
import { bindMeters } from './metrics.ts'

export interface Metering {
  readonly prometheus?: () => Promise<string>
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/** Collected when somebody asks; the server that answers a scrape is the caller's own. */
class OnDemandReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export async function startMetrics(config: TelemetryConfig): Promise<Metering> {
  if (config.metrics === 'otlp') {
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http')
    return register(config, new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() }))
  }
  const { PrometheusSerializer } = await import('@opentelemetry/exporter-prometheus')
  const serializer = new PrometheusSerializer()
  const reader = new OnDemandReader()
  const provider = register(config, reader)
  const prometheus = async () => serializer.serialize((await reader.collect()).resourceMetrics)
  return { prometheus, forceFlush: () => provider.forceFlush(), shutdown: () => provider.shutdown() }
}

function register({ service }: TelemetryConfig, reader: IMetricReader): MeterProvider {
  const resource = resourceFromAttributes({ 'service.name': service })
  const provider = new MeterProvider({ resource, readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  bindMeters()
  return provider
}
