import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { SportsService } from './sports.service.ts'

export function createSportsResolvers(sports: SportsService): Resolvers {
  return {
    Query: {
      sport: (_root, { id }, { loaders }) => loaders.sports.find(id),
      sports: (_root, { filter, ...page }) => sports.list(filter, page),
    },
    Mutation: {
      createSport: async (_root, { input }, { caller }) => ({ sport: await sports.create(caller, input) }),
      updateSport: async (_root, { input }, { caller }) => ({ sport: await sports.update(caller, input) }),
      deleteSport: async (_root, { input }, { caller }) => ({
        deletedId: await sports.remove(caller, input),
      }),
    },
    Sport: {
      __resolveReference: ({ id }, { loaders }) => loaders.sports.find(id),
    },
    SportConnection: countedConnection,
  }
}
