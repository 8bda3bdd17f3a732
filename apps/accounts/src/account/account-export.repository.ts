import type { Tx } from '../db.ts'

/** One part of an export, read a page at a time. */
export interface Part {
  /** At most `take` items that come after the item whose key is `after`. */
  page(tx: Tx, userId: string, after: string | undefined, take: number): Promise<PartItem[]>
}

export interface PartItem {
  key: string
  item: object
}

/**
 * What accounts keeps about a person, each thing named by hand: a column added later does not slip out, and no secret
 * is ever selected. Other people appear only where the person's own act names them.
 */
export const EXPORTED_PARTS = {
  ROLES: part(
    (tx, userId, after, take) =>
      tx.userRole.findMany({
        where: { userId, role: { gt: after } },
        orderBy: { role: 'asc' },
        take,
        select: { role: true, grantedAt: true },
      }),
    ({ role }) => role,
  ),
  SESSIONS: part(
    (tx, userId, after, take) =>
      tx.session.findMany({
        where: { userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: {
          id: true,
          deviceName: true,
          ipAddress: true,
          userAgent: true,
          createdAt: true,
          lastAccessedAt: true,
          expiresAt: true,
          revokedAt: true,
        },
      }),
    byId,
  ),
  IDENTITIES: part(
    (tx, userId, after, take) =>
      tx.authIdentity.findMany({
        where: { userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: { id: true, provider: true, subject: true, createdAt: true, lastSeenAt: true },
      }),
    byId,
  ),
  API_KEYS: part(
    (tx, userId, after, take) =>
      tx.apiKey.findMany({
        where: { ownerId: userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: {
          id: true,
          name: true,
          scopes: true,
          requestsPerMinute: true,
          costPerMinute: true,
          allowedOperations: true,
          allowedAddresses: true,
          createdAt: true,
          expiresAt: true,
          lastUsedAt: true,
          revokedAt: true,
        },
      }),
    byId,
  ),
  FOLLOWS: part(
    (tx, userId, after, take) =>
      tx.follow.findMany({
        where: { followerId: userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: { id: true, followingId: true, teamId: true, playerId: true, createdAt: true },
      }),
    byId,
  ),
  MEMBERSHIPS: part(
    (tx, userId, after, take) =>
      tx.membership.findMany({
        where: { subscriberId: userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: { id: true, creatorId: true, tier: true, createdAt: true, expiresAt: true, endedAt: true },
      }),
    byId,
  ),
  /** That somebody subscribed, not who: that is theirs to tell. */
  MEMBERS: part(
    (tx, userId, after, take) =>
      tx.membership.findMany({
        where: { creatorId: userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: { id: true, tier: true, createdAt: true, expiresAt: true, endedAt: true },
      }),
    byId,
  ),
  BLOCKS: part(
    (tx, userId, after, take) =>
      tx.userBlock.findMany({
        where: { blockerId: userId, blockedId: { gt: after } },
        orderBy: { blockedId: 'asc' },
        take,
        select: { blockedId: true, createdAt: true },
      }),
    ({ blockedId }) => blockedId,
  ),
  MUTES: part(
    (tx, userId, after, take) =>
      tx.userMute.findMany({
        where: { muterId: userId, mutedId: { gt: after } },
        orderBy: { mutedId: 'asc' },
        take,
        select: { mutedId: true, createdAt: true, expiresAt: true },
      }),
    ({ mutedId }) => mutedId,
  ),
  INVITATIONS: part(
    (tx, userId, after, take) =>
      tx.invitation.findMany({
        where: { acceptedBy: userId, id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        select: { id: true, email: true, roles: true, createdAt: true, acceptedAt: true },
      }),
    byId,
  ),
  /** What the person did, not what it changed: that may be about somebody else. */
  ACTIONS: part(async (tx, userId, after, take) => {
    const rows = await tx.auditLog.findMany({
      where: { actorUserId: userId, id: { gt: after === undefined ? undefined : BigInt(after) } },
      orderBy: { id: 'asc' },
      take,
      select: { id: true, action: true, entityType: true, entityId: true, recordedAt: true },
    })
    return rows.map((row) => ({ ...row, id: String(row.id) }))
  }, byId),
} satisfies Record<string, Part>

export type PartName = keyof typeof EXPORTED_PARTS
export const PART_NAMES = Object.keys(EXPORTED_PARTS) as PartName[]

function part<Row extends object>(
  fetch: (tx: Tx, userId: string, after: string | undefined, take: number) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): Part {
  return {
    async page(tx, userId, after, take) {
      const rows = await fetch(tx, userId, after, take)
      return rows.map((row) => ({ key: keyOf(row), item: row }))
    },
  }
}

function byId({ id }: { id: string }): string {
  return id
}
