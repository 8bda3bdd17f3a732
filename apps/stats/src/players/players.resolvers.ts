import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { PlayersService } from './players.service.ts'

export function createPlayersResolvers(players: PlayersService): Resolvers {
  return {
    Query: {
      player: (_root, { id }, { loaders }) => loaders.players.find(id),
      players: (_root, { filter, order, ...page }) => players.list(filter, order, page),
    },
    Mutation: {
      createPlayer: async (_root, { input }, { caller }) => ({ player: await players.create(caller, input) }),
      updatePlayer: async (_root, { input }, { caller }) => ({ player: await players.update(caller, input) }),
      deletePlayer: async (_root, { input }, { caller }) => ({
        deletedId: await players.remove(caller, input),
      }),
    },
    Player: {
      __resolveReference: ({ id }, { loaders }) => loaders.players.find(id),
      birthYear: ({ birthDate }) => (birthDate === null ? null : Number(birthDate.slice(0, 4))),
    },
    PlayerConnection: countedConnection,
  }
}
