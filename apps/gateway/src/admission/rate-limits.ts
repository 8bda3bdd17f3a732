import { DomainError } from '@courtside/kernel'
import type { Authenticated } from '../authentication/index.ts'
import { budgetHolder, type HolderKind, type Limits, type RateLimiter } from '../limits/index.ts'

export interface RateLimitOptions {
  rateLimiter: RateLimiter
  limits: Limits['requestsPerMinute']
  onLimited(who: HolderKind): void
}

/** Refuses the sender of too many requests: a person or a key by itself, everybody else by address. */
export async function assertWithinRate(
  { principal, requestsPerMinute }: Authenticated,
  clientAddress: string,
  { rateLimiter, limits, onLimited }: RateLimitOptions,
): Promise<void> {
  const { kind, id } = budgetHolder(principal, clientAddress)
  const limit = kind === 'partner' ? (requestsPerMinute ?? limits.partner) : limits[kind]
  const taken = await rateLimiter.take(`${kind}:${id}`, limit)
  if (taken.allowed) return
  onLimited(kind)
  throw new DomainError({
    kind: 'limited',
    code: 'RATE_LIMITED',
    message: `At most ${limit} requests a minute are allowed here. Wait ${taken.retryAfterSeconds} s, then go on more slowly.`,
    details: { limit, retryAfterSeconds: taken.retryAfterSeconds },
  })
}
