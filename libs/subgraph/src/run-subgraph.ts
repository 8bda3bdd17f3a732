import { createHttpEdge, createMetrics, healthRoutes, type Metrics } from '@courtside/http'
import type { Logger } from '@courtside/logger'
import { type Running, runProcess } from '@courtside/process'
import type { Tracing } from '@courtside/telemetry'
import type { Subgraph } from './create-subgraph.ts'

export interface ServedSubgraph {
  subgraph: Subgraph
  tracing: Tracing
  host: string
  port: number
}

const DRAIN_MS = 10_000

/** A process that serves one subgraph. `start` reads its settings as well, so that a wrong one is told like any fault. */
export function runSubgraph(log: Logger, start: (metrics: Metrics) => Promise<ServedSubgraph>): void {
  runProcess(log, async (): Promise<Running> => {
    const metrics = createMetrics()
    const { subgraph, tracing, host, port } = await start(metrics)
    await using starting = new AsyncDisposableStack()
    starting.defer(() => tracing.shutdown())
    starting.defer(() => subgraph.stop())
    let draining = false
    const edge = createHttpEdge({
      log,
      onUpgrade: subgraph.socket.onUpgrade,
      routes: [
        subgraph.route,
        ...healthRoutes({ problems: async () => (draining ? ['draining'] : subgraph.readiness.problems()) }),
        metrics.route,
      ],
    })
    const { url } = await edge.listen({ host, port })
    log.info({ url: `${url}/graphql` }, `${subgraph.name} is ready`)

    const started = starting.move()
    return {
      async stop() {
        draining = true
        subgraph.socket.drain()
        await edge.drain(DRAIN_MS)
        await started.disposeAsync()
      },
    }
  })
}
