import type { DomainSubgraph } from './domain-subgraph.ts'
import { type Game, games, teams } from './league.ts'

const board = [...games.values()]

export const stats: DomainSubgraph = {
  name: 'stats',
  imports: ['@key'],
  typeDefs: /* GraphQL */ `
    type Query {
      game(id: ID!): Game @public
      games(first: Int! = 20, offset: Int! = 0): [Game!]! @public
    }
    type Game @key(fields: "id") {
      id: ID!
      status: String!
      startsAt: String!
      venue: String
      home: Team!
      away: Team!
    }
    type Team @key(fields: "id") {
      id: ID!
      name: String!
      abbr: String!
      city: String
    }
  `,
  resolvers: {
    Query: {
      game: (_: unknown, { id }: { id: string }) => games.get(id),
      games: (_: unknown, { first, offset }: { first: number; offset: number }) =>
        board.slice(offset, offset + first),
    },
    Game: {
      __resolveReference: ({ id }: { id: string }) => games.get(id),
      home: ({ homeId }: Game) => teams.get(homeId),
      away: ({ awayId }: Game) => teams.get(awayId),
    },
    Team: { __resolveReference: ({ id }: { id: string }) => teams.get(id) },
  },
}
