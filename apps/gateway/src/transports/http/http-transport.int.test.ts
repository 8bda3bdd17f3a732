import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { SubgraphAnswer } from '@courtside/federation'
import {
  bytes,
  hangUp,
  json,
  openScriptedSubgraph,
  type Reply,
  type ScriptedSubgraph,
  silence,
  text,
} from '../../fixtures/scripted-subgraph.ts'
import { toFetchRequest } from '../subgraph-operation.ts'
import type { SubgraphTransport, TransportFailure, TransportRequest } from '../subgraph-transport.ts'
import { httpTransport } from './index.ts'

const ask: TransportRequest = {
  fetch: toFetchRequest({ query: 'query Q($v: Int) { a }', operationName: 'Q', variables: { v: 1 } }),
  headers: { 'x-request-id': 'r' },
}

const answerOf = (transport: SubgraphTransport, request = ask) =>
  new Promise<SubgraphAnswer>((answered, failed) => {
    transport.send(request, { answered, failed })
  })

const failureOf = async (transport: SubgraphTransport, request = ask) => {
  const { kind, message, retryAfterSeconds } = await answerOf(transport, request).then(
    (answer) => {
      throw new Error(`It was answered: ${JSON.stringify(answer)}`)
    },
    (failure: TransportFailure) => failure,
  )
  return { kind, message, retryAfterSeconds }
}

let subgraph: ScriptedSubgraph
let transport: SubgraphTransport
beforeEach(async () => {
  subgraph = await openScriptedSubgraph()
  transport = httpTransport(subgraph.url, { responseBytes: 10_000 })
})
afterEach(async () => {
  await subgraph.close()
  await transport.close?.()
})

