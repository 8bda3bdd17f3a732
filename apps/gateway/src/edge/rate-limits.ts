import type { Principal } from '@courtside/auth'
import { assertNever, DomainError } from '@courtside/kernel'
import type { Authenticated } from '../authentication/index.ts'
import { addressKey, type Limits, type RateLimiter } from '../limits/index.ts'

type Who = 'address' | 'person' | 'partner'

export interface RateLimitOptions {
  rateLimiter: RateLimiter
  limits: Limits['requestsPerMinute']
  onLimited(who: Who): void
}

/** Refuses the sender of too many requests: a person or a key by itself, everybody else by address. */
export async function assertWithinRate(
  { principal, requestsPerMinute }: Authenticated,
  clientAddress: string,
  { rateLimiter, limits, onLimited }: RateLimitOptions,
): Promise<void> {
  const who = whoIs(principal)
  const limit = who === 'partner' ? (requestsPerMinute ?? limits.partner) : limits[who]
  const taken = await rateLimiter.take(`${who}:${keyOf(principal, clientAddress)}`, limit)
  if (taken.allowed) return
  onLimited(who)
  throw new DomainError({
    kind: 'limited',
    code: 'RATE_LIMITED',
    message: `At most ${limit} requests a minute are allowed here. Wait ${taken.retryAfterSeconds} s, then go on more slowly.`,
    details: { limit, retryAfterSeconds: taken.retryAfterSeconds },
  })
}

function whoIs({ kind }: Principal): Who {
  switch (kind) {
    case 'anonymous':
      return 'address'
    case 'user':
    case 'service':
      return 'person'
    case 'partner':
      return 'partner'
    default:
      return assertNever(kind)
  }
}

function keyOf({ apiKeyId, userId, service }: Principal, clientAddress: string): string {
  return apiKeyId ?? userId ?? service ?? addressKey(clientAddress)
}
