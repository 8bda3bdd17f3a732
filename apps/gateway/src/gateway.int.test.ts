import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type GatewayFixture, openGateway, type Wire } from './fixtures/gateway-fixture.ts'

describe.each<Wire>(['in-process', 'http'])('a graph over %s transports', (wire) => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await openGateway(wire)
  })
  afterAll(() => fixture.stop())
  beforeEach(() => {
    fixture.transports['accounts']!.down = false
    fixture.transports['stats']!.down = false
  })

  test('joins one entity from two subgraphs', async () => {
    const { status, data, errors } = await fixture.graphql('{ game(id: "7") { title mvp { name points } } }')
    expect(errors).toEqual([])
    expect(status).toBe(200)
    expect(data).toEqual({ game: { title: 'Game 7', mvp: { name: 'Name of mvp-of-7', points: 8 } } })
  })

  test('takes variables, aliases, fragments and operation names', async () => {
    const query = `
      query One($id: ID!, $names: Boolean!) { first: game(id: $id) { ...G } }
      query Two($names: Boolean!) { games { ...G } }
      fragment G on Game { label: title mvp @include(if: $names) { name } }`
    const { data, errors } = await fixture.graphql(query, {
      operationName: 'One',
      variables: { id: '1', names: false },
    })
    expect(errors).toEqual([])
    expect(data).toEqual({ first: { label: 'Game 1' } })
  })

  describe('with a subgraph away', () => {
    test('answers what the others know, and says what is missing', async () => {
      fixture.transports['accounts']!.down = true
      const open = await fixture.graphql(
        '{ games { title mvp { points who: name } } user(id: "u") { name } }',
      )
      expect(open.status).toBe(200)
      // A name may not be null, so the person who would have it is.
      expect(open.data).toEqual({
        games: [
          { title: 'Game 1', mvp: null },
          { title: 'Game 2', mvp: null },
        ],
        user: null,
      })
      const missing = { code: 'SUBGRAPH_UNAVAILABLE', retryable: true }
      expect(open.errors.map(({ path, extensions }) => ({ path, extensions }))).toEqual(
        expect.arrayContaining([
          { path: ['user'], extensions: missing },
          { path: ['games', 0, 'mvp', 'who'], extensions: missing },
          { path: ['games', 1, 'mvp', 'who'], extensions: missing },
        ]),
      )
      expect(open.errors).toHaveLength(3)
    })

    test('does not invite to repeat a mutation that may have been carried out', async () => {
      fixture.transports['stats']!.down = true
      const { data, errors } = await fixture.graphql('mutation { note(text: "x") }')
      expect(data).toEqual({ note: null })
      expect(errors).toEqual([
        {
          message: expect.stringContaining('Read the current state before you try again'),
          path: ['note'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: false },
        },
      ])
    })

    test('serves again as soon as it is back', async () => {
      fixture.transports['stats']!.down = true
      expect((await fixture.graphql('{ game(id: "1") { title } }')).data).toEqual({ game: null })
      fixture.transports['stats']!.down = false
      expect((await fixture.graphql('{ game(id: "1") { title } }')).data).toEqual({
        game: { title: 'Game 1' },
      })
    })
  })

  describe('with errors', () => {
    test('of a subgraph passes code, message, path and public details, and no more', async () => {
      const { status, data, errors } = await fixture.graphql('{ refused game(id: "1") { title } }')
      expect(status).toBe(200)
      expect(data).toEqual({ refused: null, game: { title: 'Game 1' } })
      expect(errors).toEqual([
        {
          message: 'The game has started.',
          path: ['refused'],
          extensions: { code: 'GAME_STARTED', allowed: ['IN_PLAY'], faults: [{ field: 'status' }] },
        },
      ])
    })

    test('that nobody expected says an id, under which the log has the rest', async () => {
      const { data, errors } = await fixture.graphql('{ broken }')
      const [error] = errors
      const errorId = error?.extensions['errorId']
      expect(data).toEqual({ broken: null })
      expect(error).toEqual({
        message: `Something went wrong on our side. If it stays, report it with the id ${String(errorId)}.`,
        path: ['broken'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
      })
      const logged = fixture.log.lines.filter(({ fields }) => fields['error.id'] === errorId)
      expect(logged.map(({ fields }) => String(fields['err']))).toContainEqual(
        expect.stringContaining('SELECT secret'),
      )
    })

    test.each([
      ['a missing variable', 'query ($id: ID!) { game(id: $id) { title } }', {}],
      ['a variable of the wrong type', 'query ($id: ID!) { game(id: $id) { title } }', { id: { a: 1 } }],
      ['an unknown enum value', 'query ($s: Status) { gamesOn(status: $s) { id } }', { s: 'FINISHT' }],
    ])('of the caller: %s is 400 BAD_USER_INPUT', async (_, query, variables) => {
      const { status, errors } = await fixture.graphql(query, { variables })
      expect(status).toBe(400)
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    })

    test('of the caller: a literal that its scalar does not take says where it is, and what it should be', async () => {
      const { status, errors } = await fixture.graphql('{ gamesOn(since: "2030-13-45") { id } }')
      expect(status).toBe(400)
      expect(errors).toEqual([
        {
          message: 'Date must be a calendar day, for example 2026-11-20.',
          locations: [{ line: 1, column: 18 }],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
        },
      ])
    })

    test('of the caller: so does a variable', async () => {
      const query = 'query ($since: Date) { gamesOn(since: $since) { id } }'
      const { status, errors } = await fixture.graphql(query, { variables: { since: '2030-13-45' } })
      expect(status).toBe(400)
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('Date must be a calendar day, for example 2026-11-20.'),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ])
      const taken = await fixture.graphql(query, { variables: { since: '2030-12-31' } })
      expect(taken).toMatchObject({ status: 200, data: { gamesOn: [] }, errors: [] })
    })
  })

  describe('for whoever asks', () => {
    test('enforces @policy, @authenticated and @requiresScopes before anything is planned', async () => {
      const viewer = await fixture.accounts.signIn('viewer')
      const scorekeeper = await fixture.accounts.signIn('scorekeeper')
      const key = `csn_live_${'a'.repeat(30)}`
      fixture.accounts.apiKeys.set(key, { id: 'key-1', scopes: ['write:games'], requestsPerMinute: null })
      const codeOf = async (query: string, who: { token?: string; apiKey?: string }) => {
        const { status, data, errors } = await fixture.graphql(query, who)
        return errors.length === 0 && data ? 'granted' : `${status} ${errors[0]?.extensions.code}`
      }
      const me = '{ me { name } }'
      expect(await codeOf(me, {})).toBe('401 UNAUTHENTICATED')
      expect(await codeOf(me, viewer)).toBe('granted')
      expect(await codeOf(me, { apiKey: key })).toBe('403 FORBIDDEN')
      const email = '{ user(id: "u1") { email } }'
      expect(await codeOf(email, {})).toBe('401 UNAUTHENTICATED')
      expect(await codeOf(email, { apiKey: key })).toBe('granted')
      const scouting = '{ game(id: "1") { scouting } }'
      expect(await codeOf(scouting, {})).toBe('401 UNAUTHENTICATED')
      expect(await codeOf(scouting, viewer)).toBe('403 FORBIDDEN')
      expect(await codeOf(scouting, scorekeeper)).toBe('granted')
      expect(await codeOf(scouting, { apiKey: key })).toBe('granted')
      const rename = 'mutation { renameGame(input: { id: "1", title: "x" }) { title } }'
      expect(await codeOf(rename, scorekeeper)).toBe('403 FORBIDDEN')
      expect(await codeOf(rename, { apiKey: key })).toBe('granted')
    })

    test('asks no subgraph for an operation that it refuses', async () => {
      fixture.transports['stats']!.down = true
      fixture.transports['accounts']!.down = true
      const { status, errors } = await fixture.graphql('{ game(id: "1") { title scouting } a: me { name } }')
      expect(status).toBe(401)
      expect(errors).toEqual([
        {
          message: 'Sign in to use game.scouting, a.',
          extensions: { code: 'UNAUTHENTICATED', paths: [['game', 'scouting'], ['a']] },
        },
      ])
    })

    test('tells subgraphs who asks, in words that the client cannot choose', async () => {
      const viewer = await fixture.accounts.signIn('viewer')
      const { data } = await fixture.graphql<{ whoAmI: string }>('{ whoAmI }', {
        token: viewer.token,
        headers: {
          'x-request-id': 'request-12345',
          'user-agent': 'Fan/1.0',
          'x-courtside-identity': 'forged',
          'x-courtside-client-address': '6.6.6.6',
          'x-courtside-client-agent': 'forged',
          'x-deadline': '1',
          'x-forwarded-for': '6.6.6.6',
        },
      })
      const context = JSON.parse(data.whoAmI)
      expect(context).toEqual({
        principal: expect.objectContaining({
          kind: 'user',
          userId: viewer.userId,
          sessionId: viewer.sessionId,
        }),
        requestId: 'request-12345',
        clientAddress: '127.0.0.1',
        clientAgent: 'Fan/1.0',
        deadline: expect.any(Number),
      })
      expect(context.deadline).toBeGreaterThan(Date.now())
    })

    test('keeps the fields of the gateway itself out of the public schema', async () => {
      const { errors } = await fixture.graphql('{ signingKeys }')
      expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
      const schema = await fixture.graphql('{ __schema { types { name } } }')
      expect(JSON.stringify(schema.data)).not.toMatch(/Credential|join__|_Entity/)
    })
  })
})

