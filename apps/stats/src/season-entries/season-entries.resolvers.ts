import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { SeasonEntriesService } from './season-entries.service.ts'

export function createSeasonEntriesResolvers(entries: SeasonEntriesService): Resolvers {
  return {
    Query: {
      seasonEntry: (_root, { id }, { loaders }) => loaders.seasonEntries.find(id),
      seasonEntries: (_root, { filter, ...page }) => entries.list(filter, page),
    },
    Mutation: {
      createSeasonEntry: async (_root, { input }, { caller }) => ({
        seasonEntry: await entries.create(caller, input),
      }),
      updateSeasonEntry: async (_root, { input }, { caller }) => ({
        seasonEntry: await entries.update(caller, input),
      }),
      deleteSeasonEntry: async (_root, { input }, { caller }) => ({
        deletedId: await entries.remove(caller, input),
      }),
    },
    SeasonEntry: {
      season: ({ seasonId }, _args, { loaders }) => loaders.seasons.get(seasonId),
      team: ({ teamId }, _args, { loaders }) => loaders.teams.get(teamId),
      conference: ({ conferenceId }, _args, { loaders }) =>
        conferenceId === null ? null : loaders.conferences.get(conferenceId),
    },
    SeasonEntryConnection: countedConnection,
    Season: {
      teams: ({ id }, { conferenceId, ...page }, { loaders }) =>
        loaders.seasonEntries.teamsOf(id, { conferenceId }, page),
    },
    SeasonTeamConnection: countedConnection,
    SeasonTeamEdge: {
      node: ({ node }, _args, { loaders }) => loaders.teams.get(node.teamId),
      conference: ({ node }, _args, { loaders }) =>
        node.conferenceId === null ? null : loaders.conferences.get(node.conferenceId),
    },
    Team: {
      async conference({ id }, { seasonId }, { loaders }) {
        const conferenceId = await loaders.seasonEntries.conferenceIdOf(id, seasonId ?? null)
        return conferenceId === null ? null : loaders.conferences.get(conferenceId)
      },
    },
  }
}
