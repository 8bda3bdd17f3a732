import type { Tag } from './tags.ts'

/**
 * Remembers answers and forgets those that have become untrue. All invalidations of a store are counted. A mark is the
 * count that a read found before it began; its answer counts as true until one of its tags is invalidated after that,
 * also when that happened while it was being read. So a slow read never brings back what was dropped meanwhile.
 */
export interface AnswerStore {
  /** Null when the store is out of order: nothing is found, and nothing should be put. */
  look(key: string): Awaitable<Look | null>
  /** Never throws: what cannot be stored is not. */
  put(key: string, answer: StoredAnswer, mark: Mark): Awaitable<void>
  /** Never throws: a store out of order gives no answer before it has made up for it. */
  invalidate(tags: readonly Tag[]): Awaitable<void>
}

/** What is at hand is not waited for: a promise costs more than a look into memory. */
export type Awaitable<Value> = Value | Promise<Value>

/** Understood by the store that gave it. */
export type Mark = string

export interface Look {
  readonly mark: Mark
  readonly hit: { readonly text: string; readonly remainingMs: number } | null
}

export interface StoredAnswer {
  readonly text: string
  readonly tags: readonly Tag[]
  readonly lifetimeMs: number
}
