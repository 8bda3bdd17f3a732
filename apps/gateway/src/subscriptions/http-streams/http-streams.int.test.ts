import { DomainError } from '@courtside/kernel'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type LiveFixture, type LiveFixtureOptions, openLiveFixture } from '../../fixtures/live-fixture.ts'
import { cursorOf, LIVE_SDL } from '../../fixtures/scripted-events.ts'
import { openStream, type StreamAsked, type StreamReader } from '../../fixtures/stream-reader.ts'
import { createTestTimers } from '../../fixtures/websocket/test-timers.ts'

const SSE = 'text/event-stream'
const MULTIPART = 'multipart/mixed;subscriptionSpec=1.0'
const SCORED = 'subscription Scored($after: Cursor) { scored(game: "1", after: $after) { seq } }'

let fixture: LiveFixture
let readers: StreamReader[] = []
const open = async (options?: LiveFixtureOptions) => {
  fixture = await openLiveFixture(options)
}
const stream = async (asked: Partial<StreamAsked> = {}) => {
  const reader = await openStream(fixture.url, { accept: SSE, query: SCORED, ...asked })
  readers.push(reader)
  return reader
}
const score = (from: number, to: number) => {
  for (let points = from; points <= to; points += 1) fixture.events.score(points)
}
/** The `data` lines of a stream of events, or the parts of a multipart one. */
const payloadsIn = (text: string) =>
  Array.from(text.matchAll(/^(?:data: |)(\{.*\})\r?$/gm), ([, json = '']) => JSON.parse(json) as unknown)
const streamsLeft = async (count: number) => {
  while (fixture.streams.open !== count) await new Promise(setImmediate)
}

afterEach(async () => {
  for (const reader of readers) reader.leave()
  readers = []
  await fixture.stop()
})

describe('server-sent events', () => {
  test('carry a subscription, line by line as graphql-sse has it', async () => {
    await open()
    score(1, 2)
    const reader = await stream()
    await reader.until('data: ')
    score(3, 3)
    await reader.until('data: ', 2)
    fixture.events.complete()
    expect(await reader.ended).toBe(true)
    expect(reader.status).toBe(200)
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    })
    expect(reader.headers).not.toHaveProperty('content-encoding')
    expect(reader.text).toBe(
      ':\n\n' +
        `event: next\nid: ${cursorOf(2)}\ndata: {"data":{"scored":{"seq":2}}}\n\n` +
        `event: next\nid: ${cursorOf(3)}\ndata: {"data":{"scored":{"seq":3}}}\n\n` +
        'event: complete\ndata: \n\n',
    )
  })

  test('have no id where there is no place to come back to', async () => {
    await open()
    const reader = await stream({ query: 'subscription { mood(game: "1") }' })
    await fixture.events.untilListening(1)
    fixture.events.mood('loud')
    await reader.until('loud')
    expect(reader.text).toBe(':\n\nevent: next\ndata: {"data":{"mood":"loud"}}\n\n')
  })

  test.each(['POST', 'GET'] as const)('go on after Last-Event-ID by %s', async (method) => {
    await open()
    score(1, 5)
    const reader = await stream({ method, headers: { 'last-event-id': cursorOf(3) } })
    await reader.until('data: ', 2)
    expect(payloadsIn(reader.text)).toEqual([4, 5].map((seq) => ({ data: { scored: { seq } } })))
  })

  test('carry the one answer of a query or a mutation for who takes nothing else', async () => {
    await open()
    const query = await stream({ query: '{ level }' })
    await query.ended
    expect(query.text).toBe(':\n\nevent: next\ndata: {"data":{"level":0}}\n\nevent: complete\ndata: \n\n')
    const mutation = await stream({ query: 'mutation { raise }' })
    await mutation.ended
    expect(payloadsIn(mutation.text)).toEqual([{ data: { raise: 1 } }])
  })

  test('tell a refusal too, because an EventSource could not read it otherwise', async () => {
    await open()
    const reader = await stream({ query: 'subscription { ownScored(game: "1") { seq } }' })
    await reader.ended
    expect([reader.status, payloadsIn(reader.text)]).toEqual([
      200,
      [
        {
          errors: [
            expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED' }) }),
          ],
        },
      ],
    ])
    expect(reader.text).toMatch(/event: complete\ndata: \n\n$/)
  })

  test('change nothing by GET', async () => {
    await open()
    const reader = await stream({ method: 'GET', query: 'mutation { raise }' })
    await reader.ended
    expect(payloadsIn(reader.text)).toMatchObject([
      { errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] },
    ])
  })
})

