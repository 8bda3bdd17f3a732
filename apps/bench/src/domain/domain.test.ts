import { describe, expect, test } from '@jest/globals'
import { generateKeyPair, exportJWK } from 'jose'
import { toFederationOne } from './federation-one.ts'
import {
  composeSupergraph,
  createGameUpdates,
  expectedUpdate,
  SUBGRAPHS,
  subgraphsWithEvents,
  subgraphsWithEventsAndIdentity,
  subgraphsWithIdentity,
  WORKLOADS,
} from './index.ts'

const addresses = { stats: 'http://stats.invalid', live: 'http://live.invalid', accounts: 'http://a.invalid' }

describe('the graph of the measurements', () => {
  test('asks nothing of the other gateways that they would refuse', () => {
    const supergraph = composeSupergraph(SUBGRAPHS, addresses)
    expect(supergraph).toContain('url: "http://stats.invalid"')
    expect(supergraph).not.toContain('for: SECURITY')
  })

  test('gives our gateway the fields that it identifies people with', async () => {
    const { publicKey } = await generateKeyPair('EdDSA', { extractable: true })
    const supergraph = composeSupergraph(subgraphsWithIdentity(await exportJWK(publicKey)), addresses)
    expect(supergraph).toContain('resolveCredential')
    expect(supergraph).toContain('requiresScopes')
  })

  test('has subscriptions for all gateways, and what ours follows beside them', async () => {
    const updates = createGameUpdates()
    expect(composeSupergraph(subgraphsWithEvents(updates), addresses)).toContain('gameUpdated(')
    const { publicKey } = await generateKeyPair('EdDSA', { extractable: true })
    const graph = subgraphsWithEventsAndIdentity(updates, await exportJWK(publicKey))
    expect(composeSupergraph(graph, addresses)).toContain('accessChanged(')
  })

  test('has 64 different requests in each workload, all with the name of their operation', () => {
    for (const { bodies } of Object.values(WORKLOADS)) {
      expect(new Set(bodies).size).toBe(64)
      expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ operationName: expect.any(String) })
    }
  })
})

describe('Federation 1', () => {
  const extend = (typeDefs: string) =>
    toFederationOne({ name: 'live', typeDefs, imports: [], resolvers: {} }, { Game: 'stats' }).trim()

  test('has entities that belong to another subgraph extended, with an external key', () => {
    expect(extend('type Game @key(fields: "id", resolvable: false) { id: ID! clock: String }')).toBe(
      'extend type Game @key(fields: "id") {\n  id: ID! @external\n  clock: String\n}',
    )
  })

  test('has the root extended everywhere, without access directives', () => {
    expect(extend('type Query { viewers: Int! @public }')).toBe('extend type Query {\n  viewers: Int!\n}')
  })

  test('leaves what belongs to the subgraph itself', () => {
    expect(extend('type Play { id: ID! }')).toBe('type Play {\n  id: ID!\n}')
  })
})

describe('what happens in games', () => {
  test('is told to all who follow, after the game as it is', async () => {
    const updates = createGameUpdates()
    updates.happen('g1')
    const [one, other] = [updates.follow('g1'), updates.follow('g1')]
    updates.happen('g1')
    updates.happen('g2')
    for (const events of [one, other]) {
      expect((await events.next()).value?.gameUpdated).toMatchObject({ kind: 'SNAPSHOT', seq: 1 })
      expect((await events.next()).value?.gameUpdated).toMatchObject({ kind: 'CHANGED', seq: 2 })
    }
    expect(updates.followed).toBe(2)
    const next = one.next()
    await one.return?.()
    expect(await next).toEqual({ value: undefined, done: true })
  })

  test('is answered with the teams and the host of the game', () => {
    expect(expectedUpdate('g1', { kind: 'CHANGED', seq: 7 })).toMatchObject({
      seq: 7,
      game: { id: 'g1', home: { abbr: 'T1' }, hostUser: { name: 'User Name 1' } },
    })
  })
})
