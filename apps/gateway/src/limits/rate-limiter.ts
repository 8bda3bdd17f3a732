import type { Clock } from '@courtside/kernel'
import { LRUCache } from 'lru-cache'

export interface Taken {
  allowed: boolean
  /** How long until the same would be allowed; 0 when it is. */
  retryAfterSeconds: number
}

/**
 * Says whether `key` may do one thing more. Asynchronous because several gateways share their counts through a
 * store; one gateway counts for itself.
 */
export interface RateLimiter {
  /** Takes `cost` of what the key has left, all or nothing. A cost of 0 only asks whether anything is left. */
  take(key: string, perMinute: number, cost?: number): Promise<Taken>
}

interface Bucket {
  tokens: number
  at: number
}

/** As many callers as are remembered. Who is forgotten begins with a full bucket. */
const REMEMBERED = 50_000

/** What a caller with no allowance at all is told to wait, in seconds. */
const LONGEST_WAIT = 3_600

/** Token buckets that hold a minute's allowance, in the memory of this process. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const buckets = new LRUCache<string, Bucket>({ max: REMEMBERED })
  return {
    async take(key, perMinute, cost = 1) {
      const now = clock.now().getTime()
      const perMs = perMinute / 60_000
      const bucket = buckets.get(key) ?? { tokens: perMinute, at: now }
      // A clock that was set back must not take tokens away.
      const elapsed = Math.max(0, now - bucket.at)
      const tokens = Math.min(perMinute, bucket.tokens + elapsed * perMs)
      const needed = Math.max(cost, 1)
      const allowed = tokens >= needed
      buckets.set(key, { tokens: allowed ? tokens - cost : tokens, at: now })
      if (allowed) return { allowed, retryAfterSeconds: 0 }
      return {
        allowed,
        retryAfterSeconds: Math.min(LONGEST_WAIT, Math.ceil((needed - tokens) / perMs / 1000)),
      }
    },
  }
}
