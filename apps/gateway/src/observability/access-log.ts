import type { ServerResponse } from 'node:http'
import type { Principal } from '@courtside/auth'
import type { Logger } from '@courtside/logger'
import type { Trace, Tracing } from '@courtside/telemetry'
import { LONGEST_NAME } from '../limits/index.ts'
import type { GatewayMetrics, RequestEnd, RequestOutcome } from './gateway-metrics.ts'
import { beginRequestTrace, endRequestTrace } from './request-spans.ts'

/** What is known of a request, filled in as it becomes known. */
export interface RequestRecord {
  principal: Principal | null
  operation: { name: string | null; type: string } | null
  outcome: RequestOutcome
  /** The first error's code; empty when there was none. */
  code: string
  /** Null for a request that is not traced. */
  readonly trace: Trace | null
  /** Set when what follows is a stream, which may go on for hours. It is counted by itself. */
  isStreaming: boolean
  /** Writes it, once. */
  readonly end: () => void
}

export interface AccessLogOptions {
  metrics: GatewayMetrics
  /** A request that takes longer is warned of. In milliseconds. */
  slowMs: number
  /**
   * `problems` leaves out what went well and was not slow: metrics count it and traces sample it. A line with its
   * logger takes 9 µs, all the rest of a record 0.2. Default: `all`.
   */
  lines?: 'all' | 'problems'
  /** Default: no request is traced. */
  tracing?: Tracing
}

/** Begins the record of one request; its line and its figures are written when the answer has left, or the client has. */
export function recordRequest(
  response: ServerResponse,
  log: Logger,
  options: AccessLogOptions,
): RequestRecord {
  const started = performance.now()
  options.metrics.requestBegan()
  const trace = options.tracing ? beginRequestTrace(options.tracing, response.req) : null
  let isEnded = false
  const record: RequestRecord = {
    principal: null,
    operation: null,
    outcome: 'failed',
    code: '',
    trace,
    isStreaming: false,
    end() {
      if (isEnded) return
      isEnded = true
      endRecord(record, response, performance.now() - started, log, options)
    },
  }
  // It closes once. `once` would make two more functions to watch over that.
  response.on('close', record.end)
  return record
}

/** The record of a request ends where its stream begins. */
export function endAtStream(record: RequestRecord): void {
  record.isStreaming = true
  record.end()
}

function endRecord(
  record: RequestRecord,
  response: ServerResponse,
  milliseconds: number,
  log: Logger,
  { metrics, slowMs, lines }: AccessLogOptions,
): void {
  const { operation, outcome, code, trace } = record
  const ended: RequestEnd = record.isStreaming || response.writableFinished ? outcome : 'abandoned'
  metrics.request(operation?.type ?? 'unknown', ended, code, milliseconds / 1000)
  if (trace !== null) endRequestTrace(trace, record, ended, response.statusCode)
  const slow = milliseconds > slowMs
  if (ended === 'ok' && !slow && lines === 'problems') return
  const fields = toFields(record, ended, response.statusCode, milliseconds)
  if (slow) log.warn(fields, 'Slow GraphQL request')
  else log.info(fields, 'GraphQL request')
}

function toFields(
  { principal, operation, code, trace }: RequestRecord,
  ended: RequestEnd,
  status: number,
  milliseconds: number,
): object {
  return {
    'principal.kind': principal?.kind ?? 'unknown',
    'user.id': principal?.userId ?? undefined,
    'api-key.id': principal?.apiKeyId ?? undefined,
    'operation.name': operation?.name?.slice(0, LONGEST_NAME),
    'operation.type': operation?.type,
    'trace.id': trace?.traceId,
    outcome: ended,
    code: code || undefined,
    status,
    durationMs: Math.round(milliseconds * 10) / 10,
  }
}
