import type { Database } from '../db.ts'

export interface UserStats {
  followersCount: number
  followingCount: number
  membersCount: number
}

export type UserStatsRepository = ReturnType<typeof createUserStatsRepository>

/** Reads the public view `user_stats`, on nobody's behalf. */
export function createUserStatsRepository(db: Database) {
  return {
    async byUserIds(ids: readonly string[]): Promise<ReadonlyMap<string, UserStats>> {
      const rows = await db.read((client) => client.userStats.findMany({ where: { id: { in: [...ids] } } }))
      return new Map(
        rows.map(({ id, subscribersCount, ...counts }) => [
          id,
          { ...counts, membersCount: subscribersCount },
        ]),
      )
    },
  }
}
