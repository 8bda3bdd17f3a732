import { createHash } from 'node:crypto'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openScriptedGraph, type ScriptedGraph } from './fixtures/scripted-graph.ts'
import { json } from './fixtures/scripted-subgraph.ts'

interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** As they came over the wire. */
  readonly bytes: Buffer
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
}
const textOf = ({ headers, bytes }: Received) =>
  (DECODERS[headers['content-encoding'] ?? ''] ?? ((plain: Buffer) => plain))(bytes).toString()

const LONG = 'Nørth Ridge – 北の尾根 '.repeat(200)
const LARGE = '{ shared }'
const SMALL = '{ unhinted }'
/** Its refusal quotes each of the names, and so is longer than a packet. */
const FAULTY = `{ ${Array.from({ length: 20 }, (_, n) => `${'x'.repeat(180)}${n}`).join(' ')} }`

describe.each([
  ['fast', false],
  ['slow', true],
])('an answer of the %s lane', (_, slowOnly) => {
  let graph: ScriptedGraph
  beforeAll(async () => {
    graph = await openScriptedGraph({ slowOnly })
    graph.scores.reply(json({ data: { shared: LONG, unhinted: '北' } }))
  })
  afterAll(() => graph.stop())

  /** Nothing is decoded on the way, and no header is there that was not asked for. */
  const send = (
    method: string,
    { body, search = '', headers = {} }: { body?: object; search?: string; headers?: Record<string, string> },
  ): Promise<Received> =>
    new Promise((resolve, reject) => {
      const client = httpRequest(`${graph.gateway.url}/graphql${search}`, {
        method,
        headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      })
      client.on('error', reject)
      client.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(chunks),
          }),
        )
      })
      client.end(body && JSON.stringify(body))
    })
  const ask = (query: string, acceptEncoding?: string) =>
    send('POST', {
      body: { query },
      headers: acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding },
    })

  test.each<[string | undefined, string | undefined]>([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0.1, gzip;q=0.9', 'gzip'],
    ['*', 'br'],
    ['identity', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['zstd', undefined],
    [undefined, undefined],
  ])('comes to who accepts %j as %j, and is the same', async (acceptEncoding, encoding) => {
    // Both the one that was executed and the one that was remembered.
    for (const answer of [await ask(LARGE, acceptEncoding), await ask(LARGE, acceptEncoding)]) {
      expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding])
      expect(JSON.parse(textOf(answer))).toEqual({ data: { shared: LONG } })
      expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length)
      expect(answer.headers['vary']).toContain('Accept-Encoding')
      if (encoding) expect(answer.bytes.length).toBeLessThan(LONG.length / 5)
    }
  })

  test('that fits into one packet comes as it is, with its length in bytes', async () => {
    const answer = await ask(SMALL, 'br, gzip')
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(textOf(answer)).toBe('{"data":{"unhinted":"北"}}')
    expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length)
  })

  test('that is shared comes to each as they accept it', async () => {
    const query = '{ shared(text: "together") }'
    const answers = await Promise.all(['br', 'gzip', 'identity'].map((encoding) => ask(query, encoding)))
    expect(answers.map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip', undefined])
    for (const answer of answers) expect(JSON.parse(textOf(answer))).toEqual({ data: { shared: LONG } })
  })

  test('that is a long refusal is compressed like others, and kept by nobody', async () => {
    const answer = await ask(FAULTY, 'br')
    expect([answer.headers['content-encoding'], answer.headers['cache-control']]).toEqual([
      'br',
      'private, no-store',
    ])
    expect(JSON.parse(textOf(answer)).errors).toHaveLength(20)
  })

  test('has no ETag, so one that a client invents changes nothing', async () => {
    for (const query of [LARGE, SMALL]) {
      const answer = await send('POST', { body: { query }, headers: { 'if-none-match': '*' } })
      expect([answer.status, answer.headers['etag'], answer.headers['last-modified']]).toEqual([
        200,
        undefined,
        undefined,
      ])
    }
  })

  test('is not to be had by HEAD, and what is said of that has no body', async () => {
    const answer = await send('HEAD', { search: `?query=${encodeURIComponent(SMALL)}` })
    expect([answer.status, answer.headers['allow'], answer.bytes.length]).toEqual([
      405,
      'GET, POST, OPTIONS',
      0,
    ])
    expect((await ask(SMALL)).status).toBe(200)
  })

  test('is announced to pages that may read it, and to no others', async () => {
    const preflight = (origin: string) =>
      send('OPTIONS', { headers: { origin, 'access-control-request-method': 'POST' } })
    const allowed = await preflight('http://localhost:5173')
    expect([allowed.status, allowed.headers['access-control-allow-origin'], allowed.bytes.length]).toEqual([
      204,
      'http://localhost:5173',
      0,
    ])
    const foreign = await preflight('https://evil.example')
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined])
  })

  describe('to a document that is known by its hash', () => {
    const query = 'query Known($text: String) { unhinted(text: $text) }'
    const hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } }
    const accept = { accept: 'application/graphql-response+json' }
    const byGet = (parameters: Record<string, string>) =>
      send('GET', { search: `?${new URLSearchParams(parameters)}`, headers: accept })

    test('is the same in whichever way it is named, once its text was sent', async () => {
      const unknown = [
        await send('POST', { body: { extensions }, headers: accept }),
        await send('POST', { body: { documentId: `sha256:${hash}` }, headers: accept }),
        await byGet({ extensions: JSON.stringify(extensions) }),
        await byGet({ documentId: `sha256:${hash}` }),
      ]
      for (const answer of unknown) {
        expect(JSON.parse(textOf(answer)).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND')
        expect(answer.headers['cache-control']).toBe('private, no-store')
      }
      const variables = { text: 'x' }
      const known = [
        await byGet({ query, extensions: JSON.stringify(extensions) }),
        await send('POST', { body: { extensions, variables }, headers: accept }),
        await send('POST', { body: { documentId: `sha256:${hash}`, variables }, headers: accept }),
        await send('POST', { body: { id: hash, operationName: 'Known' }, headers: accept }),
        await byGet({ extensions: JSON.stringify(extensions), variables: JSON.stringify(variables) }),
        await byGet({ documentId: hash }),
      ]
      expect(known.map(textOf)).toEqual(known.map(() => '{"data":{"unhinted":"北"}}'))
    })
  })
})
