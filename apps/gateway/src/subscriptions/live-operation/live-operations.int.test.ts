import { anonymous } from '@courtside/auth'
import { silentLogger } from '@courtside/logger'
import { collectGarbage, principals } from '@courtside/testing'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type LiveFixture, openLiveFixture } from '../../fixtures/live-fixture.ts'
import { createRecordingOutlet, type RecordingOutlet } from '../../fixtures/recording-outlet.ts'
import { cursorOf, LIVE_SDL } from '../../fixtures/scripted-events.ts'
import { createScriptedHolder } from '../../fixtures/scripted-watch.ts'
import type { RateLimiter } from '../../limits/index.ts'
import type { LiveRequest } from './index.ts'

let fixture: LiveFixture
let outlet: RecordingOutlet
beforeEach(async () => {
  fixture = await openLiveFixture()
  outlet = createRecordingOutlet()
})
afterEach(() => fixture.stop())

const SCORED = 'subscription Scored($after: Cursor) { scored(game: "1", after: $after) { seq points } }'
const OWN = 'subscription { ownScored(game: "1") { seq } }'

function ask(
  query: string,
  request: Partial<LiveRequest> = {},
  variables: Record<string, unknown> = {},
): LiveRequest {
  return {
    params: { query, variables, operationName: null, extensions: {}, documentId: undefined, id: undefined },
    holder: createScriptedHolder(),
    requestId: 'request-1',
    clientAddress: '192.0.2.1',
    clientAgent: null,
    log: silentLogger,
    ...request,
  }
}

const begin = (query: string, request?: Partial<LiveRequest>, variables?: Record<string, unknown>) =>
  fixture.live.begin(ask(query, request, variables), outlet)

const score = (from: number, to: number) => {
  for (let points = from; points <= to; points += 1) fixture.events.score(points)
}

const seqs = () => outlet.data<{ scored: { seq: number } }>().map(({ scored }) => scored.seq)

describe('a query', () => {
  test('is answered once, after it is known to have begun', async () => {
    const operation = await begin('{ level }')
    expect(outlet.told).toEqual([])
    await outlet.until('answered')
    expect(outlet.told).toEqual([{ kind: 'answered', body: '{"data":{"level":0}}' }])
    expect(operation.cursor).toBeNull()
  })

  test('that is stopped is answered to nobody', async () => {
    const operation = await begin('{ level }')
    operation.stop()
    const other = createRecordingOutlet()
    await fixture.live.begin(ask('{ level }'), other)
    await other.until('answered')
    expect(outlet.told).toEqual([])
  })

  test.each([
    ['what does not parse', '{', 'GRAPHQL_PARSE_FAILED'],
    ['what needs a sign-in', OWN, 'UNAUTHENTICATED'],
    [
      'a cursor that is none',
      'subscription { scored(game: "1", after: 7) { seq } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('or a subscription is refused before it begins: %s', async (_, query, code) => {
    await expect(begin(query)).rejects.toMatchObject({ code })
    expect(outlet.told).toEqual([])
    expect(fixture.told).toEqual([])
  })

  test('may be sent in ways in which a mutation may not', async () => {
    await expect(begin('mutation { raise }', { isReadOnly: true })).rejects.toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
    })
    await begin('mutation { raise }')
    await outlet.until('answered')
    expect(outlet.told).toEqual([{ kind: 'answered', body: '{"data":{"raise":1}}' }])
  })
})

describe('a subscription to a log', () => {
  test('begins with a snapshot, and is counted', async () => {
    score(1, 3)
    const operation = await begin(SCORED)
    await outlet.untilEvents(1)
    score(4, 5)
    await outlet.untilEvents(3)
    expect(seqs()).toEqual([3, 4, 5])
    expect(operation.cursor).toBe(cursorOf(5))
    operation.stop()
    operation.stop()
    expect(fixture.told).toEqual(['began', 'left'])
  })

  test('goes on after the cursor of the operation, or after the one that its transport knows better', async () => {
    score(1, 6)
    await begin(SCORED, {}, { after: cursorOf(4) })
    await outlet.untilEvents(2)
    expect(seqs()).toEqual([5, 6])
    outlet = createRecordingOutlet()
    await begin(SCORED, { lastEvent: cursorOf(5) }, { after: cursorOf(1) })
    await outlet.untilEvents(1)
    expect(seqs()).toEqual([6])
  })

  test('is told when there is no more to tell', async () => {
    await begin(SCORED)
    await outlet.untilEvents(1)
    fixture.events.complete()
    await outlet.until('completed')
    expect(fixture.told).toEqual(['began', 'completed'])
  })
})

