import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { RostersService } from './rosters.service.ts'

export function createRostersResolvers(rosters: RostersService): Resolvers {
  return {
    Query: {
      rosterEntry: (_root, { id }, { loaders }) => loaders.rosters.find(id),
      rosterEntries: (_root, { filter, ...page }) => rosters.list(filter, page),
    },
    Mutation: {
      createRosterEntry: async (_root, { input }, { caller }) => ({
        rosterEntry: await rosters.create(caller, input),
      }),
      updateRosterEntry: async (_root, { input }, { caller }) => ({
        rosterEntry: await rosters.update(caller, input),
      }),
      deleteRosterEntry: async (_root, { input }, { caller }) => ({
        deletedId: await rosters.remove(caller, input),
      }),
    },
    RosterEntry: {
      team: ({ teamId }, _args, { loaders }) => loaders.teams.get(teamId),
      season: ({ seasonId }, _args, { loaders }) => loaders.seasons.get(seasonId),
      player: ({ playerId }, _args, { loaders }) => loaders.players.get(playerId),
      isActive: ({ leftOn }) => leftOn === null,
    },
    RosterEntryConnection: countedConnection,
    Team: {
      roster: ({ id }, { seasonId, includeLeft }, { loaders }) =>
        loaders.rosters.rosterOf(id, { seasonId: seasonId ?? null, includeLeft }),
    },
    Player: {
      currentRosterEntry: ({ id }, _args, { loaders }) => loaders.rosters.currentOf(id),
      async team({ id }, _args, { loaders }) {
        const entry = await loaders.rosters.currentOf(id)
        return entry && loaders.teams.get(entry.teamId)
      },
      number: async ({ id }, _args, { loaders }) => (await loaders.rosters.currentOf(id))?.number ?? null,
      rosterEntries: ({ id }, _args, { loaders }) => loaders.rosters.allOf(id),
    },
  }
}
