import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import { lockName } from '../advisory-lock.ts'
import type { Tx } from '../db.ts'

export interface Block {
  blockedId: string
  blockedAt: Date
}

export interface Mute {
  mutedId: string
  mutedAt: Date
  /** Null: it stays until it is taken back. */
  expiresAt: Date | null
}

const BLOCKS_NEWEST_FIRST: readonly SortKey[] = [
  { field: 'createdAt', order: 'desc', type: 'date' },
  { field: 'blockedId', order: 'asc', type: 'uuid' },
]
export const BLOCK_SORT_KEY = BLOCKS_NEWEST_FIRST.length

const MUTES_NEWEST_FIRST: readonly SortKey[] = [
  { field: 'createdAt', order: 'desc', type: 'date' },
  { field: 'mutedId', order: 'asc', type: 'uuid' },
]
export const MUTE_SORT_KEY = MUTES_NEWEST_FIRST.length

export const blockRepository = {
  /** Blocking again changes nothing: the first time counts. */
  async add(tx: Tx, blockerId: string, blockedId: string): Promise<Block> {
    const pair = { blockerId, blockedId }
    await tx.userBlock.createMany({ data: pair, skipDuplicates: true })
    return toBlock(await tx.userBlock.findUniqueOrThrow({ where: { blockerId_blockedId: pair } }))
  },

  async remove(tx: Tx, blockerId: string, blockedId: string): Promise<void> {
    await tx.userBlock.deleteMany({ where: { blockerId, blockedId } })
  },

  async page(tx: Tx, blockerId: string, page: PageRequest): Promise<Block[]> {
    const { where, orderBy, take } = keyset(BLOCKS_NEWEST_FIRST, page)
    const rows = await tx.userBlock.findMany({ where: { AND: [{ blockerId }, where] }, orderBy, take })
    return rows.map(toBlock)
  },

  count(tx: Tx, blockerId: string): Promise<number> {
    return tx.userBlock.count({ where: { blockerId } })
  },

  /** Anybody who has an account, in use or not. */
  async isKnownUser(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.userProfile.count({ where: { id: userId } })) > 0
  },
}

/** `now` is the database's. Mutes that ran out stay as rows and count as nothing. */
export const muteRepository = {
  /** Mutes of the same two happen one after the other. */
  lockPair(tx: Tx, muterId: string, mutedId: string): Promise<void> {
    return lockName(tx, `mute:${muterId}:${mutedId}`)
  },

  /** Sets a new end. A mute that lasts keeps its beginning; one that ran out begins anew. */
  async set(
    tx: Tx,
    pair: { muterId: string; mutedId: string },
    expiresAt: Date | null,
    now: Date,
  ): Promise<Mute> {
    const where = { muterId_mutedId: pair }
    const known = await tx.userMute.findUnique({ where })
    if (!known) return toMute(await tx.userMute.create({ data: { ...pair, createdAt: now, expiresAt } }))
    const ranOut = known.expiresAt !== null && known.expiresAt <= now
    const createdAt = ranOut ? now : known.createdAt
    return toMute(await tx.userMute.update({ where, data: { createdAt, expiresAt } }))
  },

  async remove(tx: Tx, muterId: string, mutedId: string): Promise<void> {
    await tx.userMute.deleteMany({ where: { muterId, mutedId } })
  },

  async page(tx: Tx, muterId: string, now: Date, page: PageRequest): Promise<Mute[]> {
    const { where, orderBy, take } = keyset(MUTES_NEWEST_FIRST, page)
    const rows = await tx.userMute.findMany({ where: { AND: [lasting(muterId, now), where] }, orderBy, take })
    return rows.map(toMute)
  },

  count(tx: Tx, muterId: string, now: Date): Promise<number> {
    return tx.userMute.count({ where: lasting(muterId, now) })
  },
}

function lasting(muterId: string, now: Date) {
  return { muterId, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
}

function toBlock(row: { blockedId: string; createdAt: Date }): Block {
  return { blockedId: row.blockedId, blockedAt: row.createdAt }
}

function toMute(row: { mutedId: string; createdAt: Date; expiresAt: Date | null }): Mute {
  return { mutedId: row.mutedId, mutedAt: row.createdAt, expiresAt: row.expiresAt }
}
