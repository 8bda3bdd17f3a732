import {
  type CompiledOperation,
  createOperationCache,
  type Engine,
  type OperationSource,
  type WarmUpReport,
} from '@courtside/federation'
import type { Trace } from '@courtside/telemetry'
import { beginCompileSpan, type GatewayMetrics } from '../observability/index.ts'
import type { PreparedDocument, PreparedOperation } from '../operations/index.ts'
import type { Caller } from '../transports/index.ts'

/** Operations that are ready to run, each compiled when it is met for the first time. */
export interface CompiledOperations {
  of(document: PreparedDocument, operation: PreparedOperation, trace: Trace | null): CompiledOperation<Caller>
  /** Compiles in the background what is expected to be asked for. */
  warmUp(sources: Iterable<OperationSource>): Promise<WarmUpReport>
}

export type CompilationMetrics = Pick<GatewayMetrics, 'compilation' | 'compiledOperations'>

/** Room for about a thousand large pages. */
const MOST_BYTES = 64 * 1024 * 1024

export function createCompiledOperations(
  engine: Engine<Caller>,
  metrics: CompilationMetrics,
): CompiledOperations {
  const cache = createOperationCache({ engine: measured(engine, metrics), maxBytes: MOST_BYTES })
  const tellKept = () => metrics.compiledOperations(cache.count, cache.bytes)
  return {
    of(document, operation, trace) {
      const { key } = operation
      const known = cache.find(key)
      if (known) return known
      const span = beginCompileSpan(trace)
      try {
        return cache.compile({ key, document: document.document, operationName: operation.name })
      } finally {
        span?.end()
        tellKept()
      }
    },
    async warmUp(sources) {
      const report = await cache.warmUp(sources)
      tellKept()
      return report
    },
  }
}

function measured(engine: Engine<Caller>, metrics: CompilationMetrics): Engine<Caller> {
  return {
    compile(document, operationName) {
      const started = performance.now()
      let outcome: 'compiled' | 'refused' = 'refused'
      try {
        const compiled = engine.compile(document, operationName)
        outcome = 'compiled'
        return compiled
      } finally {
        metrics.compilation(outcome, (performance.now() - started) / 1000)
      }
    },
  }
}
