import { afterEach, expect, test } from '@jest/globals'
import { systemClock } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import type { RedisConnection } from '@courtside/redis'
import { connected, describeWithRedis } from '@courtside/redis/testing'
import { type Answer, caching, callerOf } from './fixtures/shared-reads-fixture.ts'
import { createRedisStore } from './redis-store.ts'
import { createResponseCache } from './response-cache.ts'
import { createSharedReads } from './shared-reads.ts'
import { createSingleFlight } from './single-flight.ts'

const game = caching('{ game(id: 1) { id name } }')
const changeGame = caching('mutation { changeGame { game { id } } }')

const open: RedisConnection[] = []
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close()
})

/** A gateway over a game that all of them see, and how often it had to read it. */
async function gateway(url: string, league: { name: string }) {
  const redis = await connected(url)
  open.push(redis)
  let executed = 0
  const cache = createResponseCache({
    store: createRedisStore({ redis }),
    clock: systemClock,
    keyspace: 'league',
  })
  const reads = createSharedReads<Answer>({
    cache,
    flights: createSingleFlight(),
    version: 'league',
    log: silentLogger,
    toAnswer: (wholeData) => ({ wholeData }),
  })
  return {
    executed: () => executed,
    name: async () => {
      const { wholeData } = await reads.read(game, {}, callerOf(), async () => {
        executed += 1
        return { wholeData: JSON.stringify({ game: { id: 'g1', name: league.name } }) }
      })
      return (JSON.parse(wholeData ?? 'null') as { game: { name: string } }).game.name
    },
    rename: async (name: string) => {
      league.name = name
      await reads.written(changeGame)
    },
  }
}

describeWithRedis('two gateways on one Redis', (server) => {
  test('read for each other, and see at once what a scorer changed through either', async () => {
    const league = { name: 'Semi-final' }
    const [one, other] = [await gateway(server().url, league), await gateway(server().url, league)]
    // A server that has just started is taught the scripts by the first answers.
    await one.name()
    await one.name()
    await one.rename('Final')
    const before = one.executed()
    // Nobody waits while an answer is put; what the same gateway asks next comes after that.
    expect([await one.name(), await one.name()]).toEqual(['Final', 'Final'])
    expect(await other.name()).toBe('Final')
    expect([one.executed() - before, other.executed()]).toEqual([1, 0])
    await other.rename('Grand final')
    expect([await one.name(), await other.name()]).toEqual(['Grand final', 'Grand final'])
  })

  test('answer without it, and see the change, when it dies', async () => {
    const league = { name: 'Final' }
    const [one, other] = [await gateway(server().url, league), await gateway(server().url, league)]
    await one.name()
    await server().kill()
    await other.rename('Grand final')
    expect([await one.name(), await other.name()]).toEqual(['Grand final', 'Grand final'])
    await server().startAgain()
  })
})
