import type { Session } from './session.ts'

const SECOND_MS = 1_000
const DAY_MS = 24 * 60 * 60 * SECOND_MS

export const ACCESS_TOKEN_LIFETIME_MS = 5 * 60 * SECOND_MS
const IDLE_LIFETIME_MS = 30 * DAY_MS
const ABSOLUTE_LIFETIME_MS = 90 * DAY_MS
/** An answer may be lost, and two tabs may refresh at once: so long the token before the current one is no theft. */
const GRACE_MS = 30 * SECOND_MS
/** How exactly `lastAccessedAt` is kept. A write each second and session would buy nothing. */
const TOUCHED_EVERY_MS = 60 * SECOND_MS

export function isAlive(
  session: Pick<Session, 'expiresAt' | 'idleExpiresAt' | 'revokedAt'>,
  now: Date,
): boolean {
  return session.revokedAt === null && session.expiresAt > now && session.idleExpiresAt > now
}

export function absoluteEnd(createdAt: Date): Date {
  return new Date(createdAt.getTime() + ABSOLUTE_LIFETIME_MS)
}

/** Use puts the end off, but never beyond the absolute one. */
export function idleEnd(now: Date, expiresAt: Date): Date {
  return new Date(Math.min(now.getTime() + IDLE_LIFETIME_MS, expiresAt.getTime()))
}

export function isTouchDue(lastAccessedAt: Date, now: Date): boolean {
  return now.getTime() - lastAccessedAt.getTime() >= TOUCHED_EVERY_MS
}

/** Which of a session's tokens was presented: the one to use, the one before it, or any that is older still. */
export type TokenAge = 'current' | 'previous' | 'older'

/**
 * What a refresh token means that belongs to a session:
 * - `rotate`: it is the current one; it becomes the previous one;
 * - `repeat`: it was current a moment ago; whoever sends it gets the same successor once more;
 * - `stolen`: it was used long ago, or its successor was used too; one of the two who hold it is not the owner;
 * - `over`: the session has ended.
 */
export type RefreshVerdict = 'rotate' | 'repeat' | 'stolen' | 'over'

export function refreshVerdict(
  session: Pick<Session, 'expiresAt' | 'idleExpiresAt' | 'revokedAt'> & { rotatedAt: Date | null },
  presented: TokenAge,
  now: Date,
): RefreshVerdict {
  if (!isAlive(session, now)) return 'over'
  if (presented === 'current') return 'rotate'
  if (presented === 'older') return 'stolen'
  const age = now.getTime() - (session.rotatedAt?.getTime() ?? 0)
  return age <= GRACE_MS ? 'repeat' : 'stolen'
}
