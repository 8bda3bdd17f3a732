import type { Role } from '@courtside/auth'
import type { Account, UserProfile } from './user.ts'

/** The part of a row that decides what others see of the person. */
export interface ProfileFacts {
  id: string
  username: string
  displayName: string | null
  avatarUrl: string | null
  bio: string | null
  isVerified: boolean
  isActive: boolean
  createdAt: Date
  erasedAt: Date | null
}

/**
 * Others keep referring to somebody who has left, so such a person still resolves: by name, with nothing else they
 * had said about themselves. An erased account has lost its name as well.
 */
export function toProfile(facts: ProfileFacts): UserProfile {
  const { id, username, createdAt } = facts
  if (facts.isActive && facts.erasedAt === null) {
    const { displayName, avatarUrl, bio, isVerified } = facts
    return { id, username, displayName, avatarUrl, bio, isVerified, createdAt, isPresent: true }
  }
  return {
    id,
    username: facts.erasedAt === null ? username : deletedUsername(id),
    displayName: null,
    avatarUrl: null,
    bio: null,
    isVerified: false,
    createdAt,
    isPresent: false,
  }
}

/** The name of an erased account: nobody can take it, and it fits the form of names. */
export function deletedUsername(id: string): string {
  return `${DELETED_PREFIX}${id}`
}

export const DELETED_PREFIX = 'deleted-'

/** Everybody is a viewer; a membership that lasts makes a member; all else is granted. */
export function rolesOf(granted: readonly Role[], hasMembership: boolean): readonly Role[] {
  return [...new Set<Role>(['viewer', ...(hasMembership ? (['member'] as const) : []), ...granted])]
}

/** Whether the account may be used at all. */
export function isUsable(account: Pick<Account, 'isActive' | 'erasedAt'>): boolean {
  return account.isActive && account.erasedAt === null
}

/** People of an issuer that told no address of theirs, or somebody else's, get one that can reach nobody. */
const PLACEHOLDER_DOMAIN = '@accounts.invalid'

export function placeholderEmail(id: string): string {
  return `${id}${PLACEHOLDER_DOMAIN}`
}

/** What to show: null for a placeholder. */
export function shownEmail(email: string): string | null {
  return email.endsWith('.invalid') ? null : email
}
