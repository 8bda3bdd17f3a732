import { hash } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { collectGarbage } from '@courtside/testing'
import type { SubgraphTransport } from './compose.ts'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'

/** In MB: what is kept beside compiled operations, which are documents, what was found about them, texts by hash. */
const OTHERS = 40 + 8 + 8
/** In MB: how far two measurements of the same may lie apart. Without its bound any of the caches grows by more. */
const NOISE = 6

const MEGABYTE = 1024 * 1024
const NO_LIMIT = 1e9

/** Answers at once and keeps nothing, so that what grows is the gateway. */
const forgetful: SubgraphTransport = {
  send(_request, receiver) {
    receiver.answered({ data: {} })
    return { abort: () => undefined }
  },
}

/** Each a page of its own: none of these texts was sent before. */
const page = (n: number) => ({
  query: `{ ${Array.from({ length: 15 }, (_, i) => `g${i}_${n}: game(id: "${i}") { title mvp { points } next { title } }`).join(' ')} }`,
})
const severalOperations = (n: number) => ({
  query: Array.from({ length: 150 }, (_, i) => `query Q${i}_${n} { game(id: "1") { title } }`).join(' '),
  operationName: `Q${n % 150}_${n}`,
})
const small = (n: number) => ({ query: `{ a${n}: game(id: "${n}") { title } }` })
const text = (n: number) => ({ query: `{ echo(text: "${n}${'x'.repeat(50_000)}") }` })
/** What is kept of it longest is a small part of what was sent. */
const longComment = (n: number) => ({
  query: `{ nameOfTheAnswer: echo(text: "a text that is kept") } # ${n} ${'x'.repeat(100_000)}`,
})
const byHash = (n: number) => {
  const query = `{ a${n}: __typename }`
  return { query, extensions: { persistedQuery: { version: 1, sha256Hash: hash('sha256', query) } } }
}

/** As many of each as a round sends: fewer than fill the cache, or one round would drop what the other left behind. */
const KINDS: readonly (readonly [(n: number) => object, number])[] = [
  [severalOperations, 10],
  [small, 500],
  [byHash, 500],
  [text, 60],
  [longComment, 300],
]

describe('whatever clients send that was never sent before', () => {
  let fixture: GatewayFixture
  let atFirst: number
  const agent = new Agent({ keepAlive: true })
  beforeAll(async () => {
    const allowed = { address: NO_LIMIT, person: NO_LIMIT, partner: NO_LIMIT }
    fixture = await openGateway(
      'in-process',
      {
        log: silentLogger,
        limits: {
          requestsPerMinute: { ...allowed, refusedCredentials: NO_LIMIT },
          costPerMinute: allowed,
        },
      },
      { stats: forgetful },
    )
    // What is made once is made by the first of each kind.
    for (const make of [page, ...KINDS.map(([kind]) => kind)]) await send(make, 0, 20)
    atFirst = heapMegabytes()
  })
  afterAll(async () => {
    agent.destroy()
    await fixture.stop()
  })

  const heapMegabytes = () => {
    collectGarbage()
    return process.memoryUsage().heapUsed / MEGABYTE
  }
  const post = (body: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const client = httpRequest(`${fixture.url}/graphql`, {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      client.on('error', reject)
      client.on('response', (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      })
      client.end(JSON.stringify(body))
    })
  const send = async (make: (n: number) => object, from: number, to: number) => {
    for (let n = from; n < to; n += 1) expect(await post(make(n))).toBe(200)
  }
  const figure = async (metric: string) => {
    const told = await (await fetch(`${fixture.url}/metrics`)).text()
    return Number(new RegExp(`^${metric} (.+)$`, 'm').exec(told)?.[1])
  }

  test('fills what is kept, and pages beyond that take the place of others', async () => {
    await send(page, 100, 550)
    const full = heapMegabytes()
    const claimed = (await figure('courtside_gateway_compiled_operations_bytes')) / MEGABYTE
    const kept = await figure('courtside_gateway_compiled_operations')
    expect(claimed).toBeGreaterThan(60)
    expect(full - atFirst).toBeLessThan(claimed + OTHERS)
    await send(page, 550, 750)
    expect(heapMegabytes() - full).toBeLessThan(NOISE)
    expect(await figure('courtside_gateway_compiled_operations')).toBeLessThan(kept * 1.1)
  }, 120_000)

  test('is forgotten in turn, of whichever kind it is', async () => {
    const sendAll = async (round: number) => {
      for (const [make, count] of KINDS) await send(make, round * 10_000, round * 10_000 + count)
      return heapMegabytes()
    }
    const first = await sendAll(1)
    expect((await sendAll(2)) - first).toBeLessThan(NOISE)
  }, 120_000)
})