describe('a subgraph over HTTP', () => {
  test('is sent the operation and its headers, and its answer is taken', async () => {
    subgraph.reply(json({ data: { a: 1 } }))
    expect(await answerOf(transport)).toEqual({ data: { a: 1 } })
    const { body, headers } = await subgraph.next()
    expect(body).toEqual({ query: 'query Q($v: Int) { a }', operationName: 'Q', variables: { v: 1 } })
    expect(headers).toMatchObject({
      'x-request-id': 'r',
      'content-type': 'application/json',
      accept: 'application/json',
    })
  })

  test('is sent representations as variables', async () => {
    const representations = '[{"__typename":"Game","id":"ä"}]'
    const furtherRepresentations = { representations1: '[]' }
    await answerOf(transport, { ...ask, fetch: { ...ask.fetch, representations, furtherRepresentations } })
    expect((await subgraph.next()).body.variables).toEqual({
      v: 1,
      representations: [{ __typename: 'Game', id: 'ä' }],
      representations1: [],
    })
  })

  test('may answer in many pieces, cut within a character', async () => {
    const pieces = [...Buffer.from(JSON.stringify({ data: { a: 'Schüler 🏐 spielen' } }))]
    subgraph.reply(({ response }) => {
      const writeOne = () => {
        const piece = pieces.shift()
        if (piece === undefined) return response.end()
        return response.write(Buffer.from([piece]), () => setImmediate(writeOne))
      }
      writeOne()
    })
    expect(await answerOf(transport)).toEqual({ data: { a: 'Schüler 🏐 spielen' } })
  })

  test('may refuse a variable with 400', async () => {
    const refusal = { errors: [{ message: 'wrong', extensions: { code: 'BAD_USER_INPUT' } }] }
    subgraph.reply(json(refusal, 400))
    expect(await answerOf(transport)).toEqual(refusal)
  })

  test.each<[string, Reply]>([
    ['does not know us', json({ errors: [{ message: 'x' }] }, 401)],
    ['fails', json({ errors: [{ message: 'x' }] }, 500)],
    ['redirects', text('', 302, { location: 'http://192.0.2.1/' })],
    ['answers with a page', text('<html>')],
    ['answers with half of an answer', text('{"data":')],
    ['answers with nothing', text('')],
    ['answers with nothing that counts', text('', 204)],
    ['answers with a list', json([])],
    ['answers with an empty object', json({})],
    ['answers with null', text('null')],
    ['answers with data that is a list', json({ data: [] })],
    ['answers with data that is text', json({ data: 'a' })],
    ['answers with errors that are none', json({ data: null, errors: [7] })],
    ['answers with one error that is no list', json({ data: null, errors: { message: 'x' } })],
    ['does not speak HTTP', bytes('SSH-2.0-OpenSSH_9.9\r\n')],
    [
      'answers less than it says there is, on a connection that stays',
      bytes('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{"data":{"a":1}}'),
    ],
    ['answers too much', json({ data: { a: 'x'.repeat(20_000) } })],
  ])('gives a useless answer when it %s', async (_, reply) => {
    subgraph.reply(reply, json({ data: {} }))
    expect((await failureOf(transport)).kind).toBe('useless')
    expect(await answerOf(transport)).toEqual({ data: {} })
  })

  test.each<[string, Reply]>([
    ['before it answers', hangUp],
    ['after the status', bytes('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n')],
    ['within the body', bytes('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":{"a":1}}')],
    ['within a chunk', bytes('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"data"')],
  ])('is lost when it closes the connection %s', async (_, reply) => {
    subgraph.reply(reply, json({ data: {} }))
    expect((await failureOf(transport)).kind).toBe('lost')
    expect(await answerOf(transport)).toEqual({ data: {} })
  })

  test.each<[number, Record<string, string>, number | null]>([
    [429, {}, null],
    [502, {}, null],
    [503, { 'retry-after': '7' }, 7],
    [503, { 'retry-after': new Date(0).toUTCString() }, 0],
    [503, { 'retry-after': 'soon' }, null],
    [504, { 'retry-after': '-1' }, null],
  ])('is busy when it says %i %j', async (status, headers, retryAfterSeconds) => {
    subgraph.reply(text('try later', status, headers))
    expect(await failureOf(transport)).toMatchObject({ kind: 'busy', retryAfterSeconds })
  })

  test('got nothing when nobody is there', async () => {
    const { port } = await freePort()
    const nobody = httpTransport(`http://127.0.0.1:${port}`)
    expect((await failureOf(nobody)).kind).toBe('unsent')
    await nobody.close?.()
  })

  test('gets nothing from a transport that is closed', async () => {
    const closed = httpTransport(subgraph.url)
    await closed.close?.()
    expect((await failureOf(closed)).kind).toBe('unsent')
    expect(subgraph.asked).toEqual([])
  })

  test('may close a connection that is idle: the next request takes another one', async () => {
    await answerOf(transport)
    const { socket, left } = await subgraph.next()
    socket.end()
    await left
    subgraph.reply(json({ data: { a: 2 } }))
    expect(await answerOf(transport)).toEqual({ data: { a: 2 } })
    expect(subgraph.connections).toHaveLength(2)
  })

  test('answers one request after the other on connections that stay open', async () => {
    for (let time = 0; time < 10; time++) await answerOf(transport)
    // A connection is free a moment after its answer is there, so a second one may be opened.
    expect(subgraph.connections.length).toBeLessThanOrEqual(2)
  })

  test('notices that nobody waits any more, and whoever left hears no more of it', async () => {
    subgraph.reply(silence)
    const heard: unknown[] = []
    const sending = transport.send(ask, {
      answered: (answer) => heard.push(answer),
      failed: (failure) => heard.push(failure),
    })
    const { left } = await subgraph.next()
    sending.abort()
    await left
    expect(heard).toEqual([])
  })

  test('is not even asked when nobody waits any more before there is a connection', async () => {
    const heard: unknown[] = []
    const sending = transport.send(ask, {
      answered: (answer) => heard.push(answer),
      failed: (failure) => heard.push(failure),
    })
    sending.abort()
    await answerOf(transport, { ...ask, headers: { 'x-request-id': 'second' } })
    expect(subgraph.asked.map(({ headers }) => headers['x-request-id'])).toEqual(['second'])
    expect(heard).toEqual([])
  })

  test.each(['r\r\nx-courtside-identity: admin', 'r\n', 'r\0', 'Ā'])(
    'cannot be sent a header that is none: %j',
    async (value) => {
      const { kind } = await failureOf(transport, { ...ask, headers: { 'x-request-id': value } })
      expect(kind).toBe('invalid')
      expect(subgraph.asked).toEqual([])
    },
  )

  test('lies where its address says', async () => {
    const elsewhere = httpTransport(`${subgraph.url}/api/graph?x=1`)
    await answerOf(elsewhere)
    await answerOf(transport)
    const paths = subgraph.asked.map(({ response }) => response.req.url)
    expect(paths).toEqual(['/api/graph?x=1', '/graphql'])
    await elsewhere.close?.()
  })
})

/** A port on which nobody listens. */
async function freePort(): Promise<AddressInfo> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return address
}
