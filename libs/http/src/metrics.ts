import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Route } from './http-edge.ts'
import { sendText } from './messages.ts'

/** The figures of one process, in one registry, so that several parts of an all-in-one process share `/metrics`. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter
  gauge(name: string, help: string, labels?: readonly string[]): Gauge
  /** Buckets are seconds from 1 ms to 10 s. */
  durations(name: string, help: string, labels?: readonly string[]): Histogram
  readonly route: Route
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: [...labels], registers }),
    durations: (name, help, labels = []) =>
      new Histogram({ name, help, labelNames: [...labels], registers, buckets: SECONDS }),
    route: {
      path: '/metrics',
      async handle(_request, response) {
        sendText(response, 200, registry.contentType, await registry.metrics())
      },
    },
  }
}
