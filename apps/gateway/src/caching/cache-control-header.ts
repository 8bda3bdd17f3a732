import type { CachePolicy } from './cache-policy.ts'

/** Answers differ by who asks, so nothing on the way may keep one unless its hints say so. */
export const NOT_STORED = 'private, no-store'

/** The value of `Cache-Control` for an answer. What lacks a part must be asked for again, whatever its policy says. */
export function cacheControlOf(policy: CachePolicy | null, isWhole: boolean): string {
  if (policy === null || !isWhole) return NOT_STORED
  return `max-age=${policy.maxAgeSeconds}, ${policy.scope === 'PUBLIC' ? 'public' : 'private'}`
}
