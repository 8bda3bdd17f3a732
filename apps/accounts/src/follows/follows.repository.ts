import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import { lockName } from '../advisory-lock.ts'
import type { Tx } from '../db.ts'
import type { Follow as Row } from '../generated/prisma/client.ts'
import type { Follow, FollowList } from './follow.ts'
import type { FollowTarget } from './follows.policy.ts'

const NEWEST_FIRST: readonly SortKey[] = [
  { field: 'createdAt', order: 'desc', type: 'date' },
  { field: 'id', order: 'desc', type: 'uuid' },
]
export const FOLLOW_SORT_KEY = NEWEST_FIRST.length

const COLUMN = { USER: 'followingId', TEAM: 'teamId', PLAYER: 'playerId' } as const

export const followRepository = {
  /** Following, unfollowing and blocking among the same two happen one after the other. */
  lockPair(tx: Tx, one: string, other: string): Promise<void> {
    return lockName(tx, `follow:${[one, other].sort().join(':')}`)
  },

  async find(tx: Tx, followerId: string, target: FollowTarget): Promise<Follow | null> {
    const row = await tx.follow.findFirst({ where: { followerId, [COLUMN[target.kind]]: target.id } })
    return row && toFollow(row)
  },

  async add(tx: Tx, followerId: string, target: FollowTarget): Promise<Follow> {
    return toFollow(await tx.follow.create({ data: { followerId, [COLUMN[target.kind]]: target.id } }))
  },

  async remove(tx: Tx, followerId: string, target: FollowTarget): Promise<void> {
    await tx.follow.deleteMany({ where: { followerId, [COLUMN[target.kind]]: target.id } })
  },

  async removeBetween(tx: Tx, one: string, other: string): Promise<void> {
    const there = { followerId: one, followingId: other }
    const back = { followerId: other, followingId: one }
    await tx.follow.deleteMany({ where: { OR: [there, back] } })
  },

  /** Whether this person uses their account, and neither of the two has blocked the other. */
  async isOpenToCaller(tx: Tx, userId: string): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ open: boolean }[]>`
      SELECT is_active AND NOT is_block_between_caller_and(id) AS open
      FROM user_profiles WHERE id = ${userId}::uuid`
    return row?.open ?? false
  },

  async page(tx: Tx, list: FollowList, page: PageRequest): Promise<Follow[]> {
    return findPage(tx, followedBy(list), page)
  },

  count(tx: Tx, list: FollowList): Promise<number> {
    return tx.follow.count({ where: followedBy(list) })
  },

  async followersPage(tx: Tx, ownerId: string, page: PageRequest): Promise<Follow[]> {
    return findPage(tx, { followingId: ownerId }, page)
  },

  countFollowers(tx: Tx, ownerId: string): Promise<number> {
    return tx.follow.count({ where: { followingId: ownerId } })
  },

  /** Those of the targets that `followerId` follows. */
  async findAmong(tx: Tx, followerId: string, targetIds: readonly string[]): Promise<Follow[]> {
    const among = { in: [...targetIds] }
    const rows = await tx.follow.findMany({
      where: { followerId, OR: [{ followingId: among }, { teamId: among }, { playerId: among }] },
    })
    return rows.map(toFollow)
  },
}

function followedBy({ ownerId, kind }: FollowList) {
  return { followerId: ownerId, ...(kind && { [COLUMN[kind]]: { not: null } }) }
}

async function findPage(tx: Tx, list: object, page: PageRequest): Promise<Follow[]> {
  const { where, orderBy, take } = keyset(NEWEST_FIRST, page)
  const rows = await tx.follow.findMany({ where: { AND: [list, where] }, orderBy, take })
  return rows.map(toFollow)
}

function toFollow(row: Row): Follow {
  return { id: row.id, followerId: row.followerId, followedAt: row.createdAt, target: toTarget(row) }
}

function toTarget({ id, followingId, teamId, playerId }: Row): FollowTarget {
  if (followingId) return { kind: 'USER', id: followingId }
  if (teamId) return { kind: 'TEAM', id: teamId }
  if (playerId) return { kind: 'PLAYER', id: playerId }
  // A CHECK of the table asks for one.
  throw new Error(`Follow ${id} has no target`)
}
