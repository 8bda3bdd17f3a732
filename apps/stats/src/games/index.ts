import { createGameChangesService, type GameChangesDependencies } from './game-changes.service.ts'
import { createGameLoaders } from './games.loaders.ts'
import { createGamesResolvers } from './games.resolvers.ts'
import { createGamesService, type GamesDependencies } from './games.service.ts'

export type { Game } from './game.ts'
export { type GameChange, type GameChangeKind, readGameChange } from './game-change.ts'
export { GAME_RETENTION, TEAM_RETENTION, teamStream } from './game-facts.ts'
export type { GameLoaders } from './games.loaders.ts'
export { gameColumns } from './game-lists.repository.ts'
export { gameEntity } from './games.repository.ts'

export function createGamesModule(dependencies: GamesDependencies & GameChangesDependencies) {
  return {
    resolvers: createGamesResolvers(createGamesService(dependencies), createGameChangesService(dependencies)),
    /** For one operation. */
    createLoaders: () => createGameLoaders(dependencies.database, dependencies.clock),
  }
}
