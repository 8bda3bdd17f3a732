import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { anonymous, createIdentitySigner, generateIdentityKeys, IDENTITY_HEADER } from '@courtside/auth'
import { createHttpEdge, type HttpEdge, type Route, sendJson, sendText } from '@courtside/http'
import type { SubgraphAnswer } from '@courtside/federation'
import { silentLogger } from '@courtside/logger'
import { createRecordedLog } from '@courtside/testing'
import {
  type Caller,
  ClientPresence,
  createSubgraphCaller,
  httpTransport,
  type HttpTransportOptions,
  type SubgraphTransport,
  SubgraphUnavailableError,
  toFetchRequest,
  TransportFailure,
  type TransportRequest,
} from './index.ts'

const releases: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release()
})

async function transportTo(handle: Route['handle'], options?: HttpTransportOptions) {
  const edge: HttpEdge = createHttpEdge({ routes: [{ path: '/graphql', handle }], log: silentLogger })
  const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
  const transport = httpTransport(url, options)
  releases.push(
    () => edge.drain(0),
    async () => transport.close?.(),
  )
  return transport
}

const ask: TransportRequest = { fetch: toFetchRequest({ query: '{ __typename }' }), headers: {} }

const answerOf = (transport: SubgraphTransport, request = ask) =>
  new Promise<SubgraphAnswer>((answered, failed) => {
    transport.send(request, { answered, failed })
  })

describe('a subgraph over HTTP', () => {
  test('is sent the operation and its headers, and its answer is taken', async () => {
    let seen: unknown
    const transport = await transportTo(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      seen = { body: JSON.parse(body), id: request.headers['x-request-id'] }
      sendJson(response, 200, { data: { a: 1 } })
    })
    const fetch = toFetchRequest({ query: 'query Q { a }', operationName: 'Q', variables: { v: 1 } })
    const answer = await answerOf(transport, { fetch, headers: { 'x-request-id': 'r' } })
    expect(answer).toEqual({ data: { a: 1 } })
    expect(seen).toEqual({
      body: { query: 'query Q { a }', operationName: 'Q', variables: { v: 1 } },
      id: 'r',
    })
  })

  test('may refuse a variable with 400', async () => {
    const refusal = { errors: [{ message: 'wrong', extensions: { code: 'BAD_USER_INPUT' } }] }
    const transport = await transportTo((_, response) => sendJson(response, 400, refusal))
    expect(await answerOf(transport)).toEqual(refusal)
  })

  test.each<[string, number, string]>([
    ['does not know us', 401, '{"errors":[{"message":"x"}]}'],
    ['fails', 500, '{"errors":[{"message":"x"}]}'],
    ['is a proxy with a page', 502, '<html>'],
    ['answers with something else', 200, 'hello'],
    ['answers with a list', 200, '[]'],
    ['answers with nothing in it', 200, '{}'],
    ['answers with null', 200, 'null'],
    ['answers with errors that are none', 200, '{"data":null,"errors":[7]}'],
  ])('gives no answer when it %s', async (_, status, body) => {
    const transport = await transportTo((_request, response) =>
      sendText(response, status, 'text/plain', body),
    )
    await expect(answerOf(transport)).rejects.toThrow()
  })

  test('gives no answer when it answers too much', async () => {
    const transport = await transportTo(
      (_, response) => sendJson(response, 200, { data: { a: 'x'.repeat(2_000) } }),
      { responseBytes: 1_000 },
    )
    await expect(answerOf(transport)).rejects.toThrow()
  })

  test('gives no answer when nobody is there', async () => {
    const transport = httpTransport('http://127.0.0.1:1')
    releases.push(async () => transport.close?.())
    await expect(answerOf(transport)).rejects.toThrow()
  })
})

const onItsWay = { abort: () => undefined }

describe('asking a subgraph on behalf of somebody', () => {
  const open = async (transport: SubgraphTransport, deadlineMs = 10_000) => {
    const log = createRecordedLog()
    const outcomes: string[] = []
    const calls = createSubgraphCaller({
      transports: { stats: transport },
      signer: await createIdentitySigner((await generateIdentityKeys()).privateKey),
      deadlineMs,
      onCall: (subgraph, outcome) => outcomes.push(`${subgraph} ${outcome}`),
      log,
    })
    const caller: Caller = {
      principal: anonymous,
      requestId: 'request',
      clientAddress: '192.0.2.1',
      clientAgent: null,
      log,
      cancellation: null,
    }
    return { calls, caller, log, outcomes }
  }

  test('says who, for whom and from where, and nothing that is not known', async () => {
    let headers: Record<string, string | undefined> = {}
    const { calls, caller, outcomes } = await open({
      send(request, receiver) {
        headers = request.headers
        receiver.answered({ data: {} })
        return onItsWay
      },
    })
    await calls.call('stats', ask.fetch, caller)
    expect(headers).toEqual({
      [IDENTITY_HEADER]: expect.any(String),
      'x-request-id': 'request',
      'x-courtside-client-address': '192.0.2.1',
      'x-deadline': expect.stringMatching(/^\d{13}$/),
    })
    expect(outcomes).toEqual(['stats answered'])
  })

  test.each<[string, SubgraphTransport['send'], string]>([
    [
      'throws at once',
      () => {
        throw new Error('no')
      },
      'stats',
    ],
    [
      'fails',
      (_request, receiver) => {
        receiver.failed(new TransportFailure('lost', 'no'))
        return onItsWay
      },
      'stats',
    ],
    ['never answers', () => onItsWay, 'stats'],
    ['does not exist', () => onItsWay, 'unknown'],
  ])('is one error when it %s', async (_, send, subgraph) => {
    const { calls, caller, outcomes, log } = await open({ send }, 50)
    await expect(calls.call(subgraph, ask.fetch, caller)).rejects.toThrow(SubgraphUnavailableError)
    expect(outcomes).toEqual([`${subgraph} unavailable`])
    expect(log.lines).toEqual([
      expect.objectContaining({ level: 'error', message: 'A subgraph did not answer' }),
    ])
  })

  test('ends when the client has gone, without a word in the log', async () => {
    const abort = jest.fn()
    const sent = Promise.withResolvers<unknown>()
    const { calls, caller, log } = await open({
      send(request) {
        sent.resolve(request)
        return { abort }
      },
    })
    const client = new ClientPresence()
    const answer = calls.call('stats', ask.fetch, { ...caller, cancellation: client })
    await sent.promise
    client.cancel()
    await expect(answer).rejects.toThrow(SubgraphUnavailableError)
    expect(abort).toHaveBeenCalledTimes(1)
    expect(log.lines).toEqual([])
  })
})
