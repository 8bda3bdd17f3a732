import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Metrics } from '@courtside/http'
import type { Clock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import type { Trace } from './span.ts'

export interface TracingOptions {
  /** The process, as traces name it. */
  serviceName: string
  /** The collector's base address, such as http://localhost:4318. Default: nothing is traced. */
  otlpEndpoint?: string | undefined
  /** Instead of a collector. */
  exporter?: SpanExporter
  /** The part of requests that is traced though nobody asks for it, 0 to 1. Default: 0.01. */
  sampleRate?: number
  /** How many traces a second the public may ask for with a header. Default: 5. */
  forcedPerSecond?: number
  /** The longest that sending a batch may take, repeats included. Default: 10 s. */
  exportMs?: number
  /** The longest that `shutdown` waits for the last spans to leave. Default: 3 s. */
  flushMs?: number
  /** Counts spans by what became of them. Default: nobody does. */
  metrics?: Metrics
  log: Logger
  clock?: Clock
  /** Default: `Math.random`. */
  random?(): number
}

/** Decides what is traced. Where nothing is, it costs a comparison. */
export interface Tracing {
  /** For a request of the public; null when it is not traced. The header is `traceparent`, as it came. */
  begin(traceparent: string | string[] | undefined, name: string): Trace | null
  /** For a request of our own gateway, which has decided: null when it is not traced there. */
  follow(traceparent: string | string[] | undefined, name: string): Trace | null
  /** Sends what is left. Never throws: what cannot be delivered is in the log. */
  shutdown(): Promise<void>
}

const OFF: Tracing = { begin: () => null, follow: () => null, shutdown: async () => undefined }

/** OpenTelemetry is loaded only where something is traced: it takes a quarter of a second and 8 MB. */
export async function createTracing(options: TracingOptions): Promise<Tracing> {
  const { otlpEndpoint, exportMs = 10_000 } = options
  const exporter = options.exporter ?? (otlpEndpoint ? await collectorAt(otlpEndpoint, exportMs) : null)
  if (exporter === null) return OFF
  const { openTracing } = await import('./open-tracing.ts')
  return openTracing(exporter, { ...options, exportMs })
}

async function collectorAt(endpoint: string, exportMs: number): Promise<SpanExporter> {
  const { createOtlpExporter } = await import('./otlp-exporter.ts')
  return createOtlpExporter(endpoint, exportMs)
}
