import {
  type Attributes,
  type Context,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  trace as traceApi,
  type Tracer,
} from '@opentelemetry/api'
import { isDomainError } from '@courtside/kernel'
import { toTraceparent } from './traceparent.ts'

/** Something that took time, within a traced request. */
export interface Span {
  /** The header by which whoever is called puts its spans under this one. */
  traceparent(): string
  /** What is undefined is left out. */
  set(attributes: Attributes): void
  /** Says that it failed, and how: an error, or the name of its kind. Never an error's message, which quotes input. */
  fail(error: unknown): void
  end(): void
}

/** The span of a whole request, under which its others are. */
export interface Trace extends Span {
  readonly traceId: string
  rename(name: string): void
  /**
   * A span under this one; `client` where somebody else is asked. The parent is an argument all the way down, not found
   * through AsyncLocalStorage: a signature says who takes part in a trace, and the requests that are not traced, 99 of
   * 100, carry nothing along. SQL statements are the exception; `createStatementSpans` says why.
   */
  span(name: string, kind: 'client' | 'internal', attributes?: Attributes): Span
}

const KINDS = { client: SpanKind.CLIENT, internal: SpanKind.INTERNAL }
const LONGEST_ERROR_TYPE = 100

export function toSpan(span: SdkSpan): Span {
  const { traceId, spanId } = span.spanContext()
  return {
    traceparent: () => toTraceparent(traceId, spanId),
    set: (attributes) => void span.setAttributes(attributes),
    fail(error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      span.setAttribute('error.type', toErrorType(error).slice(0, LONGEST_ERROR_TYPE))
    },
    end: () => span.end(),
  }
}

export function toTrace(span: SdkSpan, tracer: Tracer, parent: Context): Trace {
  const under = traceApi.setSpan(parent, span)
  return {
    ...toSpan(span),
    traceId: span.spanContext().traceId,
    rename: (name) => void span.updateName(name),
    span: (name, kind, attributes = {}) =>
      toSpan(tracer.startSpan(name, { kind: KINDS[kind], attributes }, under)),
  }
}

/** The code that callers branch on, or else the class. `_OTHER` is OpenTelemetry's word for neither. */
function toErrorType(error: unknown): string {
  if (typeof error === 'string') return error
  if (isDomainError(error)) return error.code
  return error instanceof Error ? error.name : '_OTHER'
}
