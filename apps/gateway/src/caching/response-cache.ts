import type { Clock } from '@courtside/kernel'
import type { AnswerStore, Awaitable, Mark } from './answer-store.ts'
import type { CachePolicy } from './cache-policy.ts'
import type { Tag } from './tags.ts'

export interface ResponseCacheOptions {
  store: AnswerStore
  clock: Clock
  /** Answers under another name are not found: of another graph, or of a gateway that writes them differently. */
  keyspace: string
  /** Letters of the largest answer that is stored. Default: 256 × 1024. */
  largestAnswer?: number
  /** Default: 500. An answer about more is not stored. */
  mostTags?: number
  /** A hint that asks for more is cut. Default: one hour. */
  longestSeconds?: number
  /** `error`: the store is out of order, which is a miss for the client. Default: nobody is told. */
  onEvent?(event: 'hit' | 'miss' | 'store' | 'error'): void
}

/** The moment before a read, as `put` needs to know it. */
export interface Beginning {
  readonly mark: Mark
  readonly at: number
}

export interface Found {
  /** Null when nothing is remembered, or nothing that is still true. */
  readonly text: string | null
  /** For how long `text` may be given again. */
  readonly maxAgeSeconds: number
  /** Null when the store is out of order: the answer of the read that follows cannot be put. */
  readonly beginning: Beginning | null
}

/** Remembers answers that are the same for everybody. */
export interface ResponseCache {
  get(key: string): Awaitable<Found>
  /** `tags` are asked for only when the answer can be stored. Null: there are too many. */
  put(
    key: string,
    text: string,
    policy: CachePolicy,
    tagsWithin: (most: number) => readonly Tag[] | null,
    beginning: Beginning,
  ): Awaitable<void>
  /** Answers that carry any of these tags are not given again. */
  invalidate(tags: readonly Tag[]): Awaitable<void>
}

const NOTHING = { text: null, maxAgeSeconds: 0 }

export function createResponseCache(options: ResponseCacheOptions): ResponseCache {
  const { store, clock, keyspace, onEvent } = options
  const { largestAnswer = 256 * 1024, mostTags = 500, longestSeconds = 3600 } = options
  const now = () => clock.now().getTime()

  const toFound = (look: Awaited<ReturnType<AnswerStore['look']>>, at: number): Found => {
    if (look === null) {
      onEvent?.('error')
      return { ...NOTHING, beginning: null }
    }
    const { mark, hit } = look
    onEvent?.(hit === null ? 'miss' : 'hit')
    if (hit === null) return { ...NOTHING, beginning: { mark, at } }
    return { text: hit.text, maxAgeSeconds: Math.floor(hit.remainingMs / 1000), beginning: { mark, at } }
  }

  return {
    get(key) {
      const at = now()
      const look = store.look(`${keyspace} ${key}`)
      return look instanceof Promise ? look.then((found) => toFound(found, at)) : toFound(look, at)
    },
    put(key, text, policy, tagsWithin, beginning) {
      if (policy.scope !== 'PUBLIC' || text.length > largestAnswer) return
      // The age counts from before the read: what it found may have changed right after.
      const ageMs = Math.max(0, now() - beginning.at)
      const lifetimeMs = Math.min(policy.maxAgeSeconds, longestSeconds) * 1000 - ageMs
      if (lifetimeMs <= 0) return
      const tags = tagsWithin(mostTags)
      if (tags === null) return
      onEvent?.('store')
      return store.put(`${keyspace} ${key}`, { text, tags, lifetimeMs }, beginning.mark)
    },
    invalidate: (tags) => (tags.length > 0 ? store.invalidate(tags) : undefined),
  }
}
