import type { DomainSubgraph } from './domain-subgraph.ts'
import { liveStates, type LiveState } from './league.ts'

export const live: DomainSubgraph = {
  name: 'live',
  imports: ['@key'],
  typeDefs: /* GraphQL */ `
    type Query {
      viewers: Int! @public
    }
    type Game @key(fields: "id") {
      id: ID!
      clock: String!
      period: Int!
      homeScore: Int!
      awayScore: Int!
      viewers: Int!
      lastPlay: Play
      hostUser: User
    }
    type Play {
      id: ID!
      text: String!
    }
    type User @key(fields: "id", resolvable: false) {
      id: ID!
    }
  `,
  resolvers: {
    Query: {
      viewers: () => [...liveStates.values()].reduce((sum, { viewers }) => sum + viewers, 0),
    },
    Game: {
      __resolveReference: ({ id }: { id: string }) => liveStates.get(id),
      hostUser: ({ hostId }: LiveState) => ({ __typename: 'User', id: hostId }),
    },
  },
}