test('what was sent to begin a subscription is not kept for as long as that is open', async () => {
  const beginAndForget = async () => {
    const request = ask(SCORED)
    const operation = await fixture.live.begin(request, outlet)
    return { operation, sent: new WeakRef(request.params) }
  }
  const { operation, sent } = await beginAndForget()
  await outlet.untilEvents(1)
  collectGarbage()
  expect(sent.deref()).toBeUndefined()
  operation.stop()
})

describe('many different subscriptions of one holder', () => {
  const OF_GAME = 'subscription ($game: ID!) { scored(game: $game) { seq } }'
  const watch = async (from: number, to: number, request: Partial<LiveRequest> = {}) => {
    const operations = []
    for (let game = from; game <= to; game += 1) {
      operations.push(await begin(OF_GAME, request, { game: String(game) }))
    }
    return operations
  }
  const refusal = { status: 429, code: 'TOO_MANY_SUBSCRIPTIONS' }

  beforeEach(async () => {
    await fixture.stop()
    fixture = await openLiveFixture({ standingLimits: { address: 400, person: 400, partner: 400 } })
  })

  test('are refused beyond what they may cost together; those that are equal are not, nor those of others', async () => {
    await watch(1, 3)
    await watch(1, 3)
    await expect(watch(4, 4)).rejects.toMatchObject(refusal)
    await watch(4, 4, { clientAddress: '192.0.2.2' })
    await watch(4, 4, { holder: createScriptedHolder(principals.user('viewer')) })
  })

  test('make room when they end, or could not begin', async () => {
    const [first] = await watch(1, 3)
    await expect(watch(4, 4)).rejects.toMatchObject(refusal)
    first?.stop()
    await watch(4, 4)
    await expect(watch(5, 5)).rejects.toMatchObject(refusal)
  })

  test('follow a new version of the graph, and are counted as before', async () => {
    const [first] = await watch(1, 3)
    await fixture.events.untilListening(3)
    await fixture.replaceSchema(LIVE_SDL.replace('points: Int!', 'bonus: Int points: Int!'))
    while (fixture.told.filter((what) => what === 'moved').length < 3) await new Promise(setImmediate)
    await watch(1, 3)
    await expect(watch(4, 4)).rejects.toMatchObject(refusal)
    first?.stop()
  })
})

describe('a new version of the graph', () => {
  const WIDER = LIVE_SDL.replace('points: Int!', 'bonus: Int points: Int!')
  const WITHOUT_POINTS = LIVE_SDL.replace(/points: Int! @[^)]*\)/, '')

  test('is followed by all, and nothing is lost or told twice', async () => {
    const outlets = Array.from({ length: 120 }, createRecordingOutlet)
    for (const each of outlets) await fixture.live.begin(ask(SCORED), each)
    await Promise.all(outlets.map((each) => each.untilEvents(1)))
    score(1, 5)
    const replaced = fixture.replaceSchema(WIDER)
    for (let points = 6; points <= 40; points += 1) {
      fixture.events.score(points)
      await new Promise(setImmediate)
    }
    await replaced
    score(41, 50)
    await Promise.all(outlets.map((each) => each.untilEvents(51)))
    while (fixture.told.filter((what) => what === 'moved').length < 120) await new Promise(setImmediate)
    score(51, 60)
    await Promise.all(outlets.map((each) => each.untilEvents(61)))
    for (const each of outlets) {
      const told = each.data<{ scored: { seq: number } }>().map(({ scored }) => scored.seq)
      expect(told).toEqual(Array.from({ length: 61 }, (_, seq) => seq))
    }
  })

  test('ends what it does not allow any more, with the reason', async () => {
    await begin(SCORED)
    await outlet.untilEvents(1)
    await fixture.replaceSchema(WITHOUT_POINTS)
    await outlet.until('failed')
    expect(outlet.told.at(-1)).toMatchObject({
      kind: 'failed',
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    expect(fixture.told).toEqual(['began', 'failed'])
  })

  test('waits for a client that takes nothing at the moment, which then misses nothing', async () => {
    outlet.isFull = true
    const operation = await begin(SCORED)
    await outlet.untilEvents(1)
    score(1, 10)
    await fixture.replaceSchema(WIDER)
    score(11, 20)
    const other = createRecordingOutlet()
    await fixture.live.begin(ask(SCORED), other)
    await other.untilEvents(1)
    expect(seqs()).toEqual([0])
    outlet.isFull = false
    operation.ready()
    await outlet.untilEvents(21)
    expect(seqs()).toEqual(Array.from({ length: 21 }, (_, seq) => seq))
    expect(fixture.told).toContain('moved')
  })
})

