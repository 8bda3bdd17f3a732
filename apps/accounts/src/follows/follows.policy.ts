import { uuid } from '@courtside/validation'
import * as z from 'zod'

export const TARGET_KINDS = ['USER', 'TEAM', 'PLAYER'] as const
export type TargetKind = (typeof TARGET_KINDS)[number]

/** Whom or what somebody follows. */
export interface FollowTarget {
  kind: TargetKind
  id: string
}

/** Lower case, as Postgres returns ids: what is compared here must not differ by case alone. */
const id = uuid().nullish()

/** Three ids of which exactly one is given. */
export const followTarget = z
  .object({ userId: id, teamId: id, playerId: id })
  .transform(({ userId, teamId, playerId }, context): FollowTarget => {
    const [target, ...others] = [
      ...(userId ? [{ kind: 'USER' as const, id: userId }] : []),
      ...(teamId ? [{ kind: 'TEAM' as const, id: teamId }] : []),
      ...(playerId ? [{ kind: 'PLAYER' as const, id: playerId }] : []),
    ]
    if (target && others.length === 0) return target
    context.addIssue({ code: 'custom', message: 'give exactly one of userId, teamId and playerId' })
    return z.NEVER
  })

/** Far more than anybody follows by hand; teams and players are not ours, so their ids cannot be checked here. */
export const MOST_FOLLOWS = 5_000
