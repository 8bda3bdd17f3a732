import { createEntityLoader } from '../entity-loader.ts'
import { findPlayers } from './players.repository.ts'
import { createPlayersResolvers } from './players.resolvers.ts'
import { createPlayersService, type PlayersDependencies } from './players.service.ts'

export type { Player } from './player.ts'
export { findPlayers, playerEntity } from './players.repository.ts'

export function createPlayersModule(dependencies: PlayersDependencies) {
  return {
    resolvers: createPlayersResolvers(createPlayersService(dependencies)),
    /** For one operation. */
    createLoader: () => createEntityLoader(dependencies.database, findPlayers),
  }
}
