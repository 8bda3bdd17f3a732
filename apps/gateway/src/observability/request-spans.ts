import type { FetchTemplate } from '@courtside/federation'
import type { IncomingMessage } from 'node:http'
import type { Span, Trace, Tracing } from '@courtside/telemetry'
import { LONGEST_NAME } from '../limits/index.ts'
import type { RequestEnd, RequestOutcome } from './gateway-metrics.ts'

/**
 * The spans of one request. Names and attributes are those of OpenTelemetry's semantic conventions. Neither the text of
 * an operation nor its variables are among them: they hold what people type.
 */
export function beginRequestTrace(tracing: Tracing, { headers, method }: IncomingMessage): Trace | null {
  const trace = tracing.begin(headers['traceparent'], 'GraphQL Operation')
  trace?.set({ 'http.request.method': method ?? 'GET', 'url.path': '/graphql' })
  return trace
}

/** What the trace of a request is told at its end. */
export interface TracedRequest {
  readonly operation: { readonly name: string | null; readonly type: string } | null
  readonly outcome: RequestOutcome
  readonly code: string
}

export function endRequestTrace(
  trace: Trace,
  { operation, code }: TracedRequest,
  ended: RequestEnd,
  status: number,
): void {
  // Clients choose the names of their operations, so they are no name for a span.
  if (operation !== null) trace.rename(operation.type)
  trace.set({
    'graphql.operation.type': operation?.type,
    'graphql.operation.name': operation?.name?.slice(0, LONGEST_NAME),
    'http.response.status_code': status,
    'courtside.outcome': ended,
  })
  // What a client did wrong is no failure of the server; its code is told all the same.
  if (ended === 'failed' || ended === 'partial') trace.fail(code)
  else if (code !== '') trace.set({ 'error.type': code })
  trace.end()
}

/** An operation met for the first time is planned and compiled. */
export function beginCompileSpan(trace: Trace | null): Span | null {
  return trace === null ? null : trace.span('compile', 'internal')
}

/** One call to a subgraph, whose `traceparent()` goes with it. A repeated call is the same span. */
export function beginFetchSpan(
  trace: Trace | null,
  subgraph: string,
  type: FetchTemplate['type'],
): Span | null {
  if (trace === null) return null
  return trace.span(`fetch ${subgraph}`, 'client', {
    'graphql.operation.type': type,
    'server.address': subgraph,
  })
}

/** `failure` is null for a call that was answered, whatever the answer says. */
export function endFetchSpan(span: Span, failure: string | null): void {
  if (failure !== null) span.fail(failure)
  span.end()
}
