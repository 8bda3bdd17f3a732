import { EventEmitter, on } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { describeWithRedis } from '@courtside/redis/testing'
import { bearer, graphClient, type GraphClient } from '../graph-client.ts'
import { createLeague, type League } from '../league.ts'
import { eventually, type Person, signUpAdmin } from '../people.ts'
import { TRANSPORTS } from '../transports/index.ts'
import { cloneDatabases, startTopology, type Topology } from './index.ts'

const LIMIT_MS = 60_000

interface GameEvent {
  cursor: string
  kind: string
  gap: object | null
  game: { name: string | null }
}

/** What a client is told of a game, one event after the other. */
function watch(url = '', gameId: string, after?: string) {
  const events = new EventEmitter()
  const waiting = on(events, 'event', { close: ['end'] })
  const close = TRANSPORTS.webSocket(
    {
      url,
      query: `subscription ($gameId: ID!, $after: Cursor) {
        gameChanged(gameId: $gameId, after: $after) { cursor kind gap { reason } game { name } }
      }`,
      variables: { gameId, after },
      address: '192.0.2.1',
    },
    {
      next: (data) => void events.emit('event', (data as { gameChanged: GameEvent }).gameChanged),
      ended: (reason) => void events.emit('end', reason),
    },
  )
  const next = async (): Promise<GameEvent> => {
    const { value, done } = (await waiting.next()) as IteratorResult<[GameEvent], undefined>
    if (done) throw new Error('The subscription ended where another event was expected')
    return value[0]
  }
  return {
    next,
    async untilNamed(name: string) {
      for (;;) {
        const event = await next()
        if (event.game.name === name) return event
      }
    },
    close,
  }
}

describeWithRedis('Two gateways before one graph', () => {
  let topology: Topology
  let admin: Person
  let league: League
  let clients: GraphClient[]

  beforeAll(async () => {
    topology = await startTopology({ databases: await cloneDatabases(['accounts', 'stats']) })
    admin = await signUpAdmin(topology, 'olga')
    league = await createLeague(admin.client)
    clients = topology.gateways.map(({ url }) => graphClient(url, bearer(admin.accessToken)))
  }, LIMIT_MS)
  afterAll(() => topology?.stop(), LIMIT_MS)

  let hasFailed = true
  afterEach(() => {
    if (hasFailed && topology) console.error(topology.logs())
    hasFailed = true
  })
  const passes = (title: string, body: () => Promise<void>) =>
    test(
      title,
      async () => {
        await body()
        hasFailed = false
      },
      LIMIT_MS,
    )

  let version = 1
  const rename = async (client: GraphClient | undefined, name: string) => {
    await client?.ok(
      'mutation ($input: UpdateGameInput!) { updateGame(input: $input) { game { version } } }',
      {
        input: { id: league.gameId, expectedVersion: version, name },
      },
    )
    version++
  }
  const nameOf = async (client: GraphClient | undefined) =>
    (
      await client?.ok<{ game: { name: string | null } }>('query ($id: ID!) { game(id: $id) { name } }', {
        id: league.gameId,
      })
    )?.game.name

  passes('who signed in through one is known to the other', async () => {
    for (const client of clients) {
      expect(await client.ok('{ me { user { username } } }')).toEqual({
        me: { user: { username: 'olga' } },
      })
    }
  })

  passes('what was written through one is read through the other', async () => {
    await rename(clients[0], 'Opening night')
    await eventually(async () => ((await nameOf(clients[1])) === 'Opening night' ? true : undefined))
    await rename(clients[1], 'Closing night')
    await eventually(async () => ((await nameOf(clients[0])) === 'Closing night' ? true : undefined))
  })

  passes(
    'an answer that one has remembered serves the other, also while nobody else could give it',
    async () => {
      const [first, second] = topology.gateways.map(({ url }) => graphClient(url))
      const remembered = '{ sports(first: 7) { totalCount } }'
      const answer = await first?.ok(remembered)
      await Promise.all(topology.stats.map((one) => one.end('SIGKILL')))
      expect(await second?.ok(remembered)).toEqual(answer)
      // Nobody has asked for this one.
      expect(await second?.send('{ sports(first: 8) { totalCount } }')).toMatchObject({
        errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
      })
      await Promise.all(topology.stats.map((one) => one.start()))
    },
  )

  passes('a game that is watched through either tells the same, with the same cursors', async () => {
    const watchers = topology.gateways.map(({ url }) => watch(url, league.gameId))
    for (const watcher of watchers)
      expect(await watcher.next()).toMatchObject({ kind: 'SNAPSHOT', gap: null })
    await rename(clients[0], 'First set')
    await rename(clients[1], 'Second set')
    const seen = await Promise.all(watchers.map(async (one) => [await one.next(), await one.next()]))
    expect(seen[0]).toMatchObject([{ game: { name: 'First set' } }, { game: { name: 'Second set' } }])
    expect(seen[1]).toEqual(seen[0])
    for (const watcher of watchers) watcher.close()

    // And the cursor of one is good at the other.
    const [first] = seen[0] ?? []
    const resumed = watch(topology.gateways[1]?.url, league.gameId, first?.cursor)
    expect(await resumed.next()).toEqual(seen[0]?.[1])
    resumed.close()
  })

  passes('who watched through one that dies goes on at the other, and misses nothing', async () => {
    const [dying, other] = topology.gateways
    const before = watch(dying?.url, league.gameId)
    // It begins with a snapshot that others have asked for, and all that has come since.
    const { cursor } = await before.untilNamed('Second set')
    await dying?.end('SIGKILL')
    await rename(clients[1], 'Third set')
    const after = watch(other?.url, league.gameId, cursor)
    expect(await after.next()).toMatchObject({ game: { name: 'Third set' }, kind: 'DETAILS' })
    await rename(clients[1], 'Fourth set')
    expect(await after.next()).toMatchObject({ game: { name: 'Fourth set' } })
    after.close()
    await dying?.start()
  })

  passes('one that dies is passed over, and one that comes back takes its share', async () => {
    const through = graphClient(topology.url)
    await topology.gateways[0]?.end('SIGKILL')
    for (let round = 0; round < 4; round++) {
      topology.edge.cut()
      expect(await through.ok('{ sports(first: 1) { totalCount } }')).toBeDefined()
    }
    await topology.gateways[0]?.start()
    expect(await clients[0]?.ok('{ me { roles } }')).toEqual({
      me: { roles: expect.arrayContaining(['ADMIN']) },
    })
  })

  passes('every part ends by itself when it is told to, and takes up again where it was', async () => {
    for (const one of topology.processes) {
      expect(await one.end('SIGTERM')).toEqual({ code: 0, signal: null })
      await one.start()
    }
    await eventually(async () =>
      (await nameOf(graphClient(topology.url))) === 'Fourth set' ? true : undefined,
    )
    expect(topology.logs()).not.toMatch(/unhandled/i)
  })
})
