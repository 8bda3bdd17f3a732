import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import { nextStatuses } from './game-status.policy.ts'
import type { GamesService } from './games.service.ts'

export function createGamesResolvers(games: GamesService): Resolvers {
  return {
    Query: {
      game: (_root, { id }, { loaders }) => loaders.games.find(id),
      games: (_root, { filter, order, ...page }) => games.list({ filter, order }, page),
    },
    Mutation: {
      createGame: async (_root, { input }, { caller }) => ({ game: await games.create(caller, input) }),
      updateGame: async (_root, { input }, { caller }) => ({ game: await games.update(caller, input) }),
      rescheduleGame: async (_root, { input }, { caller }) => ({
        game: await games.reschedule(caller, input),
      }),
      changeGameStatus: async (_root, { input }, { caller }) => ({
        game: await games.changeStatus(caller, input),
      }),
      deleteGame: async (_root, { input }, { caller }) => ({ deletedId: await games.remove(caller, input) }),
    },
    Game: {
      __resolveReference: ({ id }, { loaders }) => loaders.games.find(id),
      sport: ({ sportId }, _args, { loaders }) => loaders.sports.get(sportId),
      season: ({ seasonId }, _args, { loaders }) => loaders.seasons.get(seasonId),
      conference: ({ conferenceId }, _args, { loaders }) =>
        conferenceId === null ? null : loaders.conferences.get(conferenceId),
      home: ({ homeTeamId }, _args, { loaders }) => loaders.teams.get(homeTeamId),
      away: ({ awayTeamId }, _args, { loaders }) => loaders.teams.get(awayTeamId),
      venue: ({ venueId }, _args, { loaders }) => (venueId === null ? null : loaders.venues.get(venueId)),
      ruleSet: ({ ruleSetId }, _args, { loaders }) =>
        ruleSetId === null ? null : loaders.ruleSets.get(ruleSetId),
      nextStatuses: (game) => [...nextStatuses(game)],
    },
    GameConnection: countedConnection,
    Team: {
      games: ({ id }, { filter, order, ...page }, { loaders }) =>
        loaders.games.listOf('team', id, { filter, order }, page),
      nextGame: ({ id }, _args, { loaders }) => loaders.games.nextOf(id),
      lastGame: ({ id }, _args, { loaders }) => loaders.games.lastOf(id),
    },
    Season: {
      games: ({ id }, { filter, order, ...page }, { loaders }) =>
        loaders.games.listOf('season', id, { filter, order }, page),
    },
    Venue: {
      games: ({ id }, { filter, order, ...page }, { loaders }) =>
        loaders.games.listOf('venue', id, { filter, order }, page),
    },
  }
}
