import { createTurns } from '@courtside/events'
import { createFollowedGamesResolvers } from './followed-games.resolvers.ts'
import type { FollowedGamesDependencies } from './watch-followed-games.ts'

export type { FollowedGameChange } from './followed-game.ts'

/** Half of the pool's connections. */
const LOOKS_AT_ONCE = 5

/** What happens in the games of the teams that somebody follows. */
export function createFollowedGamesModule(dependencies: Omit<FollowedGamesDependencies, 'inTurn'>) {
  const inTurn = createTurns(LOOKS_AT_ONCE)
  return { resolvers: createFollowedGamesResolvers({ ...dependencies, inTurn }) }
}
