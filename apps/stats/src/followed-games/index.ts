import { createFollowedGamesResolvers } from './followed-games.resolvers.ts'
import type { FollowedGamesDependencies } from './watch-followed-games.ts'

export type { FollowedGameChange } from './followed-game.ts'

/** What happens in the games of the teams that somebody follows. */
export function createFollowedGamesModule(dependencies: FollowedGamesDependencies) {
  return { resolvers: createFollowedGamesResolvers(dependencies) }
}
