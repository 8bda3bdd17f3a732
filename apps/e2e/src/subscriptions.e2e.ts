import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { TransportName } from './transports/index.ts'
import { bearer, graphClient } from './graph-client.ts'
import { createLeague, type League } from './league.ts'
import { type Person, signUp, signUpAdmin } from './people.ts'
import { type RunningGraph, SHAPES } from './shapes/index.ts'
import { type WatchedStream, watchStream } from './watched-stream.ts'

const ALL: readonly TransportName[] = ['webSocket', 'eventStream', 'multipart']
/** Where each goes on after a break: a place is not bound to the way that it came. */
const NEXT = { webSocket: 'eventStream', eventStream: 'multipart', multipart: 'webSocket' } as const

/** The teams' names come from stats, how many follow them from accounts. */
const WATCH = `subscription Watch($gameId: ID!, $after: Cursor) {
  gameChanged(gameId: $gameId, after: $after) {
    cursor
    kind
    gap { reason }
    game { id name home { name followerCount } away { name followerCount } }
  }
}`
const FOLLOWED = 'subscription { followedGamesChanged { kind game { id name } } }'
const FOLLOW = 'mutation ($input: FollowInput!) { follow(input: $input) { followedAt } }'

interface GameEvent {
  cursor: string
  kind: string
  gap: object | null
  game: { id: string; name: string | null; home: object; away: object }
}
interface FollowedEvent {
  kind: string
  game: { id: string; name: string | null }
}

