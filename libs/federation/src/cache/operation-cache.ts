import { setImmediate } from 'node:timers/promises'
import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

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

/** What is compiled from an operation, of whatever type. */
export interface Weighed {
  /** About how many bytes it holds. */
  readonly weight: number
}

export interface OperationCacheOptions<Compiled extends Weighed> {
  compile(document: DocumentNode, operationName: string | null): Compiled
  /**
   * How much compiled operations may weigh together. Those used longest ago go first. What was warmed up has as much
   * room again and stays: else anybody could drive it out with operations that nobody sends twice.
   */
  maxBytes: number
}

/** The compiled operations of one graph. With another graph another cache begins. */
export interface OperationCache<Compiled extends Weighed> {
  readonly count: number
  readonly bytes: number
  find(key: string): Compiled | undefined
  /** The operation from here, or compiled now. Throws what compiling throws, and remembers no failure. */
  compile(source: OperationSource): Compiled
  /**
   * Compiles what is expected to be asked for, so that the first who asks need not wait. In between it lets requests
   * pass, and it stops where its room is full.
   */
  warmUp(sources: Iterable<OperationSource>): Promise<WarmUpReport>
}

export function createOperationCache<Compiled extends Weighed>(
  options: OperationCacheOptions<Compiled>,
): OperationCache<Compiled> {
  const { maxBytes } = options
  const operations = new LRUCache<string, Compiled>({
    maxSize: maxBytes,
    sizeCalculation: ({ weight }) => weight,
  })

  const warmed = new Map<string, Compiled>()
  let warmedBytes = 0

  const find = (key: string) => warmed.get(key) ?? operations.get(key)
  const compile = ({ key, document, operationName }: OperationSource): Compiled => {
    const known = find(key)
    if (known) return known
    const operation = options.compile(document, operationName)
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
