import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { SeasonsService } from './seasons.service.ts'

export function createSeasonsResolvers(seasons: SeasonsService): Resolvers {
  return {
    Query: {
      season: (_root, { id }, { loaders }) => loaders.seasons.find(id),
      seasons: (_root, { filter, ...page }) => seasons.list(filter, page),
    },
    Mutation: {
      createSeason: async (_root, { input }, { caller }) => ({ season: await seasons.create(caller, input) }),
      updateSeason: async (_root, { input }, { caller }) => ({ season: await seasons.update(caller, input) }),
      deleteSeason: async (_root, { input }, { caller }) => ({
        deletedId: await seasons.remove(caller, input),
      }),
    },
    Season: {
      __resolveReference: ({ id }, { loaders }) => loaders.seasons.find(id),
      sport: ({ sportId }, _args, { loaders }) => loaders.sports.get(sportId),
      isCurrent: (season) => seasons.isCurrent(season),
    },
    SeasonConnection: countedConnection,
  }
}
