import { type Batch, createBatch } from '@courtside/subgraph'
import type { Database } from '../db.ts'
import { createUserStatsRepository, type UserStats } from './user-stats.repository.ts'
import { userStatsResolvers } from './user-stats.resolvers.ts'

export interface UserStatsLoaders {
  userStats: Batch<string, UserStats>
}

export interface UserStatsModule {
  resolvers: typeof userStatsResolvers
  createLoaders(): UserStatsLoaders
}

const NONE: UserStats = { followersCount: 0, followingCount: 0, membersCount: 0 }

/** ACC-15: how many people are around a person. */
export function createUserStatsModule({ db }: { db: Database }): UserStatsModule {
  const repository = createUserStatsRepository(db)
  return {
    resolvers: userStatsResolvers,
    createLoaders: () => ({
      userStats: createBatch(
        (ids) => repository.byUserIds(ids),
        () => NONE,
      ),
    }),
  }
}
