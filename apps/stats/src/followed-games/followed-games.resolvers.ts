import { mapItems } from '@courtside/events'
import { DomainError } from '@courtside/kernel'
import { EVENT_MARK, type EventMark } from '@courtside/subgraph'
import type { Resolvers } from '../generated/graphql.ts'
import { type FollowedGamesDependencies, watchFollowedGames } from './watch-followed-games.ts'

export function createFollowedGamesResolvers(dependencies: FollowedGamesDependencies): Resolvers {
  return {
    Subscription: {
      followedGamesChanged: {
        subscribe: async (_root, _args, { principal }) => {
          // Nobody's games but one's own: there is no argument that could name somebody else.
          if (principal.kind !== 'user' || principal.userId === null) throw notSignedIn()
          return mapItems(await watchFollowedGames(principal.userId, dependencies), (change) => ({
            followedGamesChanged: change,
            [EVENT_MARK]: { kind: 'key', key: change.game.id } satisfies EventMark,
          }))
        },
      },
    },
  }
}

const notSignedIn = () =>
  new DomainError({
    kind: 'unauthenticated',
    code: 'UNAUTHENTICATED',
    message: 'Only a person who is signed in follows teams.',
  })
