import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { collectGarbage } from '@courtside/testing'
import { DEFAULT_LIMITS } from './compose.ts'
import { type Crowd, type CrowdReport, forkCrowd } from './fixtures/crowd/crowd.ts'
import { type LiveGatewayFixture, openLiveGateway } from './fixtures/live-gateway-fixture.ts'

/** An hour and a half in which one of five leaves and comes back each minute, as far as memory is concerned. */
const SUBSCRIPTIONS = 900
const LEAVING = SUBSCRIPTIONS / 5
const GAMES = Array.from({ length: 10 }, (_, n) => `${n}`)
/** What is held is looked at after each stretch. */
const STRETCHES = 9
const TURNS = 10
const LEFT_OF_STRETCH = LEAVING * TURNS
/** In bytes, for each that has left: code that becomes hot is still being compiled, which is 10 to 50 of them. */
const MOST_KEPT = 100

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
    webSocketLimits: { connections: { process: NO_LIMIT, ...nothing }, handshakesPerMinute: NO_LIMIT },
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
/**
 * What is held on the heap and in buffers beside it, which are freed a collection later, and those of a socket not before
 * the loop has turned.
 */
async function held(): Promise<number> {
  const { accounts, scores } = fixture
  // What the fixtures keep of what they were asked would be taken for a leak.
  for (const notes of [accounts.resolved, scores.asked, scores.looked]) notes.length = 0
  let least = Infinity
  for (let round = 0; round < 4; round += 1) {
    collectGarbage()
    await new Promise(setImmediate)
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    least = Math.min(least, heapUsed + arrayBuffers)
  }
  return least
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

test('coming and going for long leaves nothing behind, and who stays misses nothing', async () => {
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
  // What a topic remembers is full from here on.
  for (let n = 0; n < 6; n += 1) await crowd.obey({ order: 'catch up', heads: score(50) })
  let report = await churn(TURNS)
  const points = [await held()]
  for (let n = 0; n < STRETCHES; n += 1) {
    report = await churn(TURNS)
    points.push(await held())
  }
  const grown = points.slice(1).map((point, n) => (point - (points[n] ?? Number.NaN)) / LEFT_OF_STRETCH)

  expect(report.faults).toEqual([])
  expect(report.subscriptions).toBe(SUBSCRIPTIONS)
  expect(report.told).toBeGreaterThan(SUBSCRIPTIONS * TURNS * STRETCHES)
  // What is kept once, such as a table that has to be larger, is in one stretch; what is left behind is in all of them.
  expect(median(grown)).toBeLessThan(MOST_KEPT)

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
    'what="waiting"': 0,
  })
}, 180_000)

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** How many files this process may open. */
function openFiles(): number {
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | 'unlimited' } }
  }
  const soft = userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : SUBSCRIPTIONS + FILES_OF_OTHERS
}
