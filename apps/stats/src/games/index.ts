import { createGameLoaders } from './games.loaders.ts'
import { createGamesResolvers } from './games.resolvers.ts'
import { createGamesService, type GamesDependencies } from './games.service.ts'

export type { Game } from './game.ts'
export type { GameLoaders } from './games.loaders.ts'
export { gameEntity } from './games.repository.ts'

export function createGamesModule(dependencies: GamesDependencies) {
  return {
    resolvers: createGamesResolvers(createGamesService(dependencies)),
    /** For one operation. */
    createLoaders: () => createGameLoaders(dependencies.database, dependencies.clock),
  }
}
