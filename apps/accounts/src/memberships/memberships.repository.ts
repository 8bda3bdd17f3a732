import { isUniqueViolation, keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import { lockName } from '../advisory-lock.ts'
import type { Tx } from '../db.ts'
import type { Membership as Row } from '../generated/prisma/client.ts'
import type { Membership, MembershipList, NewMembership } from './membership.ts'
import { idempotencyKeyReused } from './memberships.errors.ts'
import { endOf, isActiveAt, type Term, type Tier, TIERS } from './memberships.policy.ts'

const NEWEST_FIRST: readonly SortKey[] = [
  { field: 'createdAt', order: 'desc', type: 'date' },
  { field: 'id', order: 'desc', type: 'uuid' },
]
export const MEMBERSHIP_SORT_KEY = NEWEST_FIRST.length

/** `now` is the database's: it decides which memberships count. Row-level security decides which are seen at all. */
export const membershipRepository = {
  async findAll(tx: Tx, ids: readonly string[], now: Date): Promise<Membership[]> {
    const rows = await tx.membership.findMany({ where: { id: { in: [...ids] } } })
    return rows.map((row) => toMembership(row, now))
  },

  async page(tx: Tx, list: MembershipList, now: Date, page: PageRequest): Promise<Membership[]> {
    const { where, orderBy, take } = keyset(NEWEST_FIRST, page)
    const rows = await tx.membership.findMany({ where: { AND: [inList(list, now), where] }, orderBy, take })
    return rows.map((row) => toMembership(row, now))
  },

  count(tx: Tx, list: MembershipList, now: Date): Promise<number> {
    return tx.membership.count({ where: inList(list, now) })
  },

  /** Grants of this pair happen one after the other. */
  lockPair(tx: Tx, subscriberId: string, creatorId: string): Promise<void> {
    return lockName(tx, `membership:${subscriberId}:${creatorId}`)
  },

  /** The one membership of the pair that nobody has ended. It may have run out. */
  async findNotEnded(tx: Tx, subscriberId: string, creatorId: string, now: Date): Promise<Membership | null> {
    const row = await tx.membership.findFirst({ where: { subscriberId, creatorId, isActive: true } })
    return row && toMembership(row, now)
  },

  /** The same for many creators at once; one without such a membership has none here. */
  async findNotEndedAmong(
    tx: Tx,
    subscriberId: string,
    creatorIds: readonly string[],
    now: Date,
  ): Promise<Membership[]> {
    const where = { subscriberId, creatorId: { in: [...creatorIds] }, isActive: true }
    return (await tx.membership.findMany({ where })).map((row) => toMembership(row, now))
  },

  async findByIdempotencyKey(tx: Tx, idempotencyKey: string, now: Date): Promise<Membership | null> {
    const row = await tx.membership.findUnique({ where: { idempotencyKey } })
    return row && toMembership(row, now)
  },

  async start(tx: Tx, membership: NewMembership, now: Date): Promise<Membership> {
    try {
      return toMembership(
        await tx.membership.create({
          data: { ...membership, tier: membership.tier.toLowerCase(), createdAt: now },
        }),
        now,
      )
    } catch (error) {
      // Another pair's grant took the key a moment before; of the same pair, the lock lets only one come here.
      if (isUniqueViolation(error, 'subscriptions_grant_key_key')) throw idempotencyKeyReused()
      throw error
    }
  },

  /** The first end stays: ending again changes nothing. */
  async end(tx: Tx, id: string, endedAt: Date): Promise<void> {
    await tx.membership.updateMany({ where: { id, isActive: true }, data: { isActive: false, endedAt } })
  },

  /** Those of these people who use their accounts. */
  async activeAmong(tx: Tx, ids: readonly string[]): Promise<string[]> {
    const where = { id: { in: [...ids] }, isActive: true }
    return (await tx.userProfile.findMany({ where, select: { id: true } })).map(({ id }) => id)
  },
}

function inList({ side, ownerId, state }: MembershipList, now: Date) {
  const owner = side === 'subscriber' ? { subscriberId: ownerId } : { creatorId: ownerId }
  switch (state) {
    case 'ACTIVE':
      return { ...owner, isActive: true, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
    case 'ENDED':
      return { ...owner, OR: [{ isActive: false }, { expiresAt: { lte: now } }] }
    case null:
      return owner
  }
}

function toMembership(row: Row, now: Date): Membership {
  const term: Term = { isEnded: !row.isActive, expiresAt: row.expiresAt, endedAt: row.endedAt }
  return {
    id: row.id,
    subscriberId: row.subscriberId,
    creatorId: row.creatorId,
    tier: toTier(row.tier),
    isActive: isActiveAt(term, now),
    startedAt: row.createdAt,
    expiresAt: row.expiresAt,
    endedAt: endOf(term, now),
  }
}

function toTier(text: string): Tier {
  const tier = TIERS.find((known) => known.toLowerCase() === text)
  // A CHECK of the table allows no other.
  if (tier === undefined) throw new Error(`Unknown membership tier in the database: ${text}`)
  return tier
}
