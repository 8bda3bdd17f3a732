import { describe, expect, test } from '@jest/globals'
import { readEnv } from '@courtside/config'
import { telemetryEnvShape } from './env.ts'

const read = (environment: Record<string, string>) => readEnv(telemetryEnvShape(), environment)

describe('the settings of tracing', () => {
  test('may all be missing', () => {
    expect(read({})).toEqual({ TRACE_SAMPLE_RATE: 0.01 })
  })

  test.each([
    ['0', 0],
    ['0.05', 0.05],
    ['1', 1],
    ['1.0', 1],
  ])('take %s as a rate', (text, rate) => {
    expect(read({ TRACE_SAMPLE_RATE: text }).TRACE_SAMPLE_RATE).toBe(rate)
  })

  test.each(['1.1', '2', '-0.1', '1e-2', '5%', '.5', 'NaN'])('do not take %s as a rate', (text) => {
    expect(() => read({ TRACE_SAMPLE_RATE: text })).toThrow(
      'TRACE_SAMPLE_RATE: expected a number from 0 to 1',
    )
  })

  test('name a collector by its address', () => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' })).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    })
    expect(() => read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow('beginning with http://')
  })
})