describe('what follows a new version of the graph', () => {
  /** Takes note of what is taken, and gives it when a test lets it. */
  const createHeldLimiter = () => {
    const taken: string[] = []
    const held = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const limiter: RateLimiter = {
      take(key) {
        taken.push(key)
        const allowed = { allowed: true, remaining: 1, retryAfterSeconds: 0 } as const
        if (!key.startsWith('cost:')) return allowed
        asked.resolve()
        return held.promise.then(() => allowed)
      },
    }
    return { limiter, taken, asked: asked.promise, letGo: held.resolve }
  }

  test('is charged nothing for it', async () => {
    await fixture.stop()
    const { limiter, taken, letGo } = createHeldLimiter()
    letGo()
    fixture = await openLiveFixture({ rateLimiter: limiter })
    await begin(SCORED)
    await outlet.untilEvents(1)
    const before = [...taken]
    await fixture.replaceSchema(LIVE_SDL.replace('points: Int!', 'bonus: Int points: Int!'))
    while (!fixture.told.includes('moved')) await new Promise(setImmediate)
    expect(before.length).toBeGreaterThan(0)
    expect(taken).toEqual(before)
  })

  test('is also what was just being admitted on the former one', async () => {
    await fixture.stop()
    const { limiter, asked, letGo } = createHeldLimiter()
    fixture = await openLiveFixture({ rateLimiter: limiter })
    const begun = begin(SCORED)
    await asked
    await fixture.replaceSchema(LIVE_SDL.replace(/points: Int! @[^)]*\)/, ''))
    letGo()
    await expect(begun).rejects.toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' })
  })

  test('is a state stream too, anew', async () => {
    await begin('subscription { mood(game: "1") }')
    await fixture.events.untilListening(1)
    fixture.events.mood('loud')
    await outlet.untilEvents(1)
    await fixture.replaceSchema(LIVE_SDL.replace('points: Int!', 'bonus: Int points: Int!'))
    await fixture.events.untilListening(2)
    fixture.events.mood('quiet')
    await outlet.untilEvents(2)
    expect(outlet.data()).toEqual([{ mood: 'loud' }, { mood: 'quiet' }])
  })
})

describe('a holder who may do something else than before', () => {
  test('is told no more of what they may not see', async () => {
    const holder = createScriptedHolder(principals.user('viewer'))
    await begin(OWN, { holder })
    await outlet.untilEvents(1)
    holder.change(anonymous)
    expect(outlet.told.at(-1)).toMatchObject({
      kind: 'failed',
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    })
    const other = createRecordingOutlet()
    await fixture.live.begin(ask(OWN, { holder: createScriptedHolder(principals.user('viewer')) }), other)
    await other.untilEvents(1)
    score(1, 2)
    await other.untilEvents(3)
    expect(outlet.told).toHaveLength(2)
  })

  test('is forbidden what needs more than they have left', async () => {
    const holder = createScriptedHolder(principals.user('scorekeeper'))
    await begin('subscription { keptScored(game: "1") { seq } }', { holder })
    await outlet.untilEvents(1)
    holder.change(principals.user('viewer'))
    expect(outlet.told.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })

  test('goes on as who they are now, without a gap', async () => {
    const holder = createScriptedHolder(principals.user('viewer'))
    await begin('subscription { ownScored(game: "1") { seq } }', { holder })
    await outlet.untilEvents(1)
    score(1, 3)
    await outlet.untilEvents(4)
    holder.change(principals.user('scorekeeper'))
    score(4, 6)
    await outlet.untilEvents(7)
    const told = outlet.data<{ ownScored: { seq: number } }>().map(({ ownScored }) => ownScored.seq)
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(fixture.events.asked).toHaveLength(2)
    expect(fixture.told).toEqual(['began', 'moved'])
  })

  test('shares on what everybody is sent', async () => {
    const holder = createScriptedHolder()
    await begin(SCORED, { holder })
    await outlet.untilEvents(1)
    holder.change(principals.user('viewer'))
    score(1, 1)
    await outlet.untilEvents(2)
    expect(fixture.events.asked).toHaveLength(1)
    expect(fixture.told).toEqual(['began'])
  })
})
