import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Principal } from '@courtside/auth'
import type { FetchRequest, SubgraphAnswer } from '@courtside/federation'
import { createMetrics } from '@courtside/http'
import { createRecordedLog, principals, type RecordedLog } from '@courtside/testing'
import { createSingleFlight } from '../../caching/index.ts'
import { createGatewayMetrics } from '../../observability/index.ts'
import type { Caller, UpstreamEvent } from '../../transports/index.ts'
import { composeGraph } from '../equality/graph-under-test.ts'
import { createPreparation } from '../equality/prepare.ts'
import { createLanes, type Lanes } from '../index.ts'

const HEAD = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective", "@key", "@authenticated"])
    @link(url: "https://specs.courtside.example/cacheControl/v1.0", import: ["@cacheControl"])
    @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: cacheControl__Scope, inheritMaxAge: Boolean) on FIELD_DEFINITION
  enum cacheControl__Scope { PUBLIC PRIVATE }
`
const graph = composeGraph({
  scores: `${HEAD}
    scalar Cursor
    type Query { now: Int }
    type Subscription {
      moved(id: ID!, after: Cursor): Game @cacheControl(maxAge: 1)
      mustMove(id: ID!, after: Cursor): Game! @cacheControl(maxAge: 1)
      ticked(id: ID): Game @cacheControl(maxAge: 1)
      mine: Game
      guarded(after: Cursor): Game @authenticated @cacheControl(maxAge: 1)
    }
    type Game @key(fields: "id") { id: ID! sets: Int! }
  `,
  crowd: `${HEAD}
    type Game @key(fields: "id") { id: ID! seats: Int @cacheControl(maxAge: 1) rows: Int! }
  `,
})

let fetch: (subgraph: string, request: FetchRequest, reader: Caller) => Promise<SubgraphAnswer>
let log: RecordedLog
let lanes: Lanes
let prepare: ReturnType<typeof createPreparation>
const openLanes = (version: string) =>
  createLanes({
    supergraph: graph.supergraph,
    calls: { fetch: (subgraph, request, reader) => fetch(subgraph, request, reader) },
    responseCache: null,
    flights: createSingleFlight(),
    version,
    overNetwork: true,
    slowOnly: false,
    production: true,
    metrics: createGatewayMetrics(createMetrics()),
    log: { ...createRecordedLog(), child: (fields) => log.child(fields) },
  })

beforeAll(async () => {
  lanes = await openLanes('one')
  prepare = createPreparation(graph, lanes.schema)
})
afterAll(() => lanes.stop())
beforeEach(() => {
  log = createRecordedLog()
  fetch = () => Promise.reject(new Error('Nobody is to be asked'))
})

function callerOf(principal: Principal = principals.anonymous, own: Partial<Caller> = {}): Caller {
  return {
    principal,
    requestId: 'request-1',
    clientAddress: '192.0.2.1',
    clientAgent: 'agent',
    log: log.child({ 'client.address': '192.0.2.1' }),
    cancellation: { isCancelled: false, add: () => undefined, remove: () => undefined },
    deadline: 5,
    ...own,
  }
}

function begin(query: string, variables: Record<string, unknown> = {}, caller = callerOf(), on = lanes) {
  return on.subscription({ ...prepare({ query }).prepared, variables, caller })
}
/** A copy, because an event is given away. */
const eventOf = (data: Record<string, unknown>): UpstreamEvent => ({
  data: structuredClone(data),
  mark: null,
})

const MOVED = 'subscription ($id: ID!, $from: Cursor) { moved(id: $id, after: $from) { sets } }'
const WITH_SEATS = 'subscription { moved(id: 1) { sets seats } }'
const MINE = 'subscription { mine { sets } }'

describe('who is sent the same', () => {
  const topicOf = (...given: Parameters<typeof begin>) => begin(...given).subscription.topic

  test('is whoever wants the same, wherever they begin and however they write it', () => {
    const topics = [
      topicOf('subscription { moved(id: 1) { sets } }'),
      topicOf('subscription { moved(id: 1, after: "c7") { sets } }'),
      topicOf('subscription{moved(after:null id:1){sets}}'),
      topicOf('subscription ($c: Cursor) { moved(id: 1, after: $c) { sets } }', { c: 'c9' }),
    ]
    expect(new Set(topics).size).toBe(1)
  })

  test('is nobody else', () => {
    const topics = [
      topicOf(MOVED, { id: '1' }),
      topicOf(MOVED, { id: '2' }),
      topicOf('subscription ($id: ID!) { moved(id: $id) { id } }', { id: '1' }),
      topicOf('subscription { ticked { sets } }'),
      topicOf('subscription ($id: ID) { ticked(id: $id) { sets } }'),
      topicOf('subscription ($id: ID) { ticked(id: $id) { sets } }', { id: null }),
    ]
    expect(new Set(topics).size).toBe(topics.length)
  })

  test('is everybody where the rules of caching say so', () => {
    const [viewer, other] = [principals.user('viewer'), principals.user('viewer')]
    expect(topicOf(MOVED, { id: '1' }, callerOf(viewer))).toBe(topicOf(MOVED, { id: '1' }))
    expect(topicOf(MINE, {}, callerOf(viewer))).not.toBe(topicOf(MINE, {}, callerOf(other)))
    const guarded = 'subscription { guarded { sets } }'
    expect(topicOf(guarded, {}, callerOf(viewer))).not.toBe(topicOf(guarded, {}, callerOf(other)))
  })

  test('is one person at all their addresses', () => {
    const viewer = principals.user('viewer')
    const elsewhere = callerOf(viewer, { clientAddress: '192.0.2.9', clientAgent: null })
    expect(topicOf(MINE, {}, elsewhere)).toBe(topicOf(MINE, {}, callerOf(viewer)))
  })

  test('is nobody on another version of the graph', async () => {
    const other = await openLanes('two')
    expect(topicOf(MOVED, { id: '1' }, callerOf(), other)).not.toBe(topicOf(MOVED, { id: '1' }))
    await other.stop()
  })
})

describe('what subgraphs are asked', () => {
  test('is asked for nobody where everybody is sent the same', () => {
    const { reader } = begin(MOVED, { id: '1' }, callerOf(principals.user('viewer'))).subscription
    reader.log.info({}, 'said')
    expect(log.lines[0]?.fields).toEqual({ 'request.id': 'request-1' })
    expect(reader).toMatchObject({
      principal: principals.anonymous,
      clientAddress: null,
      clientAgent: null,
      cancellation: null,
      deadline: null,
      trace: null,
    })
  })

  test('is asked for its caller elsewhere, as long as anybody listens', () => {
    const viewer = principals.user('viewer')
    const { reader } = begin(MINE, {}, callerOf(viewer)).subscription
    expect(reader).toMatchObject({
      principal: viewer,
      requestId: 'request-1',
      clientAddress: null,
      clientAgent: null,
      cancellation: null,
      deadline: null,
      trace: null,
    })
  })

  test('is to go on after a cursor, or to begin with a snapshot', () => {
    const { subscription, after } = begin(MOVED, { id: '1', from: 'c3', courtside_after: 'c9' })
    expect([subscription.kind, subscription.subgraph, after]).toEqual(['log', 'scores', 'c3'])
    expect(subscription.request('c4')).toMatchObject({
      template: { query: expect.stringContaining('after:$courtside_after'), type: 'subscription' },
      variables: { id: '1', courtside_after: 'c4' },
    })
    expect(subscription.request(null).variables).toEqual({ id: '1' })
  })

  test('is the newest of a stream without places', () => {
    const { subscription, after } = begin('subscription ($id: ID) { ticked(id: $id) { sets } }', { id: '1' })
    expect([subscription.kind, after]).toEqual(['state', null])
    expect(subscription.request(null).variables).toEqual({ id: '1' })
  })
})

describe('an event', () => {
  const game = { __typename: 'Game', id: '1', sets: 2 }
  const told = (text: string) => JSON.parse(text) as Record<string, unknown>

  test('is sent at once where one subgraph knows all of it', () => {
    const { complete } = begin(MOVED, { id: '1' }).subscription
    const whole = (text: string) => ({ text, told: 'whole', retryable: false })
    expect(complete(eventOf({ moved: game }))).toEqual(whole('{"data":{"moved":{"sets":2}}}'))
    expect(complete(eventOf({ moved: null }))).toEqual(whole('{"data":{"moved":null}}'))
  })

  test('is completed by others, on behalf of its reader', async () => {
    const { subscription } = begin(WITH_SEATS, {}, callerOf(principals.user('viewer')))
    const readers: Caller[] = []
    fetch = (_, __, reader) => {
      readers.push(reader)
      return Promise.resolve({ data: { _entities: [{ seats: 9 }] } })
    }
    const { text } = await subscription.complete(eventOf({ moved: game }))
    expect(text).toBe('{"data":{"moved":{"sets":2,"seats":9}}}')
    expect(readers).toEqual([subscription.reader])
  })

  test('is sent without what is missing, and says so', async () => {
    const away = {
      message: 'away',
      path: ['_entities', 0, 'seats'],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    }
    fetch = () => Promise.resolve({ data: null, errors: [away] })
    expect(await begin(WITH_SEATS).subscription.complete(eventOf({ moved: game }))).toEqual({
      text:
        '{"errors":[{"message":"away","path":["moved","seats"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE"}}],' +
        '"data":{"moved":{"sets":2,"seats":null}}}',
      told: 'part',
      retryable: false,
    })
  })

  test.each([
    ['nothing, and may be told later', 'nothing', true, { moved: null }, [{ retryable: true }, {}]],
    ['nothing, and will not be told later', 'nothing', false, { moved: null }, [{}]],
    ['nothing at all', 'nothing', true, null, [{ retryable: true }]],
    ['a part', 'part', true, { moved: game }, [{ retryable: true }]],
  ])('of which is left: %s', async (_, howMuch, retryable, data, extensions) => {
    const errors = extensions.map((own) => ({
      message: 'No.',
      path: ['moved', 'sets'],
      extensions: { code: 'AWAY', ...own },
    }))
    const telling = await begin(MOVED, { id: '1' }).subscription.complete({ data, errors, mark: null })
    expect(telling).toMatchObject({ told: howMuch, retryable })
    expect(told(telling.text)).toMatchObject({ errors: errors.map(() => ({ message: 'No.' })) })
  })

  test('of which a part that must not be missing is away may be told later', async () => {
    fetch = () =>
      Promise.resolve({
        data: null,
        errors: [
          {
            message: 'away',
            path: ['_entities', 0, 'rows'],
            extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
          },
        ],
      })
    const { subscription } = begin('subscription { mustMove(id: 1) { rows } }')
    const telling = await subscription.complete(eventOf({ mustMove: game }))
    expect(telling).toMatchObject({ told: 'nothing', retryable: true })
    expect(told(telling.text)).toMatchObject({ data: null })
  })

  test('tells what went wrong inside by an id alone', async () => {
    const errors = [{ message: 'password is 123', path: ['moved'] }]
    const { text } = await begin(MOVED, { id: '1' }).subscription.complete({
      data: { moved: null },
      errors,
      mark: null,
    })
    expect(text).not.toContain('123')
    const [error] = told(text)['errors'] as { extensions: Record<string, unknown> }[]
    expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) })
    expect(log.lines).toEqual([
      expect.objectContaining({
        level: 'error',
        fields: expect.objectContaining({ 'error.id': error?.extensions['errorId'], subgraph: 'scores' }),
      }),
    ])
  })

  test('that breaks the schema is null as far up as it must be, and says where', async () => {
    const { subscription } = begin(MOVED, { id: '1' })
    const { text } = await subscription.complete(eventOf({ moved: { sets: null } }))
    expect(told(text)).toEqual({
      errors: [expect.objectContaining({ path: ['moved', 'sets'] })],
      data: { moved: null },
    })
  })

  test('is told as a fault of ours where the asking itself fails, and the log knows why', async () => {
    const fault = new Error('no such host')
    fetch = () => Promise.reject(fault)
    const { subscription } = begin(WITH_SEATS)
    const { text, ...rest } = await subscription.complete(eventOf({ moved: game }))
    expect(rest).toEqual({ told: 'nothing', retryable: false })
    expect(told(text)).toEqual({
      errors: [
        {
          message: expect.stringMatching(/^Something went wrong on our side/),
          extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) },
        },
      ],
      data: null,
    })
    expect(log.lines).toEqual([expect.objectContaining({ fields: expect.objectContaining({ err: fault }) })])
  })

  test('never throws, whatever is thrown on the way', async () => {
    fetch = () => {
      throw new Error('at once')
    }
    const { text } = await begin(WITH_SEATS).subscription.complete(eventOf({ moved: game }))
    expect(told(text)).toMatchObject({ data: null })
  })
})

describe('a subscription that cannot begin', () => {
  const refusal = (message: RegExp) =>
    expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringMatching(message) })

  test.each<[string, Record<string, unknown>, RegExp]>([
    [MOVED, {}, /"\$id" of required type "ID!" was not provided/],
    [MOVED, { id: '1', from: 5 }, /"\$from" got invalid value 5; .*Cursor/],
    [
      'subscription ($a: Boolean = true) { mine { sets @include(if: $a) } }',
      { a: null },
      /must not be null where it decides/,
    ],
  ])('because its variables do not fit is refused: %s with %j', (query, variables, message) => {
    expect(() => begin(query, variables)).toThrow(refusal(message))
  })
})

describe('the compiled subscriptions', () => {
  const toSource = (query: string) => {
    const { document, operation } = prepare({ query }).prepared
    return { key: operation.key, document: document.document, operationName: operation.name }
  }

  test('are compiled once, and are ready from then on', async () => {
    const fresh = await openLanes('three')
    const { operation } = prepare({ query: MINE }).prepared
    expect([fresh.isReady(operation), fresh.kept().count]).toEqual([false, 0])
    begin(MINE, {}, callerOf(), fresh)
    begin(MINE, {}, callerOf(principals.user('viewer')), fresh)
    expect([fresh.isReady(operation), fresh.kept().count]).toEqual([true, 1])
    await fresh.stop()
  })

  test('are warmed up beside what is asked once', async () => {
    const fresh = await openLanes('four')
    const queries = [MINE, '{ now }', MOVED]
    expect(await fresh.warmUp(queries.map(toSource))).toEqual({ compiled: 3, failed: [] })
    const ready = queries.map((query) => fresh.isReady(prepare({ query }).prepared.operation))
    expect(ready).toEqual([true, true, true])
    await fresh.stop()
  })

  test('are warmed up no further when the gateway is stopped', async () => {
    const fresh = await openLanes('five')
    const sources = Array.from({ length: 20 }, (_, n) => toSource(`${MINE} #${n}`))
    const warming = fresh.warmUp(sources)
    await fresh.stop()
    expect((await warming).compiled).toBeLessThan(20)
  })
})
