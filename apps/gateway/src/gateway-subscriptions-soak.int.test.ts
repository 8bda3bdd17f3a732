import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { collectGarbage } from '@courtside/testing'
import { DEFAULT_LIMITS } from './compose.ts'
import { type Crowd, type CrowdReport, forkCrowd } from './fixtures/crowd/crowd.ts'
import { type LiveGatewayFixture, openLiveGateway } from './fixtures/live-gateway-fixture.ts'

/** An hour in which one of twenty leaves and comes back each minute, as far as memory is concerned. */
const SUBSCRIPTIONS = 3_000
const TURNS = 60
const LEAVING = SUBSCRIPTIONS / 20
const GAMES = Array.from({ length: 10 }, (_, n) => `${n}`)
/** In bytes, for each that is open. Whoever has left would be counted three times over. */
const MOST_GROWN = 450

/** What else is open needs some, and this process and the clients' have the same limit. */
const FILES_OF_OTHERS = 300
const NO_LIMIT = 1e9

let fixture: LiveGatewayFixture
let crowd: Crowd
beforeAll(async () => {
  const nothing = { address: NO_LIMIT, person: NO_LIMIT, partner: NO_LIMIT }
  fixture = await openLiveGateway('in-process', {
    log: silentLogger,

    limits: {
      requestsPerMinute: { ...DEFAULT_LIMITS.requestsPerMinute, ...nothing },
      costPerMinute: nothing,
    },
    webSocketLimits: { connections: { process: NO_LIMIT, ...nothing } },
  })
  crowd = forkCrowd()
})
afterAll(async () => {
  await crowd.kill()
  await fixture.stop()
})

const score = (times: number) => {
  const heads: Record<string, number> = {}
  for (let n = 0; n < times; n += 1) for (const game of GAMES) heads[game] = fixture.scores.score(game)
  return heads
}
const catchUp = () => crowd.obey({ order: 'catch up', heads: score(1) })
/** Buffers beside the heap are freed some time after a collection, so they are not counted. */
const held = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Who leaves meets what happens in each place there is: before it, in the midst, and after it. */
async function churn(turns: number): Promise<CrowdReport> {
  for (let turn = 0; turn < turns; turn += 1) {
    const back = crowd.obey({ order: 'churn', subscriptions: LEAVING })
    score(1)
    await new Promise(setImmediate)
    score(1)
    await back
  }
  return catchUp()
}

test('an hour of coming and going leaves nothing behind, and who stays misses nothing', async () => {
  // What a topic remembers is full from the beginning on.
  const first = await Promise.all(
    GAMES.map((game) =>
      fixture.watch('websocket', `subscription { scored(game: "${game}") { seq moment { text } } }`),
    ),
  )
  for (let n = 0; n < 6; n += 1) {
    const heads = score(50)
    await Promise.all(first.map((watcher, n) => watcher.until(heads[GAMES[n] ?? ''] ?? 0)))
  }
  const people = await Promise.all(Array.from({ length: 50 }, () => fixture.accounts.signIn('viewer')))
  await crowd.obey({
    order: 'gather',
    plan: {
      url: fixture.socketUrl,
      subscriptions: SUBSCRIPTIONS,
      connections: Math.min(SUBSCRIPTIONS, openFiles() - FILES_OF_OTHERS),
      games: GAMES,
      tokens: [null, ...people.map(({ token }) => token)],
    },
  })
  for (const watcher of first) watcher.leave()
  await churn(6)
  const before = held()
  const { faults, told, subscriptions } = await churn(TURNS)
  const after = held()

  expect(faults).toEqual([])
  expect(subscriptions).toBe(SUBSCRIPTIONS)
  expect(told).toBeGreaterThan(SUBSCRIPTIONS * TURNS)
  expect((after - before) / SUBSCRIPTIONS).toBeLessThan(MOST_GROWN)

  await crowd.obey({ order: 'leave' })
  await fixture.scores.untilOpen(0)
  expect(await fixture.figures('courtside_gateway_websocket_connections')).toEqual({ '': 0 })
  expect(await fixture.figures('courtside_gateway_websocket_operations')).toEqual({ '': 0 })
  expect(await fixture.figures('courtside_gateway_held_credentials')).toEqual({ '': 0 })
  expect(await fixture.figures('courtside_gateway_hub')).toEqual({
    'what="subscribers"': 0,
    'what="topics"': 0,
    'what="upstreams"': 0,
    'what="parked"': 0,
  })
}, 180_000)

/** How many files this process may open. */
function openFiles(): number {
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | 'unlimited' } }
  }
  const soft = userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : SUBSCRIPTIONS + FILES_OF_OTHERS
}
