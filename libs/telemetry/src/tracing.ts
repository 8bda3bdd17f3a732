import { randomUUID } from 'node:crypto'
import { ROOT_CONTEXT, SpanKind, trace as traceApi, TraceFlags } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AlwaysOnSampler, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Metrics } from '@courtside/http'
import { type Clock, systemClock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import { createEdgeSampling } from './edge-sampling.ts'
import { toTrace, type Trace } from './span.ts'
import { createSpanExport } from './span-export.ts'
import { parseTraceparent, type TraceParent } from './traceparent.ts'

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

/** What a span may hold: clients choose some of the values. */
const SPAN_LIMITS = { attributeCountLimit: 32, attributeValueLengthLimit: 256 }

export function createTracing(options: TracingOptions): Tracing {
  const { otlpEndpoint, exportMs = 10_000 } = options
  const exporter = options.exporter ?? (otlpEndpoint ? otlpExporter(otlpEndpoint, exportMs) : null)
  if (exporter === null) return OFF
  const { log, clock = systemClock, random = Math.random, sampleRate = 0.01, forcedPerSecond = 5 } = options
  const spans = options.metrics?.counter(
    'courtside_spans_total',
    'Spans of traces: exported reached the collector, failed did not, dropped found no place in the queue.',
    ['outcome'],
  )
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.instance.id': randomUUID(),
    }),
    // What is not to be recorded never gets as far as OpenTelemetry.
    sampler: new AlwaysOnSampler(),
    spanLimits: SPAN_LIMITS,
    spanProcessors: [
      createSpanExport(exporter, {
        exportMs,
        log,
        onSpans: (outcome, count) => spans?.inc({ outcome }, count),
      }),
    ],
  })
  const tracer = provider.getTracer('courtside')
  const isSampled = createEdgeSampling({ rate: sampleRate, forcedPerSecond, clock, random })

  const open = (parent: TraceParent | null, name: string): Trace => {
    const context = parent === null ? ROOT_CONTEXT : traceApi.setSpanContext(ROOT_CONTEXT, toRemote(parent))
    return toTrace(tracer.startSpan(name, { kind: SpanKind.SERVER }, context), tracer, context)
  }

  return {
    begin(header, name) {
      const parent = parseTraceparent(header)
      return isSampled(parent) ? open(parent, name) : null
    },
    follow(header, name) {
      const parent = parseTraceparent(header)
      return parent?.sampled ? open(parent, name) : null
    },
    shutdown: () => within(options.flushMs ?? 3_000, provider.shutdown()),
  }
}

function otlpExporter(endpoint: string, timeoutMillis: number): SpanExporter {
  const base = endpoint.endsWith('/') ? endpoint : `${endpoint}/`
  return new OTLPTraceExporter({ url: new URL('v1/traces', base).href, timeoutMillis })
}

function toRemote({ traceId, spanId }: TraceParent) {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const limit = Promise.withResolvers<void>()
  const timer = setTimeout(limit.resolve, limitMs)
  // Why it fails has been told by the export itself.
  await Promise.race([work.catch(() => undefined), limit.promise])
  clearTimeout(timer)
}
