import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { SpanExporter } from '@opentelemetry/sdk-trace'

/** Sends JSON to a collector, given its base address. A batch is tried again until `timeoutMs` is over. */
export function createOtlpExporter(endpoint: string, timeoutMs: number): SpanExporter {
  const base = endpoint.endsWith('/') ? endpoint : `${endpoint}/`
  return new OTLPTraceExporter({ url: new URL('v1/traces', base).href, timeoutMillis: timeoutMs })
}
