import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { TeamsService } from './teams.service.ts'

export function createTeamsResolvers(teams: TeamsService): Resolvers {
  return {
    Query: {
      team: (_root, { id }, { loaders }) => loaders.teams.find(id),
      teams: (_root, { filter, order, ...page }) => teams.list(filter, order, page),
    },
    Mutation: {
      createTeam: async (_root, { input }, { caller }) => ({ team: await teams.create(caller, input) }),
      updateTeam: async (_root, { input }, { caller }) => ({ team: await teams.update(caller, input) }),
      deleteTeam: async (_root, { input }, { caller }) => ({ deletedId: await teams.remove(caller, input) }),
    },
    Team: {
      __resolveReference: ({ id }, { loaders }) => loaders.teams.find(id),
      sport: ({ sportId }, _args, { loaders }) => loaders.sports.get(sportId),
    },
    TeamConnection: countedConnection,
  }
}
