import type { Tx } from '../db.ts'
import { deletedUsername } from '../users/index.ts'
import { erasedEmail, type Receipt } from './erasure.policy.ts'

export interface Erasure {
  id: string
  userId: string
  requestedAt: Date
  completedAt: Date | null
  receipts: Receipt[]
}

export const erasureRepository = {
  async find(tx: Tx, by: { id: string } | { userId: string }): Promise<Erasure | null> {
    const row = await tx.erasure.findUnique({
      where: by,
      include: { receipts: { orderBy: { subgraph: 'asc' } } },
    })
    if (!row) return null
    const receipts = row.receipts.map(({ subgraph, completedAt, counts }) => ({
      subgraph,
      completedAt,
      counts: counts as Receipt['counts'],
    }))
    return { ...row, receipts }
  },

  async request(tx: Tx, userId: string, requestedAt: Date): Promise<string> {
    const { id } = await tx.erasure.create({ data: { userId, requestedAt }, select: { id: true } })
    return id
  },

  async giveReceipt(tx: Tx, erasureId: string, receipt: Receipt): Promise<void> {
    await tx.erasureReceipt.create({ data: { ...receipt, erasureId } })
  },

  async complete(tx: Tx, id: string, completedAt: Date): Promise<void> {
    await tx.erasure.update({ where: { id }, data: { completedAt }, select: { id: true } })
  },

  /** Removes what only this person needs, empties what others refer to, and tells how much of what. */
  async erase(tx: Tx, userId: string, now: Date): Promise<Record<string, number>> {
    const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } })
    const removed = {
      sessions: await tx.session.deleteMany({ where: { userId } }),
      identities: await tx.authIdentity.deleteMany({ where: { userId } }),
      apiKeys: await tx.apiKey.deleteMany({ where: { ownerId: userId } }),
      roles: await tx.userRole.deleteMany({ where: { userId } }),
      follows: await tx.follow.deleteMany({
        where: { OR: [{ followerId: userId }, { followingId: userId }] },
      }),
      blocks: await tx.userBlock.deleteMany({
        where: { OR: [{ blockerId: userId }, { blockedId: userId }] },
      }),
      mutes: await tx.userMute.deleteMany({ where: { OR: [{ muterId: userId }, { mutedId: userId }] } }),
      invitations: await tx.invitation.updateMany({
        where: { OR: [{ acceptedBy: userId }, { email }] },
        data: { email: null },
      }),
      memberships: await endMemberships(tx, userId, now),
    }
    await tx.user.update({
      where: { id: userId },
      data: {
        username: deletedUsername(userId),
        email: erasedEmail(userId),
        passwordHash: null,
        displayName: null,
        avatarUrl: null,
        bio: null,
        isVerified: false,
        isActive: false,
        lastLoginAt: null,
        erasedAt: now,
      },
      select: { id: true },
    })
    const counts = Object.entries(removed).map(([kind, { count }]) => [kind, count] as const)
    return { profile: 1, ...Object.fromEntries(counts) }
  },
}

/**
 * The rows stay: the other side may have to show for years what was paid. They lead to the empty account, and lose the
 * name that a payment system gave them.
 */
async function endMemberships(tx: Tx, userId: string, now: Date): Promise<{ count: number }> {
  const either = { OR: [{ subscriberId: userId }, { creatorId: userId }] }
  await tx.$executeRaw`
    UPDATE subscriptions SET is_active = false, ended_at = LEAST(expires_at, ${now}::timestamptz)
    WHERE is_active AND ${userId}::uuid IN (subscriber_id, creator_id)`
  return tx.membership.updateMany({ where: either, data: { idempotencyKey: null } })
}
