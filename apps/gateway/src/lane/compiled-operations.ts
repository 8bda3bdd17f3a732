import { randomUUID } from 'node:crypto'
import {
  createOperationCache,
  type OperationSource,
  type WarmUpReport,
  type Weighed,
} from '@courtside/federation'
import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { RequestRefusal } from '../errors/index.ts'
import { beginCompileSpan, type CompiledOperationsKept, type GatewayMetrics } from '../observability/index.ts'
import type { PreparedDocument, PreparedOperation } from '../operations/index.ts'
import type { Caller } from '../transports/index.ts'

/** Operations that are ready to run, each compiled when it is met for the first time. */
export interface CompiledOperations<Compiled> {
  /** Whether it can be run, or refused, at once. */
  isReady(operation: Pick<PreparedOperation, 'key'>): boolean
  /** Throws a refusal where it cannot be compiled. That is told to the log once, and remembered. */
  of(
    document: Pick<PreparedDocument, 'document'>,
    operation: Pick<PreparedOperation, 'key' | 'name'>,
    caller: Pick<Caller, 'log' | 'trace'>,
  ): Compiled
  /** Compiles in the background what is expected to be asked for. */
  warmUp(sources: Iterable<OperationSource>): Promise<WarmUpReport>
  kept(): CompiledOperationsKept
}

export type CompilationMetrics = Pick<GatewayMetrics, 'compilation'>

export interface CompiledOperationsOptions<Compiled> {
  /** Throws for an operation that cannot be planned. */
  compile(document: DocumentNode, operationName: string | null): Compiled
  /** How much may be kept, and as much again of what was warmed up. */
  maxBytes: number
  metrics: CompilationMetrics
}

/** To plan takes some milliseconds even where it ends with nothing, and whoever sent it may send it again. */
const MOST_REFUSALS = 1_000

export const OPERATION_NOT_PLANNABLE = 'OPERATION_NOT_PLANNABLE'

export function createCompiledOperations<Compiled extends Weighed>({
  compile,
  maxBytes,
  metrics,
}: CompiledOperationsOptions<Compiled>): CompiledOperations<Compiled> {
  const cache = createOperationCache({ compile: measured(compile, metrics), maxBytes })
  /** The ids under which the log says why. */
  const refused = new LRUCache<string, string>({ max: MOST_REFUSALS })
  return {
    isReady: ({ key }) => cache.find(key) !== undefined || refused.has(key),
    of({ document }, { key, name }, caller) {
      const known = cache.find(key)
      if (known) return known
      const refusedAs = refused.get(key)
      if (refusedAs !== undefined) throw notPlannable(refusedAs)
      const span = beginCompileSpan(caller.trace ?? null)
      try {
        return cache.compile({ key, document, operationName: name })
      } catch (error) {
        const errorId = randomUUID()
        refused.set(key, errorId)
        span?.fail(error)
        caller.log.error(
          { err: error, 'error.id': errorId, operation: key, 'operation.name': name },
          'An operation cannot be planned and is refused from now on',
        )
        throw notPlannable(errorId)
      } finally {
        span?.end()
      }
    },
    warmUp: cache.warmUp,
    kept: () => ({ count: cache.count, bytes: cache.bytes }),
  }
}

/** No 500: on this graph it would fail each time, so a client must not repeat it and nobody need be woken. */
function notPlannable(errorId: string): RequestRefusal {
  const message =
    'This operation fits the schema, and still this gateway cannot run it. Ask for its parts one by one, ' +
    `and report it with the id ${errorId}.`
  return new RequestRefusal(400, [{ message, extensions: { code: OPERATION_NOT_PLANNABLE, errorId } }])
}

function measured<Compiled>(
  compile: CompiledOperationsOptions<Compiled>['compile'],
  metrics: CompilationMetrics,
): CompiledOperationsOptions<Compiled>['compile'] {
  return (document, operationName) => {
    const started = performance.now()
    let outcome: 'compiled' | 'refused' = 'refused'
    try {
      const compiled = compile(document, operationName)
      outcome = 'compiled'
      return compiled
    } finally {
      metrics.compilation(outcome, (performance.now() - started) / 1000)
    }
  }
}
