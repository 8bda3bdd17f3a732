import { addressKey, type Taken } from '../../limits/index.ts'
import type { RateLimitOptions } from '../../admission/index.ts'
import type { UpgradeRefusal } from './upgrade-refusal.ts'

/** Counts one more handshake of an address. Null: it may go on. */
export type HandshakeRate = (clientAddress: string) => Promise<UpgradeRefusal | null> | UpgradeRefusal | null

/**
 * What is open is counted elsewhere; this is for who opens and closes all the time. A count apart from that of requests:
 * when everybody behind one address comes back at once, each of them wants to ask for something as well.
 */
export function createHandshakeRate(
  { rateLimiter, onLimited }: Pick<RateLimitOptions, 'rateLimiter' | 'onLimited'>,
  perMinute: number,
): HandshakeRate {
  const toRefusal = ({ allowed, retryAfterSeconds }: Taken): UpgradeRefusal | null => {
    if (allowed) return null
    onLimited('address')
    return {
      status: 429,
      code: 'RATE_LIMITED',
      message: `At most ${perMinute} connections a minute may be opened from one address. Wait ${retryAfterSeconds} s, then keep them open: one carries many operations.`,
      retryAfterSeconds,
    }
  }
  return (clientAddress) => {
    const taken = rateLimiter.take(`handshakes:${addressKey(clientAddress)}`, perMinute)
    return taken instanceof Promise ? taken.then(toRefusal) : toRefusal(taken)
  }
}
