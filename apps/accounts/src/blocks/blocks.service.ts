import { type Connection, type PageArguments, toConnection, toPageRequest } from '@courtside/kernel'
import { parseInput, uuid } from '@courtside/validation'
import * as z from 'zod'
import { assertOwnAccountInUse } from '../account-in-use.repository.ts'
import { type Caller, personOf } from '../caller.ts'
import { readDatabaseClock } from '../database-clock.ts'
import type { Database, Tx } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { userNotFound } from '../users/index.ts'
import { cannotBlockOneself, cannotMuteOneself, muteMustEndLater } from './blocks.errors.ts'
import {
  type Block,
  BLOCK_SORT_KEY,
  blockRepository as blocks,
  type Mute,
  MUTE_SORT_KEY,
  muteRepository as mutes,
} from './blocks.repository.ts'

export interface BlocksDependencies {
  db: Database
  ownership: OwnershipPolicy
  /** Ends what the two follow of each other, and lets neither follow until this transaction ends. */
  endFollowsBetween(tx: Tx, one: string, other: string): Promise<void>
}

export type BlockPage = Connection<string, { blockedAt: Date }> & { totalCount(): Promise<number> }
export type MutePage = Connection<string, { mutedAt: Date; expiresAt: Date | null }> & {
  totalCount(): Promise<number>
}

export type BlocksService = ReturnType<typeof createBlocksService>

const personInput = z.object({ userId: uuid() })
const muteInput = personInput.extend({ expiresAt: z.date().nullish().default(null) })

export function createBlocksService({ db, ownership, endFollowsBetween }: BlocksDependencies) {
  const actorFor = (caller: Caller, ownerId: string) => {
    if (!ownership(caller.principal, ownerId)) throw userNotFound()
    return { userId: personOf(caller) }
  }

  return {
    async block(caller: Caller, input: unknown): Promise<Block> {
      const blockerId = personOf(caller)
      const { userId } = parseInput(personInput, input)
      if (userId === blockerId) throw cannotBlockOneself()
      return db.as({ userId: blockerId }, async (tx) => {
        await assertOwnAccountInUse(tx, blockerId)
        if (!(await blocks.isKnownUser(tx, userId))) throw userNotFound()
        await endFollowsBetween(tx, blockerId, userId)
        return blocks.add(tx, blockerId, userId)
      })
    },

    /** The id of whoever is no longer blocked. */
    async unblock(caller: Caller, input: unknown): Promise<string> {
      const blockerId = personOf(caller)
      const { userId } = parseInput(personInput, input)
      await db.as({ userId: blockerId }, (tx) => blocks.remove(tx, blockerId, userId))
      return userId
    },

    async mute(caller: Caller, input: unknown): Promise<Mute> {
      const muterId = personOf(caller)
      const { userId, expiresAt } = parseInput(muteInput, input)
      if (userId === muterId) throw cannotMuteOneself()
      return db.as({ userId: muterId }, async (tx) => {
        await assertOwnAccountInUse(tx, muterId)
        if (!(await blocks.isKnownUser(tx, userId))) throw userNotFound()
        await mutes.lockPair(tx, muterId, userId)
        const now = await readDatabaseClock(tx)
        if (expiresAt !== null && expiresAt <= now) throw muteMustEndLater()
        return mutes.set(tx, { muterId, mutedId: userId }, expiresAt, now)
      })
    },

    /** The id of whoever is no longer muted. */
    async unmute(caller: Caller, input: unknown): Promise<string> {
      const muterId = personOf(caller)
      const { userId } = parseInput(personInput, input)
      await db.as({ userId: muterId }, (tx) => mutes.remove(tx, muterId, userId))
      return userId
    },

    async listBlocks(caller: Caller, ownerId: string, args: PageArguments): Promise<BlockPage> {
      const page = toPageRequest(args, BLOCK_SORT_KEY)
      const actor = actorFor(caller, ownerId)
      const rows = await db.as(actor, (tx) => blocks.page(tx, ownerId, page))
      return {
        ...toConnection(
          rows,
          page,
          ({ blockedAt, blockedId }) => [blockedAt.toISOString(), blockedId],
          ({ blockedId }) => blockedId,
          ({ blockedAt }) => ({ blockedAt }),
        ),
        totalCount: () => db.as(actor, (tx) => blocks.count(tx, ownerId)),
      }
    },

    async listMutes(caller: Caller, ownerId: string, args: PageArguments): Promise<MutePage> {
      const page = toPageRequest(args, MUTE_SORT_KEY)
      const actor = actorFor(caller, ownerId)
      const rows = await db.as(actor, async (tx) =>
        mutes.page(tx, ownerId, await readDatabaseClock(tx), page),
      )
      return {
        ...toConnection(
          rows,
          page,
          ({ mutedAt, mutedId }) => [mutedAt.toISOString(), mutedId],
          ({ mutedId }) => mutedId,
          ({ mutedAt, expiresAt }) => ({ mutedAt, expiresAt }),
        ),
        totalCount: () => db.as(actor, async (tx) => mutes.count(tx, ownerId, await readDatabaseClock(tx))),
      }
    },
  }
}
