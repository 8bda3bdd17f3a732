import { mapItems } from '@courtside/events'
import { EVENT_MARK, type EventMark } from '@courtside/subgraph'
import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { GameChange } from './game-change.ts'
import type { GameChangesService } from './game-changes.service.ts'
import { nextStatuses } from './game-status.policy.ts'
import type { GamesService } from './games.service.ts'

export function createGamesResolvers(games: GamesService, changes: GameChangesService): Resolvers {
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
    Subscription: {
      gameChanged: {
        subscribe: async (_root, { gameId, after }) =>
          mapItems(await changes.watch(gameId, after ?? null), (change) => ({
            gameChanged: change,
            [EVENT_MARK]: markOf(change),
          })),
      },
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

const markOf = ({ place, cursor, kind }: GameChange): EventMark => ({
  kind: 'place',
  cursor,
  epoch: place.epoch,
  seq: place.seq,
  snapshot: kind === 'SNAPSHOT',
})
