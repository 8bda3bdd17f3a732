export const TIERS = ['BASIC', 'PREMIUM', 'PRO'] as const
export type Tier = (typeof TIERS)[number]

export type AccessLevel = 'FREE' | 'SUBSCRIBER_ONLY' | 'PREMIUM'

/** ACC-09: what a membership opens, beside what is open to everybody. */
const OPENED_BY: Readonly<Record<Tier, readonly AccessLevel[]>> = {
  BASIC: ['SUBSCRIBER_ONLY'],
  PREMIUM: ['SUBSCRIBER_ONLY', 'PREMIUM'],
  PRO: ['SUBSCRIBER_ONLY', 'PREMIUM'],
}

/** The levels open to somebody with an active membership of `tier`, or without one. */
export function levelsOpenTo(tier: Tier | null): AccessLevel[] {
  return ['FREE', ...(tier === null ? [] : OPENED_BY[tier])]
}

/** What decides whether a membership counts. */
export interface Term {
  /** Cancelled or replaced. One that merely ran out is not: nobody has to come by and mark it. */
  isEnded: boolean
  endedAt: Date | null
  expiresAt: Date | null
}

/** ACC-08: not ended and not expired. At the very moment of expiry it counts no more. */
export function isActiveAt({ isEnded, expiresAt }: Term, now: Date): boolean {
  return !isEnded && (expiresAt === null || expiresAt > now)
}

/** When it stopped counting; null while it counts. */
export function endOf(term: Term, now: Date): Date | null {
  return isActiveAt(term, now) ? null : (term.endedAt ?? term.expiresAt)
}

/** The end to write down when a membership is ended at `now`: one that had run out before ended then, not now. */
export function endToRecord(expiresAt: Date | null, now: Date): Date {
  return expiresAt !== null && expiresAt < now ? expiresAt : now
}

/** Whether what is asked for is there already. */
export function isSameGrant(
  one: { tier: Tier; expiresAt: Date | null },
  other: { tier: Tier; expiresAt: Date | null },
): boolean {
  return one.tier === other.tier && one.expiresAt?.getTime() === other.expiresAt?.getTime()
}
