import type { CachePolicy } from './cache-policy.ts'

/** Answers differ by who asks, so nothing on the way may keep one unless its hints say so. */
export const NOT_STORED = 'private, no-store'

/** The value of `Cache-Control` for an answer. What lacks a part must be asked for again, whatever its policy says. */
export function cacheControlOf(policy: CachePolicy | null, isWhole: boolean): string {
  if (policy === null || !isWhole) return NOT_STORED
  return `max-age=${policy.maxAgeSeconds}, ${policy.scope === 'PUBLIC' ? 'public' : 'private'}`
}

/**
 * What else an answer depends on, besides `base`. A browser that kept the answer to one person must not give it to the
 * next one who signs in there: without this, a cache does not look at who asks.
 */
export function varyOf(policy: CachePolicy | null, isWhole: boolean, base: string): string {
  const isKeptForOne = policy?.scope === 'PRIVATE' && isWhole
  return isKeptForOne ? `${base}, Authorization, X-Api-Key` : base
}
