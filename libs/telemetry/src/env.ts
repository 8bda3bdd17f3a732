import { urlOf } from '@courtside/config'
import * as z from 'zod'

/** The settings of tracing, for the environment of every process that serves requests. */
export const telemetryEnvShape = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: urlOf('http', 'https').optional(),
  TRACE_SAMPLE_RATE: z
    .string()
    .default('0.01')
    .refine((text) => /^(0(\.\d+)?|1(\.0+)?)$/.test(text), 'expected a number from 0 to 1')
    .transform(Number),
})
