import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { composeGraph, expectSame, type OpenGraph, openGraph } from './fixtures/index.ts'

const OFFERS = [
  { __typename: 'Lamp', id: '1', flag: 0 },
  { __typename: 'Chair', id: '2', flag: 2 },
  { __typename: 'Lamp', id: '3', flag: 3 },
  { __typename: 'Chair', id: '4', flag: 0 },
]

/** In `shop` the two flags cannot stand under one name: one of them is never null. To clients they are alike. */
const RENAMED = composeGraph({
  shop: {
    typeDefs: /* GraphQL */ `
      type Query {
        offers(count: Int): [Offer]
      }
      type Subscription {
        offers: [Offer]
      }
      union Offer = Lamp | Chair
      type Lamp @key(fields: "id") {
        id: ID!
        flag: Int! @shareable
      }
      type Chair @key(fields: "id") {
        id: ID!
        flag: Int
      }
    `,
    resolvers: { Query: { offers: () => OFFERS }, Subscription: { offers: () => OFFERS } },
  },
  stock: {
    typeDefs: /* GraphQL */ `
      type Lamp @key(fields: "id") {
        id: ID!
        flag: Int @shareable
        left: Int
      }
    `,
    resolvers: { Lamp: { left: ({ id }: { id: string }) => Number(id) * 10 } },
  },
})

let graph: OpenGraph
beforeAll(async () => {
  graph = await openGraph(RENAMED)
})
afterAll(() => graph.stop())

describe('a field that a plan asks for under another name', () => {
  const query = '{ offers { ... on Lamp { flag left } ... on Chair { flag } } }'

  test('comes back under its own', async () => {
    const answer = await graph.ours({ query })
    expect(answer.asked[0]?.query).toContain('flag__alias_0:flag')
    expect(answer.data).toEqual({
      offers: [{ flag: 0, left: 10 }, { flag: 2 }, { flag: 3, left: 30 }, { flag: 0 }],
    })
  })

  test('comes back under its own in an event', async () => {
    const answer = await graph.ourEvent({ query: `subscription ${query}` })
    expect(answer.asked[0]?.query).toContain('flag__alias_0:flag')
    expect(answer.data).toEqual({
      offers: [{ flag: 0, left: 10 }, { flag: 2 }, { flag: 3, left: 30 }, { flag: 0 }],
    })
  })

  test('is lost by Apollo where it is zero, so that we know when it no longer is', async () => {
    const { data } = await graph.apollos({ query })
    expect(data).toEqual({
      offers: [{ flag: 0, left: 10 }, { flag: 2 }, { flag: 3, left: 30 }, { flag: null }],
    })
  })

  test('is the same for both where it is not', async () => {
    await expectSame(graph, {
      query,
      mangle: (answer) => JSON.parse(JSON.stringify(answer).replaceAll('_0":0', '_0":7')),
    })
  })
})
