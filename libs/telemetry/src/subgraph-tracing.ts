import type { Span, Trace } from './span.ts'
import { createStatementSpans } from './statement-spans.ts'
import type { Tracing } from './tracing.ts'

export interface TracedOperation {
  readonly subgraph: string
  readonly type: 'query' | 'mutation'
  readonly name: string | null
}

/** How a subgraph takes part in the traces of the gateway. */
export interface SubgraphTracing {
  /**
   * Runs an operation, in the gateway's trace where it has one: `work` is given the span, to tell it of a failure that
   * is not thrown. Without a trace it is only called.
   */
  run<Result>(
    traceparent: string | string[] | undefined,
    operation: TracedOperation,
    work: (trace: Trace | null) => Promise<Result>,
  ): Promise<Result>
  /** For the subgraph's database: its statements belong to the operation that sends them. */
  watchStatement(sql: string): Span | null
}

export function createSubgraphTracing(tracing: Tracing): SubgraphTracing {
  const statements = createStatementSpans()
  return {
    run(traceparent, operation, work) {
      const trace = tracing.follow(traceparent, operation.type)
      if (trace === null) return work(null)
      trace.set({
        'graphql.operation.type': operation.type,
        'graphql.operation.name': operation.name ?? undefined,
        'server.address': operation.subgraph,
      })
      return statements.within(trace, () => untilAnswered(trace, work))
    },
    watchStatement: statements.watch,
  }
}

async function untilAnswered<Result>(trace: Trace, work: (trace: Trace) => Promise<Result>): Promise<Result> {
  try {
    return await work(trace)
  } catch (error) {
    trace.fail(error)
    throw error
  } finally {
    trace.end()
  }
}
