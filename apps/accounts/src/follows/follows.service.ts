import { type Connection, isUuid, type PageArguments, toConnection, toPageRequest } from '@courtside/kernel'
import { parseInput } from '@courtside/validation'
import { assertOwnAccountInUse } from '../account-in-use.repository.ts'
import { type Caller, personOf } from '../caller.ts'
import type { Database } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { userNotFound } from '../users/index.ts'
import type { Follow, FollowList } from './follow.ts'
import { cannotFollowOneself, tooManyFollows } from './follows.errors.ts'
import { type FollowTarget, followTarget, MOST_FOLLOWS } from './follows.policy.ts'
import { FOLLOW_SORT_KEY, followRepository as follows } from './follows.repository.ts'

export type FollowPage = Connection<FollowTarget, { followedAt: Date }> & { totalCount(): Promise<number> }
export type FollowerPage = Connection<string, { followedAt: Date }> & { totalCount(): Promise<number> }

export type FollowsService = ReturnType<typeof createFollowsService>

export function createFollowsService({ db, ownership }: { db: Database; ownership: OwnershipPolicy }) {
  /** Lists belong to a person; whoever else asks learns no more than from an id that was never given out. */
  const actorFor = (caller: Caller, ownerId: string) => {
    if (!ownership(caller.principal, ownerId)) throw userNotFound()
    return { userId: personOf(caller) }
  }

  return {
    /** Following again changes nothing: the first time counts. */
    async follow(caller: Caller, input: unknown): Promise<Follow> {
      const followerId = personOf(caller)
      const target = parseInput(followTarget, input)
      if (target.kind === 'USER' && target.id === followerId) throw cannotFollowOneself()
      return db.as({ userId: followerId }, async (tx) => {
        await assertOwnAccountInUse(tx, followerId)
        await follows.lockPair(tx, followerId, target.id)
        const known = await follows.find(tx, followerId, target)
        if (known) return known
        // Blocked, switched off and unknown look alike: a block is nobody's business but the blocker's.
        if (target.kind === 'USER' && !(await follows.isOpenToCaller(tx, target.id))) throw userNotFound()
        const count = await follows.count(tx, { ownerId: followerId, kind: null })
        if (count >= MOST_FOLLOWS) throw tooManyFollows()
        return follows.add(tx, followerId, target)
      })
    },

    async unfollow(caller: Caller, input: unknown): Promise<FollowTarget> {
      const followerId = personOf(caller)
      const target = parseInput(followTarget, input)
      await db.as({ userId: followerId }, async (tx) => {
        await follows.lockPair(tx, followerId, target.id)
        await follows.remove(tx, followerId, target)
      })
      return target
    },

    async list(caller: Caller, list: FollowList, args: PageArguments): Promise<FollowPage> {
      const page = toPageRequest(args, FOLLOW_SORT_KEY)
      const actor = actorFor(caller, list.ownerId)
      const rows = await db.as(actor, (tx) => follows.page(tx, list, page))
      return {
        ...toConnection(rows, page, sortKeyOf, ({ target }) => target, since),
        totalCount: () => db.as(actor, (tx) => follows.count(tx, list)),
      }
    },

    async listFollowers(caller: Caller, ownerId: string, args: PageArguments): Promise<FollowerPage> {
      const page = toPageRequest(args, FOLLOW_SORT_KEY)
      const actor = actorFor(caller, ownerId)
      const rows = await db.as(actor, (tx) => follows.followersPage(tx, ownerId, page))
      return {
        ...toConnection(rows, page, sortKeyOf, ({ followerId }) => followerId, since),
        totalCount: () => db.as(actor, (tx) => follows.countFollowers(tx, ownerId)),
      }
    },

    /** Which of these the caller follows, by the id of the target. */
    async findAmong(caller: Caller, targetIds: readonly string[]): Promise<ReadonlyMap<string, Follow>> {
      const followerId = personOf(caller)
      const found = await db.as({ userId: followerId }, (tx) =>
        follows.findAmong(tx, followerId, targetIds.filter(isUuid)),
      )
      return new Map(found.map((follow) => [follow.target.id, follow]))
    },
  }
}

const sortKeyOf = ({ followedAt, id }: Follow) => [followedAt.toISOString(), id]
const since = ({ followedAt }: Follow) => ({ followedAt })