describe('multipart answers', () => {
  test('carry a subscription, part by part as Apollo has it', async () => {
    await open()
    const reader = await stream({ accept: MULTIPART })
    await reader.until('--graphql', 2)
    score(1, 1)
    await reader.until('--graphql', 3)
    fixture.events.complete()
    expect(await reader.ended).toBe(true)
    expect(reader.headers['content-type']).toBe('multipart/mixed;boundary="graphql";subscriptionSpec=1.0')
    const part = (seq: number) =>
      `\r\ncontent-type: application/json\r\n\r\n{"payload":{"data":{"scored":{"seq":${seq}}}}}\r\n--graphql`
    expect(reader.text).toBe(`\r\n--graphql${part(0)}${part(1)}--\r\n`)
  })

  test('end with the reason when it cannot go on', async () => {
    await open()
    const reader = await stream({ accept: MULTIPART })
    await reader.until('payload')
    await fixture.replaceSchema(LIVE_SDL.replace('seq: Int!', 'place: Int!'))
    await reader.ended
    expect(payloadsIn(reader.text).at(-1)).toMatchObject({
      payload: null,
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    expect(reader.text).toMatch(/\r\n--graphql--\r\n$/)
  })
})

describe('what a client accepts', () => {
  const APOLLO =
    'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9'
  const URQL_QUERY =
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed'

  test.each([
    [APOLLO, 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'],
    ['text/event-stream, multipart/mixed', 'text/event-stream; charset=utf-8'],
    [`${MULTIPART};q=0.5, text/event-stream`, 'text/event-stream; charset=utf-8'],
    [
      'multipart/mixed;subscriptionSpec="1.0", application/json',
      'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    ],
    [URQL_QUERY, 'text/event-stream; charset=utf-8'],
  ])('%s: a subscription as %s', async (accept, type) => {
    await open()
    const reader = await stream({ accept })
    expect([reader.status, reader.headers['content-type']]).toEqual([200, type])
  })

  test.each([APOLLO, URQL_QUERY])('%s: a query in one answer', async (accept) => {
    await open()
    const reader = await stream({ accept, query: '{ level }' })
    await reader.ended
    expect(reader.headers['content-type']).toBe('application/graphql-response+json; charset=utf-8')
    expect(reader.text).toBe('{"data":{"level":0}}')
  })

  test.each([APOLLO, URQL_QUERY])('%s: a refusal in one answer, with its status', async (accept) => {
    await open()
    const reader = await stream({ accept, query: 'subscription { nothing }' })
    await reader.ended
    expect([reader.status, reader.headers['content-type']]).toEqual([
      400,
      'application/graphql-response+json; charset=utf-8',
    ])
    await streamsLeft(0)
    expect(fixture.watch.held.every(({ isReleased }) => isReleased)).toBe(true)
  })

  test.each(['application/json', 'application/json, multipart/mixed', '*/*'])(
    '%s: told what to accept for a subscription',
    async (accept) => {
      await open()
      const reader = await stream({ accept })
      await reader.ended
      expect(payloadsIn(reader.text)).toMatchObject([
        {
          errors: [
            {
              message: expect.stringContaining('text/event-stream'),
              extensions: { code: 'SUBSCRIPTION_NOT_STREAMED' },
            },
          ],
        },
      ])
    },
  )

  test('is answered to a bad credential with its status, streamed or not', async () => {
    await open()
    const reader = await stream({ headers: { authorization: 'Bearer stolen' } })
    await reader.ended
    expect([reader.status, payloadsIn(reader.text)]).toMatchObject([
      401,
      [{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }],
    ])
  })
})

describe('an EventSource of a page', () => {
  const eventSource = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
  test.each([
    ['ours', { ...eventSource, 'sec-fetch-site': 'same-origin' }, 200],
    [
      'that is listed',
      { ...eventSource, 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
      200,
    ],
    [
      'of a stranger',
      { ...eventSource, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      403,
    ],
    ['of a stranger that hides', { ...eventSource, 'sec-fetch-site': 'cross-site', origin: 'null' }, 403],
    [
      'of a neighbour that is not listed',
      { ...eventSource, 'sec-fetch-site': 'same-site', origin: 'https://blog.example' },
      403,
    ],
    ['of a stranger, in a browser that tells its origin alone', { origin: 'https://evil.example' }, 403],
    ['in a browser that tells nothing', {}, 200],
  ])('%s', async (_, headers, status) => {
    await open({ corsOrigins: ['https://app.example'] })
    const reader = await stream({ method: 'GET', headers })
    expect(reader.status).toBe(status)
    expect(fixture.streams.open).toBe(status === 200 ? 1 : 0)
  })
})

describe('a stream', () => {
  test.each([
    [SSE, 20_000, /^:\n\n:\n\n$/],
    [MULTIPART, 5_000, /^\r\n--graphql\r\ncontent-type: application\/json\r\n\r\n\{\}\r\n--graphql$/],
  ])('of %s is heard of after %i ms of silence', async (accept, silence, text) => {
    const timers = createTestTimers()
    await open({ streams: { timers } })
    const reader = await stream({ accept, query: 'subscription { mood(game: "1") }' })
    timers.advance(silence - 1_000)
    const quiet = reader.text
    timers.advance(1_000)
    await reader.until(accept === SSE ? ':\n\n' : '--graphql', 2)
    expect(reader.text.length).toBeGreaterThan(quiet.length)
    expect(reader.text).toMatch(text)
  })

  test('whose client leaves is released at once', async () => {
    await open()
    const reader = await stream()
    await reader.until('data: ')
    reader.leave()
    await streamsLeft(0)
    expect(fixture.told).toEqual(['began', 'left'])
    expect(fixture.watch.held.map(({ isReleased }) => isReleased)).toEqual([true])
    expect(fixture.hub.figures().subscribers).toBe(0)
  })

  test.each([
    [SSE, /^event: next\ndata: \{"errors":\[.*"code":"UNAUTHENTICATED".*\n\nevent: complete\ndata: \n\n$/ms],
    [MULTIPART, /\{"payload":null,"errors":\[.*"code":"UNAUTHENTICATED".*\}\r\n--graphql--\r\n$/],
  ])('of %s ends with the reason when its credential does', async (accept, last) => {
    await open()
    const reader = await stream({ accept, headers: { authorization: 'Bearer fan' } })
    await reader.until('seq')
    fixture.watch.held[0]?.end(
      new DomainError({
        kind: 'unauthenticated',
        code: 'UNAUTHENTICATED',
        message: 'Your session has expired.',
      }),
    )
    expect(await reader.ended).toBe(true)
    expect(reader.text).toMatch(last)
    score(1, 1)
    await streamsLeft(0)
    expect(fixture.told).toEqual(['began', 'left'])
  })

  test('whose client takes nothing for too long ends, and goes on elsewhere where it stopped', async () => {
    const timers = createTestTimers()
    await open({ streams: { timers, patienceMs: 30_000 } })
    const slow = await stream()
    await slow.until('data: ')
    slow.pause()
    let last = 0
    while (fixture.hub.figures().parked === 0) {
      score(last + 1, last + 200)
      last += 200
      await new Promise(setImmediate)
    }
    timers.advance(29_000)
    expect(fixture.told).toEqual(['began'])
    timers.advance(2_000)
    expect(fixture.told).toEqual(['began', 'left'])
    slow.resume()
    await slow.ended
    expect(slow.text).toContain('SLOW_CONSUMER')
    expect(slow.text).not.toContain('event: complete')
    const ids = Array.from(slow.text.matchAll(/^id: place-(\d+)$/gm), ([, seq]) => Number(seq))
    const again = await stream({ headers: { 'last-event-id': cursorOf(ids.at(-1) ?? 0) } })
    await again.until(`"seq":${last}}`)
    const others = Array.from(again.text.matchAll(/^id: place-(\d+)$/gm), ([, seq]) => Number(seq))
    expect([...ids, ...others]).toEqual(Array.from({ length: last + 1 }, (_, seq) => seq))
  })

  test('whose client was slow for a while goes on without a gap', async () => {
    await open()
    const slow = await stream()
    await slow.until('data: ')
    slow.pause()
    let last = 0
    while (fixture.hub.figures().parked === 0) {
      score(last + 1, last + 200)
      last += 200
      await new Promise(setImmediate)
    }
    score(last + 1, last + 500)
    last += 500
    slow.resume()
    await slow.until(`"seq":${last}}`)
    const ids = Array.from(slow.text.matchAll(/^id: place-(\d+)$/gm), ([, seq]) => Number(seq))
    expect(ids).toEqual(Array.from({ length: last + 1 }, (_, seq) => seq))
  })

  test('that is one too many is refused, and one that ends makes room', async () => {
    await open({ streams: { room: { most: 3, mostOfOne: 2 } } })
    const first = await stream()
    await stream()
    const third = await stream()
    expect([third.status, third.headers['retry-after']]).toEqual([503, '5'])
    await third.until('TOO_MANY_STREAMS')
    expect((await stream({ headers: { authorization: 'Bearer fan' } })).status).toBe(200)
    first.leave()
    await streamsLeft(2)
    expect((await stream()).status).toBe(200)
  })
})

describe('a gateway that is drained', () => {
  test.each([
    [SSE, /"seq":0\}\}\}\n\n$/],
    [MULTIPART, /\{"payload":null,"errors":\[.*"code":"DRAINING".*\r\n--graphql--\r\n$/],
  ])('ends its streams of %s so that clients come back', async (accept, end) => {
    await open()
    const all = await Promise.all(Array.from({ length: 10 }, () => stream({ accept })))
    await Promise.all(all.map((reader) => reader.until('seq')))
    await fixture.drain(500)
    expect(await Promise.all(all.map((reader) => reader.ended))).toEqual(all.map(() => true))
    for (const { text } of all) expect(text).toMatch(end)
    expect(fixture.streams.open).toBe(0)
  })

  test('spreads them over the time that it has', async () => {
    const timers = createTestTimers()
    await open({ streams: { timers } })
    const all = await Promise.all(Array.from({ length: 10 }, () => stream()))
    await Promise.all(all.map((reader) => reader.until('seq')))
    const drained = fixture.streams.drain(500)
    await streamsLeft(9)
    timers.advance(250)
    await streamsLeft(4)
    timers.advance(250)
    await drained
    const refused = await stream()
    await refused.until('DRAINING')
    expect(refused.status).toBe(503)
  })
})
