import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Logger } from '@courtside/logger'

export type SpanOutcome = 'exported' | 'failed' | 'dropped'

export interface SpanExportOptions {
  /** The longest that one batch may take; the next waits for it. */
  exportMs: number
  log: Logger
  onSpans(outcome: SpanOutcome, count: number): void
}

/** Spans that wait or are on their way. What ends while so many do is dropped: no request waits for a collector. */
const MOST_WAITING = 2_048
const BATCH = 512
const BATCH_EVERY_MS = 2_000

/** `ExportResultCode.SUCCESS` of OpenTelemetry's core. */
const SUCCESS = 0

/** Sends spans away in batches. A collector that does not answer costs spans and one line in the log. */
export function createSpanExport(
  exporter: SpanExporter,
  { exportMs, log, onSpans }: SpanExportOptions,
): SpanProcessor {
  let waiting = 0
  let delivering = true

  const settled = (count: number, error: Error | null) => {
    waiting -= count
    onSpans(error === null ? 'exported' : 'failed', count)
    if (delivering === (error === null)) return
    delivering = !delivering
    if (error === null) log.info({}, 'Traces are delivered again')
    else log.warn({ reason: error.message }, 'Traces are not delivered, and are lost until they are')
  }

  const watched: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const { code, error } = result
        settled(spans.length, code === SUCCESS ? null : (error ?? new Error('The exporter gave no reason')))
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
  const batches = new BatchSpanProcessor({
    exporter: watched,
    maxQueueSize: MOST_WAITING,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: BATCH_EVERY_MS,
    exportTimeoutMillis: exportMs,
  })

  return {
    onStart: () => undefined,
    onEnd(span) {
      // The batches have a limit of their own, but drop in silence.
      if (waiting >= MOST_WAITING) return onSpans('dropped', 1)
      waiting++
      batches.onEnd(span)
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  }
}
