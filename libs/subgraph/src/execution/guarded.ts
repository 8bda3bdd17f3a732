import { inspect } from 'node:util'

/** This answer is none for compiled code to give. The interpreter runs the operation again, from the beginning. */
export class Unfit extends Error {
  override readonly name: string = 'Unfit'
}

/** A promise or a method stood where compiled code reads a plain property. */
export class NotReady extends Unfit {
  override readonly name = 'NotReady'
}

/**
 * A promise as compiled code may wait for it. What that code does with a value is not protected: a getter or a
 * `__resolveType` that throws would leave its operation waiting for ever. Here it makes the operation unfit instead.
 */
export class Guarded {
  readonly #promise: PromiseLike<unknown>
  readonly #listDepth: number
  readonly #isItem: boolean

  /** `listDepth`: how many lists deep the promised value is. */
  constructor(promise: PromiseLike<unknown>, listDepth: number, isItem = false) {
    this.#promise = promise
    this.#listDepth = listDepth
    this.#isItem = isItem
  }

  then(onValue: (value: unknown) => void, onFault: (fault: unknown) => void): void {
    this.#promise.then(
      (value) => {
        try {
          onValue(this.#listDepth === 0 ? value : guardItems(value, this.#listDepth))
        } catch (cause) {
          onFault(unfit(cause))
        }
      },
      // For a rejected item, compiled code appends a null to the end of the list, wherever the item stood. An error as
      // a value means the same, and stays in its place.
      this.#isItem ? (fault: unknown) => onValue(toError(fault)) : onFault,
    )
  }
}

/** The value of a list field, `depth` lists deep, with every promise in it guarded. The given list stays as it is. */
export function guardItems(value: unknown, depth: number): unknown {
  const items = toArray(value)
  if (items === null || (depth === 1 && !items.some(isPromise))) return items ?? value
  return items.map((item) => {
    if (isPromise(item)) return new Guarded(item, depth - 1, true)
    return depth > 1 ? guardItems(item, depth - 1) : item
  })
}

/** Null for what is no list: the compiled code will say so. */
function toArray(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as unknown[]
  return typeof value === 'object' && value !== null && Symbol.iterator in value
    ? Array.from(value as Iterable<unknown>)
    : null
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function unfit(cause: unknown): Unfit {
  return cause instanceof Unfit ? cause : new Unfit('A value cannot be read', { cause })
}

function toError(fault: unknown): Error {
  return fault instanceof Error ? fault : new Error(`Unexpected error value: ${inspect(fault)}`)
}
