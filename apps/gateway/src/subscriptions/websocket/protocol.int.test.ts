import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openWebSockets, type WebSocketFixture } from '../../fixtures/websocket/websocket-fixture.ts'

/** Sentence by sentence what graphql-transport-ws says of a server. */

let fixture: WebSocketFixture
beforeEach(async () => {
  fixture = await openWebSockets()
})
afterEach(() => fixture.close())

describe('the subprotocol', () => {
  test('graphql-transport-ws is spoken', async () => {
    const client = await fixture.connect(['something-else', 'graphql-transport-ws'])
    expect(client.socket.protocol).toBe('graphql-transport-ws')
  })

  test('its predecessor is told which to use', async () => {
    const client = await fixture.connect('graphql-ws')
    expect(await client.closed).toEqual({
      code: 4406,
      reason: 'The subprotocol graphql-ws is no longer spoken: use graphql-transport-ws',
    })
  })

  test('none at all is closed with 4406', async () => {
    const client = await fixture.connect([])
    expect(await client.closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' })
  })
})

describe('ConnectionInit', () => {
  test('is acknowledged', async () => {
    const client = await fixture.connect()
    client.send({ type: 'connection_init' })
    expect(await client.next()).toEqual({ type: 'connection_ack' })
  })

  test.each([null, {}, { anything: ['else'] }])('may carry the payload %j', async (payload) => {
    const client = await fixture.connect()
    await client.init(payload)
  })

  test('must come within ten seconds: 4408', async () => {
    const client = await fixture.connect()
    const early = await fixture.ready()
    fixture.timers.advance(9_000)
    expect(await early.untilNow()).toEqual([])
    expect(client.socket.readyState).toBe(client.socket.OPEN)
    fixture.timers.advance(1_000)
    expect(await client.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
    expect(await early.untilNow()).toEqual([])
  })

  test('sent twice closes with 4429', async () => {
    const client = await fixture.ready()
    client.send({ type: 'connection_init' })
    expect(await client.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' })
  })

  test('sent again before the first is answered closes with 4429, and leaves nothing held', async () => {
    const client = await fixture.connect()
    client.send({ type: 'connection_init' })
    client.send({ type: 'connection_init' })
    expect((await client.closed).code).toBe(4429)
    expect(fixture.watch.held).toBe(0)
  })

  test('with a bad credential closes with 4403', async () => {
    const client = await fixture.connect()
    client.send({ type: 'connection_init', payload: { authorization: 'Bearer stolen' } })
    expect(await client.closed).toEqual({ code: 4403, reason: 'This session has ended. Sign in again.' })
  })
})

describe('Ping and Pong', () => {
  test('a ping is answered by a pong, before and after the acknowledgement', async () => {
    const client = await fixture.connect()
    client.send({ type: 'ping' })
    expect(await client.next()).toEqual({ type: 'pong' })
    await client.init()
    client.send({ type: 'ping', payload: { at: 1 } })
    expect(await client.next()).toEqual({ type: 'pong' })
  })

  test('a pong may come unasked', async () => {
    const client = await fixture.ready()
    client.send({ type: 'pong', payload: { still: 'here' } })
    expect(await client.untilNow()).toEqual([])
  })
})

describe('Subscribe', () => {
  test('before the acknowledgement closes with 4401', async () => {
    const client = await fixture.connect()
    client.subscribe('1')
    expect(await client.closed).toEqual({ code: 4401, reason: 'Unauthorized' })
  })

  test('while the connection is being acknowledged closes with 4401 as well', async () => {
    const client = await fixture.connect()
    client.send({ type: 'connection_init' })
    client.subscribe('1')
    expect((await client.closed).code).toBe(4401)
    expect(fixture.operations.begun).toHaveLength(0)
  })

  test('with an id that is in use closes with 4409', async () => {
    const client = await fixture.ready()
    client.subscribe('games')
    client.subscribe('games')
    expect(await client.closed).toEqual({ code: 4409, reason: 'Subscriber for games already exists' })
  })

  test('brings what the operation needs', async () => {
    const client = await fixture.ready()
    const payload = {
      query: 'query Games($n: Int) { games(first: $n) { id } }',
      operationName: 'Games',
      variables: { n: 2 },
      extensions: { persistedQuery: { version: 1 } },
    }
    client.send({ id: '1', type: 'subscribe', payload })
    const { request } = await fixture.operations.untilBegun(1)
    expect(request.params).toMatchObject(payload)
    expect(request.clientAddress).toBe('127.0.0.1')
    expect(request.requestId).toMatch(/^[0-9a-f-]{36}\.1$/)
  })

  test.each([{ documentId: 'sha256:ab' }, { query: null, extensions: { persistedQuery: { version: 1 } } }])(
    'may name a known document: %j',
    async (payload) => {
      const client = await fixture.ready()
      client.send({ id: '1', type: 'subscribe', payload })
      expect((await fixture.operations.untilBegun(1)).request.params.query).toBeNull()
    },
  )
})

describe('Next, Error and Complete', () => {
  test('a query has one result and then is complete', async () => {
    const client = await fixture.ready()
    client.subscribe('q', 'query { answer }')
    expect(await client.next()).toEqual({ id: 'q', type: 'next', payload: { data: { answer: 42 } } })
    expect(await client.next()).toEqual({ id: 'q', type: 'complete' })
  })

  test('a subscription has results until it is complete, and its id is free then', async () => {
    const client = await fixture.ready()
    client.subscribe('s')
    const { outlet } = await fixture.operations.untilBegun(1)
    fixture.operations.publish({ data: { score: 1 } }, { data: { score: 2 } })
    fixture.operations.publish({ data: { score: 3 } })
    outlet.completed()
    expect(await client.untilNow()).toEqual([
      { id: 's', type: 'next', payload: { data: { score: 1 } } },
      { id: 's', type: 'next', payload: { data: { score: 2 } } },
      { id: 's', type: 'next', payload: { data: { score: 3 } } },
      { id: 's', type: 'complete' },
    ])
    client.subscribe('s')
    await fixture.operations.untilBegun(2)
    expect(await client.untilNow()).toEqual([])
  })

  test('a refused operation is an error of its id, frees it, and leaves the others alone', async () => {
    const client = await fixture.ready()
    client.subscribe('good')
    client.subscribe('bad', 'refuse')
    await fixture.operations.untilBegun(1)
    expect(await client.next()).toEqual({
      id: 'bad',
      type: 'error',
      payload: [{ message: 'No such field.', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    })
    fixture.operations.publish({ data: 1 })
    expect(await client.next()).toEqual({ id: 'good', type: 'next', payload: { data: 1 } })
    client.subscribe('bad', 'query { answer }')
    expect(await client.next()).toMatchObject({ id: 'bad', type: 'next' })
  })

  test('what nobody expected is an id in the log and no more', async () => {
    const client = await fixture.ready()
    client.subscribe('1', 'fault')
    const { payload } = (await client.next()) as {
      payload: [{ message: string; extensions: { errorId: string } }]
    }
    expect(JSON.stringify(payload)).not.toContain('ECONNREFUSED')
    const line = fixture.log.lines.find(({ fields }) => fields['error.id'] === payload[0].extensions.errorId)
    expect(line?.level).toBe('error')
  })

  test('an error during a subscription ends it, and no complete follows', async () => {
    const client = await fixture.ready()
    client.subscribe('s')
    const { outlet } = await fixture.operations.untilBegun(1)
    const errors = [{ message: 'Gone.', extensions: { code: 'GONE' } }]
    outlet.failed(errors)
    outlet.completed()
    fixture.operations.publish({ data: 1 })
    expect(await client.untilNow()).toEqual([{ id: 's', type: 'error', payload: errors }])
  })

  test('a client that completes is sent nothing more, and its id is free', async () => {
    const client = await fixture.ready()
    client.subscribe('s')
    await fixture.operations.untilBegun(1)
    client.send({ id: 's', type: 'complete' })
    await fixture.operations.untilStopped(1)
    fixture.operations.publish({ data: 1 })
    expect(await client.untilNow()).toEqual([])
    client.subscribe('s')
    await fixture.operations.untilBegun(2)
    fixture.operations.publish({ data: 2 })
    expect(await client.untilNow()).toEqual([{ id: 's', type: 'next', payload: { data: 2 } }])
  })

  test('a client may complete an operation before it has begun', async () => {
    const client = await fixture.ready()
    client.subscribe('q', 'wait')
    const { outlet } = await fixture.operations.untilBegun(1)
    client.send({ id: 'q', type: 'complete' })
    expect(await client.untilNow()).toEqual([])
    fixture.operations.letBegin()
    await fixture.operations.untilStopped(1)
    outlet.answered('{"data":1}')
    expect(await client.untilNow()).toEqual([])
  })

  test('a complete for an id that is not known is ignored', async () => {
    const client = await fixture.ready()
    client.send({ id: 'never', type: 'complete' })
    expect(await client.untilNow()).toEqual([])
  })

  test('a client that leaves leaves nothing behind', async () => {
    const client = await fixture.ready()
    client.subscribe('1')
    client.subscribe('2', 'wait')
    await fixture.operations.untilBegun(2)
    client.socket.close(1000)
    fixture.operations.letBegin()
    await fixture.operations.untilStopped(2)
    await client.closed
    expect(fixture.watch.held).toBe(0)
    expect(fixture.sockets.figures()).toEqual({ connections: 0, operations: 0, full: 0 })
  })
})

describe('an invalid message closes with 4400', () => {
  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /must be JSON/],
    ['nothing', '""', /JSON object/],
    ['null', 'null', /JSON object/],
    ['a list', '[{"type":"ping"}]', /JSON object/],
    ['no type', {}, /say its type/],
    ['a type that is no text', { type: 1 }, /say its type/],
    ['an unknown type', { type: 'start', id: '1' }, /no message of the type "start"/],
    ['a name of every object as the type', { type: 'toString' }, /"toString"/],
    ['a message of servers', { type: 'next', id: '1', payload: {} }, /"next"/],
    ['an acknowledgement', { type: 'connection_ack' }, /"connection_ack"/],
    ['a payload of init that is a list', { type: 'connection_init', payload: [] }, /payload/],
    ['a payload of ping that is text', { type: 'ping', payload: 'x' }, /payload/],
    ['no id', { type: 'subscribe', payload: { query: '{ a }' } }, /id/],
    ['an empty id', { type: 'subscribe', id: '', payload: { query: '{ a }' } }, /id/],
    ['a number as id', { type: 'complete', id: 1 }, /id/],
    ['a long id', { type: 'complete', id: 'x'.repeat(129) }, /128/],
    ['no payload', { type: 'subscribe', id: '1' }, /payload/],
    ['no query', { type: 'subscribe', id: '1', payload: {} }, /query/],
    ['a query that is no text', { type: 'subscribe', id: '1', payload: { query: {} } }, /query/],
    [
      'a name that is no text',
      { type: 'subscribe', id: '1', payload: { query: '', operationName: 1 } },
      /operationName/,
    ],
    [
      'variables in a list',
      { type: 'subscribe', id: '1', payload: { query: '', variables: [] } },
      /variables/,
    ],
    [
      'extensions in text',
      { type: 'subscribe', id: '1', payload: { query: '', extensions: '{}' } },
      /extensions/,
    ],
    [
      'a credential that is no text',
      { type: 'connection_init', payload: { authorization: 7 } },
      /authorization/,
    ],
    ['a key in a list', { type: 'ping', payload: { headers: { 'x-api-key': ['a'] } } }, /x-api-key/],
    ['brackets without end', '['.repeat(100_000), /must be JSON/],
    ['200,000 brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /JSON object/],
  ])('%s', async (_, message, reason) => {
    const client = await fixture.connect()
    client.send(message)
    const closed = await client.closed
    expect(closed.code).toBe(4400)
    expect(closed.reason).toMatch(reason)
    expect(Buffer.byteLength(closed.reason)).toBeLessThanOrEqual(123)
  })

  test('binary', async () => {
    const client = await fixture.connect()
    client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true })
    expect(await client.closed).toEqual({ code: 4400, reason: 'A message must be text, not binary' })
  })
})
