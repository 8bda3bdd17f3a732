import { type CompiledOperation, type Engine } from '@courtside/federation'
import type { Trace } from '@courtside/telemetry'
import { LRUCache } from 'lru-cache'
import type { OperationCaching } from '../caching/index.ts'
import type { PreparedDocument, PreparedOperation } from '../operations/index.ts'
import { beginCompileSpan } from '../observability/index.ts'
import type { Caller } from '../transports/index.ts'
import { type SchemaShare, schemaShareOf } from './schema-share.ts'

/** All that is worked out once for an operation, whoever sends it and with whatever variables. */
export interface ReadyOperation {
  readonly schemaShare: SchemaShare
  /** Null for one that asks for nothing but the schema: it needs no plan. */
  readonly compiled: CompiledOperation<Caller> | null
  readonly caching: OperationCaching
}

export interface ReadyOperations {
  /** `trace` is that of the request, which may be the first that sends the operation. */
  of(document: PreparedDocument, operation: PreparedOperation, trace: Trace | null): ReadyOperation
}

export interface ReadyOperationsOptions {
  engine: Engine<Caller>
  cachingOf(document: PreparedDocument, operation: PreparedOperation): OperationCaching
  onCompiled(outcome: 'compiled' | 'refused', seconds: number): void
  onKept(count: number, bytes: number): void
}

/** What is compiled weighs some 20 KB for a page of three subgraphs, so this is room for thousands. */
const MOST_BYTES = 64 * 1024 * 1024

export function createReadyOperations(options: ReadyOperationsOptions): ReadyOperations {
  const { engine, cachingOf, onCompiled, onKept } = options
  const ready = new LRUCache<string, ReadyOperation>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ compiled, caching }) => 1 + (compiled?.weight ?? 0) + caching.weight,
  })

  const compile = (document: PreparedDocument, operation: PreparedOperation, trace: Trace | null) => {
    const started = performance.now()
    const span = beginCompileSpan(trace)
    let outcome: 'compiled' | 'refused' = 'refused'
    try {
      const compiled = engine.compile(document.document, operation.name)
      outcome = 'compiled'
      return compiled
    } finally {
      span?.end()
      onCompiled(outcome, (performance.now() - started) / 1000)
    }
  }

  return {
    of(document, operation, trace) {
      const known = ready.get(operation.key)
      if (known) return known
      const schemaShare = schemaShareOf(document.document, operation.name)
      const made: ReadyOperation = {
        schemaShare,
        compiled: schemaShare === 'whole' ? null : compile(document, operation, trace),
        caching: cachingOf(document, operation),
      }
      ready.set(operation.key, made)
      onKept(ready.size, ready.calculatedSize)
      return made
    },
  }
}
