import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { describeWithRedis } from '@courtside/redis/testing'
import { bearer, graphClient, type GraphClient } from '../graph-client.ts'
import { createLeague, type League } from '../league.ts'
import { eventually, type Person, signUpAdmin } from '../people.ts'
import { cloneDatabases, startTopology, type Topology } from './index.ts'

const LIMIT_MS = 60_000

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

  const rename = (client: GraphClient | undefined, expectedVersion: number, name: string) =>
    client?.ok<{ updateGame: { game: { version: number } } }>(
      'mutation ($input: UpdateGameInput!) { updateGame(input: $input) { game { version } } }',
      { input: { id: league.gameId, expectedVersion, name } },
    )
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
    await rename(clients[0], 1, 'Opening night')
    await eventually(async () => ((await nameOf(clients[1])) === 'Opening night' ? true : undefined))
    await rename(clients[1], 2, 'Closing night')
    await eventually(async () => ((await nameOf(clients[0])) === 'Closing night' ? true : undefined))
  })

  passes(
    'an answer that one has remembered serves the other, also while nobody else could give it',
    async () => {
      const [first, second] = topology.gateways.map(({ url }) => graphClient(url))
      const remembered = '{ sports(first: 7) { totalCount } }'
      const answer = await first?.ok(remembered)
      await topology.stats.end('SIGKILL')
      expect(await second?.ok(remembered)).toEqual(answer)
      // Nobody has asked for this one.
      expect(await second?.send('{ sports(first: 8) { totalCount } }')).toMatchObject({
        errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
      })
      await topology.stats.start()
    },
  )

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
      (await nameOf(graphClient(topology.url))) === 'Closing night' ? true : undefined,
    )
    expect(topology.logs()).not.toMatch(/unhandled/i)
  })
})
