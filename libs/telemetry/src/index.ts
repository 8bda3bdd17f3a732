export { telemetryEnvShape } from './env.ts'
export type { Span, Trace } from './span.ts'
export { createTracing, type Tracing, type TracingOptions } from './tracing.ts'
