import type { Resolvers } from '../generated/graphql.ts'

export const userStatsResolvers: Resolvers = {
  User: {
    stats: ({ id }, _args, { loaders }) => loaders.userStats.load(id),
  },
}