describe.each(SHAPES)('GW-02: subscriptions, $name', (shape) => {
  let graph: RunningGraph
  let admin: Person
  let league: League
  let isRunning = false
  let games = 0
  const watched: WatchedStream<unknown>[] = []

  beforeAll(async () => {
    graph = await shape.start()
    isRunning = true
    admin = await signUpAdmin(graph, 'ada')
    league = await createLeague(admin.client)
    const fan = await signUp(graph, 'fan')
    await fan.client.ok(FOLLOW, { input: { teamId: league.homeTeamId } })
  }, 60_000)
  afterEach(() => {
    for (const stream of watched.splice(0)) stream.leave()
  })
  afterAll(async () => {
    if (isRunning) await graph.stop()
  })

  const keep = <Event>(stream: WatchedStream<Event>) => {
    watched.push(stream)
    return stream
  }
  const watchGame = (transport: TransportName, variables: object, person?: { accessToken: string }) =>
    keep(
      watchStream<GameEvent>(transport, {
        url: graph.url,
        query: WATCH,
        variables: { ...variables },
        headers: person ? bearer(person.accessToken) : {},
      }),
    )
  /** From its creation, at version 1, on. No team plays two games within two hours. */
  const createGame = async (teams: { homeTeamId: string; awayTeamId: string } = league) => {
    const startsAt = new Date(Date.now() + (24 + 3 * ++games) * 60 * 60 * 1000).toISOString()
    const { homeTeamId, awayTeamId } = teams
    const { createGame: created } = await admin.client.ok<{ createGame: { game: { id: string } } }>(
      'mutation ($input: CreateGameInput!) { createGame(input: $input) { game { id } } }',
      { input: { seasonId: league.seasonId, homeTeamId, awayTeamId, startsAt } },
    )
    const { id } = created.game
    let version = 1
    return {
      id,
      async rename(...names: readonly string[]) {
        for (const name of names) {
          await admin.client.ok(
            'mutation ($input: UpdateGameInput!) { updateGame(input: $input) { game { id } } }',
            {
              input: { id, expectedVersion: version++, name },
            },
          )
        }
      },
    }
  }
  const signInAgain = async ({ password }: Person, login: string) => {
    const { signIn } = await graphClient(graph.url).ok<{ signIn: { accessToken: string } }>(
      'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { accessToken } } }',
      { input: { login, password, deviceName: 'Phone' } },
    )
    return signIn
  }

  test('tell the same in the same order with the same cursors over every transport, from both subgraphs', async () => {
    const game = await createGame()
    const streams = ALL.map((transport) => watchGame(transport, { gameId: game.id }))
    await Promise.all(streams.map((stream) => stream.untilSeen(1)))
    await game.rename('one', 'two', 'three')
    const [first = [], ...others] = await Promise.all(streams.map((stream) => stream.untilSeen(4)))
    const home = { name: 'Harbor City', followerCount: 1 }
    const away = { name: 'North Ridge', followerCount: 0 }
    expect(first).toEqual(
      [null, 'one', 'two', 'three'].map((name, place) => ({
        cursor: expect.any(String),
        kind: place === 0 ? 'SNAPSHOT' : 'DETAILS',
        gap: null,
        game: { id: game.id, name, home, away },
      })),
    )
    expect(new Set(first.map(({ cursor }) => cursor)).size).toBe(4)
    for (const other of others) expect(other).toEqual(first)
  })

  test('go on over another transport with the last cursor, and miss nothing', async () => {
    const game = await createGame()
    const throughout = watchGame('webSocket', { gameId: game.id })
    const lastCursors = await Promise.all(
      ALL.map(async (transport, place) => {
        const stream = watchGame(transport, { gameId: game.id })
        await stream.untilSeen(1)
        return { transport, place, stream }
      }),
    )
    // Each leaves at a place of its own.
    const left: { transport: TransportName; after: string; seen: number }[] = []
    for (const { transport, place, stream } of lastCursors) {
      await game.rename(`before ${place} leaves`)
      const events = await stream.untilSeen(place + 2)
      stream.leave()
      left.push({ transport, after: events.at(-1)?.cursor ?? '', seen: events.length })
    }
    await game.rename('missed by all')
    const resumed = left.map(({ transport, after, seen }) => ({
      seen,
      stream: watchGame(NEXT[transport], { gameId: game.id, after }),
    }))
    for (const { stream } of resumed) await stream.untilSeen(1)
    await game.rename('told live')
    const all = await throughout.untilSeen(6)
    expect(all.map((event) => event.game.name)).toEqual([
      null,
      'before 0 leaves',
      'before 1 leaves',
      'before 2 leaves',
      'missed by all',
      'told live',
    ])
    for (const { seen, stream } of resumed) {
      expect(await stream.untilSeen(all.length - seen)).toEqual(all.slice(seen))
    }
  })

  test('end within moments for a session that was ended on another device, and for no other', async () => {
    const dora = await signUp(graph, 'dora')
    const phone = await signInAgain(dora, 'dora')
    const game = await createGame()
    const own = watchGame('webSocket', { gameId: game.id }, dora)
    const ofPhone = ALL.map((transport) => watchGame(transport, { gameId: game.id }, phone))
    await Promise.all([own, ...ofPhone].map((stream) => stream.untilSeen(1)))

    const revokedAt = performance.now()
    await dora.client.ok('mutation { revokeOtherSessions(input: {}) { endedSessionIds } }')
    const [closed, ...errors] = await Promise.all(ofPhone.map((stream) => stream.ended))
    // Without being told, a gateway asks once a minute.
    expect(performance.now() - revokedAt).toBeLessThan(5_000)
    expect(closed).toMatch(/^closed with 4403: ./)
    for (const error of errors) expect(error).toMatch(/^UNAUTHENTICATED: ./)

    await game.rename('still told')
    expect((await own.untilSeen(2)).at(-1)?.game.name).toBe('still told')
    for (const { events } of ofPhone) expect(events).toHaveLength(1)
  })

  test.each(ALL)('tell of the games of followed teams, and of no others, over %s', async (transport) => {
    const eve = await signUp(graph, `eve-${transport.toLowerCase()}`)
    const team = async (name: string) => {
      const sport = await admin.client.ok<{ season: { sport: { id: string } } }>(
        'query ($id: ID!) { season(id: $id) { sport { id } } }',
        { id: league.seasonId },
      )
      const { createTeam } = await admin.client.ok<{ createTeam: { team: { id: string } } }>(
        'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }',
        {
          input: {
            sportId: sport.season.sport.id,
            name,
            abbreviation: name.slice(0, 3).toUpperCase(),
            city: name,
          },
        },
      )
      await admin.client.ok(
        'mutation ($input: CreateSeasonEntryInput!) { createSeasonEntry(input: $input) { seasonEntry { id } } }',
        { input: { seasonId: league.seasonId, teamId: createTeam.team.id } },
      )
      return createTeam.team.id
    }
    const followed = await team(`Lake ${transport}`)
    const own = await createGame({ homeTeamId: league.awayTeamId, awayTeamId: followed })
    const foreign = await createGame()
    await eve.client.ok(FOLLOW, { input: { teamId: followed } })
    const stream = keep(
      watchStream<FollowedEvent>(transport, {
        url: graph.url,
        query: FOLLOWED,
        headers: bearer(eve.accessToken),
      }),
    )
    await stream.untilSeen(1)
    await foreign.rename('none of hers')
    await own.rename('hers')
    await foreign.rename('none of hers either')
    await own.rename('hers again')
    // Only the newest state counts, so the first name may be left out.
    let count = 1
    while ((await stream.untilSeen(count)).at(-1)?.game.name !== 'hers again') count++
    expect(new Set(stream.events.map((event) => event.game.id))).toEqual(new Set([own.id]))
  })

  test.each(ALL)('refuse a cursor that was never given out, over %s', async (transport) => {
    const stream = watchGame(transport, { gameId: league.gameId, after: 'never given out' })
    expect(await stream.ended).toMatch(/^CURSOR_INVALID: ./)
    expect(stream.events).toEqual([])
  })

  test('tell everybody to come back when the gateway stops', async () => {
    const streams = ALL.map((transport) => watchGame(transport, { gameId: league.gameId }))
    await Promise.all(streams.map((stream) => stream.untilSeen(1)))
    isRunning = false
    const [ends] = await Promise.all([Promise.all(streams.map((stream) => stream.ended)), graph.stop()])
    expect(ends).toEqual([
      expect.stringMatching(/^closed with 1012: ./),
      'the stream broke off',
      expect.stringMatching(/^DRAINING: ./),
    ])
  })
})
