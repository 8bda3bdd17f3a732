import { randomUUID } from 'node:crypto'
import { ROOT_CONTEXT, SpanKind, trace as traceApi, TraceFlags } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AlwaysOnSampler, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { systemClock } from '@courtside/kernel'
import { createEdgeSampling } from './edge-sampling.ts'
import { toTrace, type Trace } from './span.ts'
import { createSpanExport } from './span-export.ts'
import { parseTraceparent, type TraceParent } from './traceparent.ts'
import type { Tracing, TracingOptions } from './tracing.ts'

const FLUSH_MS = 3_000

/** What a span may hold: clients choose some of the values. */
const SPAN_LIMITS = { attributeCountLimit: 32, attributeValueLengthLimit: 256 }

export function openTracing(exporter: SpanExporter, options: TracingOptions & { exportMs: number }): Tracing {
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
        exportMs: options.exportMs,
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
    shutdown: () => within(options.flushMs ?? FLUSH_MS, provider.shutdown()),
  }
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
