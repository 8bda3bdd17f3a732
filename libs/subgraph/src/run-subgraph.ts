import { createHttpEdge, createMetrics, healthRoutes } from '@courtside/http'
import type { Logger } from '@courtside/logger'
import { type Running, runProcess } from '@courtside/process'
import type { Subgraph } from './create-subgraph.ts'

export interface RunSubgraphOptions {
  host: string
  port: number
  log: Logger
  compose(): Promise<Subgraph>
}

const DRAIN_MS = 10_000

/** A process that serves one subgraph. */
export function runSubgraph({ host, port, log, compose }: RunSubgraphOptions): void {
  runProcess(log, async (): Promise<Running> => {
    const subgraph = await compose()
    let draining = false
    const edge = createHttpEdge({
      log,
      routes: [
        subgraph.route,
        ...healthRoutes({ problems: async () => (draining ? ['draining'] : subgraph.readiness.problems()) }),
        createMetrics().route,
      ],
    })
    try {
      const { url } = await edge.listen({ host, port })
      log.info({ url: `${url}/graphql` }, `${subgraph.name} is ready`)
    } catch (error) {
      await subgraph.stop()
      throw error
    }
    return {
      async stop() {
        draining = true
        await edge.drain(DRAIN_MS)
        await subgraph.stop()
      },
    }
  })
}
