import { setImmediate } from 'node:timers/promises'
import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { CompiledOperation, Engine } from '../engine.ts'

export interface OperationSource {
  /** Tells this operation from all others: of one document, a name makes another. */
  readonly key: string
  readonly document: DocumentNode
  readonly operationName: string | null
}

export interface WarmUpReport {
  readonly compiled: number
  readonly failed: readonly { readonly key: string; readonly error: unknown }[]
}

export interface OperationCacheOptions<Context> {
  engine: Engine<Context>
  /**
   * How much compiled operations may weigh together. Those used longest ago go first. What was warmed up has as much
   * room again and stays: else anybody could drive it out with operations that nobody sends twice.
   */
  maxBytes: number
}

/** The compiled operations of one graph. With another graph another cache begins. */
export interface OperationCache<Context> {
  readonly count: number
  readonly bytes: number
  find(key: string): CompiledOperation<Context> | undefined
  /** The operation from here, or compiled now. Throws what the engine throws, and remembers no failure. */
  compile(source: OperationSource): CompiledOperation<Context>
  /**
   * Compiles what is expected to be asked for, so that the first who asks need not wait. In between it lets requests
   * pass, and it stops where its room is full.
   */
  warmUp(sources: Iterable<OperationSource>): Promise<WarmUpReport>
}

export function createOperationCache<Context>(
  options: OperationCacheOptions<Context>,
): OperationCache<Context> {
  const { engine, maxBytes } = options
  const operations = new LRUCache<string, CompiledOperation<Context>>({
    maxSize: maxBytes,
    sizeCalculation: ({ weight }) => weight,
  })

  const warmed = new Map<string, CompiledOperation<Context>>()
  let warmedBytes = 0

  const find = (key: string) => warmed.get(key) ?? operations.get(key)
  const compile = ({ key, document, operationName }: OperationSource): CompiledOperation<Context> => {
    const known = find(key)
    if (known) return known
    const operation = engine.compile(document, operationName)
    // One that is larger than the whole cache serves its request and is not kept.
    operations.set(key, operation)
    return operation
  }

  return {
    get count() {
      return operations.size + warmed.size
    },
    get bytes() {
      return operations.calculatedSize + warmedBytes
    },
    find,
    compile,
    async warmUp(sources) {
      let compiled = 0
      const failed: { key: string; error: unknown }[] = []
      for (const source of sources) {
        if (warmed.has(source.key)) continue
        try {
          const operation = compile(source)
          if (warmedBytes + operation.weight > maxBytes) break
          operations.delete(source.key)
          warmed.set(source.key, operation)
          warmedBytes += operation.weight
          compiled++
        } catch (error) {
          failed.push({ key: source.key, error })
        }
        await setImmediate()
      }
      return { compiled, failed }
    },
  }
}
