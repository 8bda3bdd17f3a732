import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { composeGraph, expectSame, type Mangle, type OpenGraph, openGraph } from './fixtures/index.ts'

/** One parcel stands twice in a list, with another weight each time, and what it costs depends on that. */
const PARCELS = composeGraph({
  depot: {
    typeDefs: /* GraphQL */ `
      type Query {
        parcels: [Parcel!]!
      }
      type Parcel @key(fields: "id") {
        id: ID!
        weight: Int! @shareable
      }
    `,
    resolvers: {
      Query: {
        parcels: () => [
          { id: '1', weight: 5 },
          { id: '1', weight: 9 },
          { id: '1', weight: 5 },
        ],
      },
    },
  },
  places: {
    typeDefs: /* GraphQL */ `
      type Parcel @key(fields: "id") {
        id: ID!
        route: Route @shareable
        stops: [Stop!] @shareable
      }
      type Route @shareable {
        to: String
      }
      type Stop @shareable {
        at: String
      }
    `,
    resolvers: { Parcel: { route: () => ({ to: 'Bergen' }), stops: () => [{ at: 'Voss' }] } },
  },
  prices: {
    typeDefs: /* GraphQL */ `
      type Parcel @key(fields: "id") {
        id: ID!
        weight: Int! @external
        price: Int @requires(fields: "weight")
        route: Route @shareable @requires(fields: "weight")
      }
      type Route @shareable {
        cost: Int
      }
    `,
    resolvers: {
      Parcel: {
        price: ({ weight }: { weight: number }) => weight * 2,
        route: ({ weight }: { weight: number }) => ({ cost: weight * 3 }),
      },
    },
  },
})

let graph: OpenGraph
beforeAll(async () => {
  graph = await openGraph(PARCELS)
})
afterAll(() => graph.stop())

/** Holds the answer of one subgraph back until that of another has been joined. */
function answersAfter(later: string, sooner: string): Mangle {
  const { promise, resolve } = Promise.withResolvers<void>()
  return async (answer, { subgraph }) => {
    if (subgraph === sooner) setImmediate(resolve)
    if (subgraph === later) await promise
    return answer
  }
}

const representations = (answer: { asked: readonly { subgraph: string; variables: object }[] }, of: string) =>
  answer.asked
    .filter(({ subgraph }) => subgraph === of)
    .map(({ variables }) => Reflect.get(variables, 'representations'))

describe('entities that look alike', () => {
  test('are asked for once', async () => {
    const answer = await expectSame(graph, { query: '{ parcels { route { to } stops { at } } }' })
    expect(representations(answer, 'places')).toEqual([[{ __typename: 'Parcel', id: '1' }]])
  })

  test('are asked for apart where what is required of them differs', async () => {
    const answer = await expectSame(graph, { query: '{ parcels { price weight } }' })
    expect(representations(answer, 'prices')).toEqual([
      [
        { __typename: 'Parcel', id: '1', weight: 5 },
        { __typename: 'Parcel', id: '1', weight: 9 },
      ],
    ])
  })
  test('share no value, so that what one of them learns later stays its own', async () => {
    const query = '{ parcels { route { to cost } } }'
    await expectSame(graph, { query })
    const answer = await graph.ours({ query, mangle: answersAfter('prices', 'places') })
    expect(representations(answer, 'places')).toEqual([[{ __typename: 'Parcel', id: '1' }]])
    expect(answer.data).toEqual({
      parcels: [15, 27, 15].map((cost) => ({ route: { to: 'Bergen', cost } })),
    })
  })
})
