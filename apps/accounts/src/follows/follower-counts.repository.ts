import { isUuid } from '@courtside/kernel'
import type { Database } from '../db.ts'

/** A team or a player, by its id in small letters. */
export type CountedTarget = `${'team' | 'player'}:${string}`

export type FollowerCountRepository = ReturnType<typeof createFollowerCountRepository>

/** Reads the public view `followed_targets`, on nobody's behalf. What nobody follows is not there. */
export function createFollowerCountRepository(db: Database) {
  return {
    async byTargets(targets: readonly CountedTarget[]): Promise<ReadonlyMap<CountedTarget, number>> {
      const OR = idsByKind(targets)
      if (OR.length === 0) return new Map()
      const rows = await db.read((client) => client.followedTarget.findMany({ where: { OR } }))
      return new Map(rows.map((row) => [`${row.kind}:${row.targetId}` as CountedTarget, row.followers]))
    },
  }
}

/** Anything may come as an id from another subgraph's client; what is none cannot be followed. */
function idsByKind(targets: readonly CountedTarget[]) {
  return (['team', 'player'] as const).flatMap((kind) => {
    const ids = targets.flatMap((target) =>
      target.startsWith(`${kind}:`) ? [target.slice(kind.length + 1)] : [],
    )
    const known = ids.filter(isUuid)
    return known.length > 0 ? [{ kind, targetId: { in: known } }] : []
  })
}
