import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { ConferencesService } from './conferences.service.ts'

export function createConferencesResolvers(conferences: ConferencesService): Resolvers {
  return {
    Query: {
      conference: (_root, { id }, { loaders }) => loaders.conferences.find(id),
      conferences: (_root, { filter, ...page }) => conferences.list(filter, page),
    },
    Mutation: {
      createConference: async (_root, { input }, { caller }) => ({
        conference: await conferences.create(caller, input),
      }),
      updateConference: async (_root, { input }, { caller }) => ({
        conference: await conferences.update(caller, input),
      }),
      deleteConference: async (_root, { input }, { caller }) => ({
        deletedId: await conferences.remove(caller, input),
      }),
    },
    Conference: {
      __resolveReference: ({ id }, { loaders }) => loaders.conferences.find(id),
      sport: ({ sportId }, _args, { loaders }) => loaders.sports.get(sportId),
    },
    ConferenceConnection: countedConnection,
  }
}
