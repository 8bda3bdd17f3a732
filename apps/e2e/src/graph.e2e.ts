import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { graphClient, type GraphClient } from './graph-client.ts'
import { createLeague, type League } from './league.ts'
import { eventually, type Person, signUp, signUpAdmin } from './people.ts'
import { type RunningGraph, SHAPES } from './shapes/index.ts'

describe.each(SHAPES)('the graph, $name', (shape) => {
  let graph: RunningGraph
  let anonymous: GraphClient
  let admin: Person
  let league: League
  beforeAll(async () => {
    graph = await shape.start()
    anonymous = graphClient(graph.url)
    admin = await signUpAdmin(graph, 'ada')
    league = await createLeague(admin.client)
  }, 60_000)
  afterAll(() => graph?.stop())

  test('knows who asks, and nobody where nobody does', async () => {
    const ana = await signUp(graph, 'ana')
    expect(await ana.client.ok('{ me { email user { username } } }')).toEqual({
      me: { email: 'ana@example.org', user: { username: 'ana' } },
    })
    expect(await anonymous.ok('{ me { email } }')).toEqual({ me: null })
  })

  test('GW-01, GW-06: joins what accounts knows of a person with what stats knows of a team', async () => {
    const { client } = await signUp(graph, 'bea')
    await client.ok('mutation Follow($input: FollowInput!) { follow(input: $input) { followedAt } }', {
      input: { teamId: league.homeTeamId },
    })
    const followed = await client.ok(`{
      me { follows(first: 5) { totalCount edges { node { __typename ... on Team { name nextGame { id away { name } } } } } } }
    }`)
    expect(followed).toEqual({
      me: {
        follows: {
          totalCount: 1,
          edges: [
            {
              node: {
                __typename: 'Team',
                name: 'Harbor City',
                nextGame: { id: league.gameId, away: { name: 'North Ridge' } },
              },
            },
          ],
        },
      },
    })
  })

  test('answers the rest when what somebody follows is no more', async () => {
    const { client } = await signUp(graph, 'cleo')
    const goneTeamId = '0190a0b0-0000-7000-8000-00000000dead'
    for (const teamId of [goneTeamId, league.awayTeamId]) {
      await client.ok('mutation Follow($input: FollowInput!) { follow(input: $input) { followedAt } }', {
        input: { teamId },
      })
    }
    const { data, errors } = await client.send<{ me: { follows: { edges: { node: unknown }[] } } }>(
      '{ me { follows(first: 5) { edges { node { ... on Team { name } } } } } }',
    )
    expect(data?.me.follows.edges.map(({ node }) => node)).toEqual([{ name: 'North Ridge' }, null])
    expect(errors).toEqual([])
  })

  test('GW-09: shows who changed what, across the border of two subgraphs', async () => {
    const log = await admin.client.ok(
      `query Log($entityId: ID!) {
        statsAuditLog(filter: { entityType: "Game", entityId: $entityId }, first: 5) { edges { node { action actor { username } } } }
      }`,
      { entityId: league.gameId },
    )
    expect(log).toEqual({
      statsAuditLog: {
        edges: [{ node: { action: expect.stringMatching(/game/i), actor: { username: 'ada' } } }],
      },
    })
  })

  test('GW-04: lets a partner do what its key may, and nothing that belongs to people', async () => {
    const { createApiKey } = await admin.client.ok<{ createApiKey: { key: string; apiKey: { id: string } } }>(
      'mutation Key($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id } } }',
      {
        input: { name: 'Schedule feed', ownerId: admin.id, scopes: ['write:games'], requestsPerMinute: 600 },
      },
    )
    const partner = graphClient(graph.url, { 'x-api-key': createApiKey.key })
    const reschedule = `mutation Later($input: ChangeGameStatusInput!) {
      changeGameStatus(input: $input) { game { status version } }
    }`
    const input = { id: league.gameId, expectedVersion: 1, status: 'POSTPONED', reason: 'Snow' }
    expect(await partner.ok(reschedule, { input })).toEqual({
      changeGameStatus: { game: { status: 'POSTPONED', version: 2 } },
    })
    expect(await partner.ok('{ me { email } }')).toEqual({ me: null })
    const refused = await partner.send('{ accountsAuditLog(first: 1) { edges { cursor } } }')
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])

    await admin.client.ok(
      'mutation End($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }',
      {
        input: { id: createApiKey.apiKey.id },
      },
    )
    const after = await eventually(async () => {
      const answer = await partner.send('{ __typename }')
      return answer.errors.length > 0 ? answer : undefined
    })
    expect(after).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  test('forgets a session that was ended on another device', async () => {
    const dora = await signUp(graph, 'dora')
    const { signIn } = await anonymous.ok<{ signIn: { accessToken: string } }>(
      `mutation SignIn($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { accessToken } } }`,
      { input: { login: 'dora', password: dora.password, deviceName: 'Phone' } },
    )
    const phone = graphClient(graph.url, { authorization: `Bearer ${signIn.accessToken}` })
    expect(await phone.ok('{ me { user { username } } }')).toEqual({ me: { user: { username: 'dora' } } })
    await dora.client.ok('mutation { revokeOtherSessions(input: {}) { endedSessionIds } }')
    const refused = await eventually(async () => {
      const answer = await phone.send('{ me { email } }')
      return answer.errors.length > 0 ? answer : undefined
    })
    expect(refused).toMatchObject({
      status: 401,
      data: null,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    expect(await dora.client.ok('{ me { email } }')).toEqual({ me: { email: 'dora@example.org' } })
  })

  test('gives a role its rights at once, and takes them as fast', async () => {
    const eve = await signUp(graph, 'eve')
    const createVenue = `mutation Venue($input: CreateVenueInput!) { createVenue(input: $input) { venue { name } } }`
    const input = { name: 'Arena', city: 'Harbor City', country: 'US', timeZone: 'America/New_York' }
    const before = await eve.client.send(createVenue, { input })
    expect(before).toMatchObject({ status: 403, data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    await admin.client.ok(
      'mutation Grant($input: GrantRoleInput!) { grantRole(input: $input) { account { id } } }',
      {
        input: { userId: eve.id, role: 'ADMIN' },
      },
    )
    const after = await eventually(async () => {
      const answer = await eve.client.send(createVenue, { input })
      return answer.data ?? undefined
    })
    expect(after).toEqual({ createVenue: { venue: { name: 'Arena' } } })
  })

  test('erases a person, who is then nobody to anybody', async () => {
    const finn = await signUp(graph, 'finn')
    await finn.client.ok(
      'mutation Erase($input: EraseAccountInput!) { eraseAccount(input: $input) { __typename } }',
      {
        input: { confirm: 'finn', password: finn.password },
      },
    )
    expect(
      await anonymous.ok('query User($id: ID!) { user(id: $id) { username } }', { id: finn.id }),
    ).toEqual({
      user: null,
    })
    const { signIn } = await anonymous.ok<{ signIn: { code: string } }>(
      'mutation SignIn($input: SignInInput!) { signIn(input: $input) { ... on SignInRefused { code } } }',
      { input: { login: 'finn@example.org', password: finn.password } },
    )
    expect(signIn.code).toBe('INVALID_CREDENTIALS')
    await eventually(async () =>
      (await finn.client.send('{ me { email } }')).status === 401 ? true : undefined,
    )
  })
})
