import { EVENT_MARK, type MarkedRoot } from '@courtside/subgraph'
import { GraphQLScalarType } from 'graphql'
import type { DomainSubgraph } from './domain-subgraph.ts'
import type { GameUpdate, GameUpdates } from './game-updates.ts'
import { live } from './live.ts'

const updates = /* GraphQL */ `
  scalar Cursor
  type Subscription {
    gameUpdated(gameId: ID!, after: Cursor): GameUpdate! @public
  }
  type GameUpdate {
    kind: String!
    seq: Int!
    cursor: Cursor!
    game: Game!
  }
`

/** `live`, and what happens in its games. */
export function createLiveEvents(source: GameUpdates): DomainSubgraph {
  return {
    ...live,
    typeDefs: live.typeDefs + updates,
    resolvers: {
      ...live.resolvers,
      Cursor: new GraphQLScalarType({ name: 'Cursor' }),
      Subscription: {
        gameUpdated: { subscribe: (_: unknown, { gameId }: { gameId: string }) => marked(source, gameId) },
      },
    },
  }
}

/** For our own subgraphs, which say where each event stands. */
function marked(source: GameUpdates, gameId: string): AsyncIterableIterator<MarkedRoot, undefined> {
  const events = source.follow(gameId)
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      const { done, value } = await events.next()
      if (done) return { done, value }
      return { done: false, value: { ...value, [EVENT_MARK]: toMark(value.gameUpdated) } }
    },
    async return() {
      await events.return?.()
      return { done: true, value: undefined }
    },
  }
}

const toMark = ({ kind, seq, cursor }: GameUpdate) => ({
  kind: 'place' as const,
  cursor,
  epoch: 1,
  seq,
  snapshot: kind === 'SNAPSHOT',
})
