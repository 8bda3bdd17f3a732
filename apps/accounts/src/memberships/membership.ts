import type { AccessLevel, Tier } from './memberships.policy.ts'

export interface Membership {
  id: string
  subscriberId: string
  creatorId: string
  tier: Tier
  /** At the moment it was read. */
  isActive: boolean
  startedAt: Date
  expiresAt: Date | null
  endedAt: Date | null
}

export interface NewMembership {
  subscriberId: string
  creatorId: string
  tier: Tier
  expiresAt: Date | null
  idempotencyKey: string | null
}

export interface MembershipList {
  /** Whether it lists what `ownerId` pays for, or who pays `ownerId`. */
  side: 'subscriber' | 'creator'
  ownerId: string
  /** Null: the whole history. */
  state: 'ACTIVE' | 'ENDED' | null
}

/** What somebody may see of a creator. */
export interface Entitlement {
  creatorId: string
  levels: AccessLevel[]
  tier: Tier | null
  expiresAt: Date | null
}