describe('what a subgraph leaves out', () => {
  let fixture: GatewayFixture
  beforeEach(async () => {
    fixture = await openGateway()
  })
  afterEach(() => fixture.stop())
  const faults = () => fixture.log.lines.filter(({ level }) => level === 'error')

  test('against its own schema is a hole, of which the client and the log are told', async () => {
    fixture.stats.corrupt({ game: { __typename: 'Game', title: null } })
    const { data, errors } = await fixture.graphql('{ game(id: "1") { title } }')
    expect(data).toEqual({ game: null })
    expect(errors).toMatchObject([
      {
        path: ['game', 'title'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) },
      },
    ])
    const errorId = errors[0]?.extensions['errorId']
    expect(
      fixture.log.lines.find(({ fields }) => fields['error.id'] === errorId)?.fields['err'],
    ).toMatchObject({
      message: expect.stringContaining('Cannot return null for non-nullable field'),
    })
  })

  test('of an entity that it does know is such a hole too', async () => {
    fixture.stats.corrupt({ _entities: [{ __typename: 'User', points: null }] })
    const { data, errors } = await fixture.graphql('{ user(id: "u1") { name points } }')
    expect(data).toEqual({ user: null })
    expect(errors).toMatchObject([
      { path: ['user', 'points'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ])
    expect(faults()).toHaveLength(1)
  })

  test('because the entity is gone is null, and nobody’s fault', async () => {
    fixture.stats.corrupt({ _entities: [null] })
    const { data, errors } = await fixture.graphql('{ user(id: "u1") { name points } }')
    expect(data).toEqual({ user: null })
    expect(errors).toEqual([])
    expect(faults()).toEqual([])
  })

  test('is told in any case when it leaves nothing to answer', async () => {
    const { token } = await fixture.accounts.signIn('admin')
    fixture.stats.corrupt({ _entities: [null, null] })
    const { data, errors } = await fixture.graphql('{ users { points } }', { token })
    expect(data).toBeNull()
    expect(errors.map(({ extensions }) => extensions.code)).toContain('INTERNAL_SERVER_ERROR')
  })
})
