import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import {
  createHttpEdge,
  endWithRefusal,
  healthRoutes,
  type HttpEdge,
  type HttpEdgeOptions,
  readBody,
  type Route,
  sendJson,
} from './index.ts'

const open: HttpEdge[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((edge) => edge.drain(0)))
})

async function serve(routes: readonly Route[], options: Partial<HttpEdgeOptions> = {}) {
  const edge = createHttpEdge({ routes, log: silentLogger, ...options })
  open.push(edge)
  return { edge, ...(await edge.listen({ host: '127.0.0.1', port: 0 })) }
}

const echo: Route = {
  path: '/echo',
  handle: async (request, response) => sendJson(response, 200, { body: await readBody(request, 1_000) }),
}

/** Sends bytes as they are and gives back all that comes until the server closes the connection. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => (answer += String(data)))
  socket.write(text)
  await once(socket, 'close')
  return answer
}

describe('the HTTP edge', () => {
  test('answers its exact paths and nothing else', async () => {
    const { url } = await serve([echo])
    expect(await (await fetch(`${url}/echo`, { method: 'POST', body: 'hello' })).json()).toEqual({
      body: 'hello',
    })
    expect((await fetch(`${url}/echo/`)).status).toBe(404)
    expect((await fetch(`${url}/../../etc/passwd`)).status).toBe(404)
  })

  test.each([
    '//',
    '/x/../echo',
    '/./echo',
    '/%2e/echo',
    '//evil.example/echo',
    'http://evil.example/echo',
    '/%zz',
  ])('answers the strange target %s without a fault of its own', async (target) => {
    const { port } = await serve([echo])
    const answer = await raw(port, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /)
  })

  test('refuses a body over the limit, announced or not, and closes the connection', async () => {
    const { port } = await serve([echo])
    const announced = await raw(port, 'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n')
    expect(announced).toMatch(/^HTTP\/1\.1 413 [^]*BODY_TOO_LARGE/)
    const chunk = `3ec\r\n${'x'.repeat(1004)}\r\n0\r\n\r\n`
    const unannounced = await raw(
      port,
      `POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`,
    )
    expect(unannounced).toMatch(/^HTTP\/1\.1 413 [^]*BODY_TOO_LARGE/)
  })

  test.each([
    ['announced', 'content-length: 2000000', 'x'.repeat(1_000_000), 'x'.repeat(1_000_000)],
    ['in pieces', 'transfer-encoding: chunked', `f4240\r\n${'x'.repeat(1_000_000)}\r\n`, '0\r\n\r\n'],
  ])('answers a body that is too large (%s) once it has been sent', async (_, header, first, rest) => {
    const { port, url } = await serve([echo])
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (data) => (answer += String(data)))
    socket.write(`POST /echo HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n${first}`)
    // By then the server has seen the other request too.
    await fetch(`${url}/echo`, { method: 'POST', body: 'something else' })
    expect(answer).toBe('')
    socket.write(rest)
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*the limit is 1000/)
  })

  test.each([
    [
      'too many headers',
      `GET /echo HTTP/1.1\r\nhost: x\r\nx-flood: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'two lengths',
      'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
      400,
      'BAD_REQUEST',
    ],
  ])('answers %s in the words of every other refusal', async (_, text, status, code) => {
    const { port } = await serve([echo])
    const answer = await raw(port, text)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({
      errors: [{ extensions: { code } }],
    })
  })

  test('cuts off who takes nothing of an answer, and all that waits behind it', async () => {
    const left: Promise<unknown>[] = []
    const asked = Promise.withResolvers<void>()
    const large: Route = {
      path: '/large',
      handle(request, response) {
        left.push(once(request.socket, 'close'))
        response.end(Buffer.alloc(16 * 1024 * 1024))
        if (left.length === 3) asked.resolve()
      },
    }
    const { port } = await serve([large], { stalledMs: 100 })
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.pause()
    socket.write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(3))
    await asked.promise
    await Promise.all(left)
    socket.destroy()
  })

  test('says nothing of an unexpected error, and lives', async () => {
    const failing: Route = {
      path: '/fail',
      handle: () => Promise.reject(new Error('SELECT secret FROM users')),
    }
    const { url } = await serve([echo, failing])
    const answer = await fetch(`${url}/fail`)
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('SELECT')
    expect((await fetch(`${url}/echo`, { method: 'POST', body: 'still here' })).status).toBe(200)
  })

  test('says which port is taken and how to choose another', async () => {
    const { port } = await serve([echo])
    const second = createHttpEdge({ routes: [], log: silentLogger })
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toThrow(StartupError)
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is already in use. Stop the program that uses it, or choose another port with PORT=${port + 1}.`,
    )
  })

  test('finishes what it has accepted before it is drained', async () => {
    const entered = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const slow: Route = {
      path: '/slow',
      async handle(_request, response) {
        entered.resolve()
        await release.promise
        sendJson(response, 200, 'done')
      },
    }
    const { edge, url } = await serve([slow])
    const answer = fetch(`${url}/slow`)
    await entered.promise
    const drained = edge.drain(60_000)
    await expect(fetch(`${url}/slow`)).rejects.toThrow()
    release.resolve()
    expect(await (await answer).json()).toBe('done')
    await drained
  })
})

describe('a connection that is to be upgraded', () => {
  const asking = (protocol: string) =>
    `GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: ${protocol}\r\n\r\n`

  test('goes to whoever takes it, who may refuse it in our words', async () => {
    const { port } = await serve([], {
      onUpgrade: (request, socket) => endWithRefusal(socket, '401 Unauthorized', 'NO', String(request.url)),
    })
    const answer = await raw(port, asking('WebSocket'))
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n[^]*"message":"\/healthz"[^]*"code":"NO"/)
  })

  test('is answered like any other where nobody takes it, or to a protocol that is none of ours', async () => {
    const routes = healthRoutes({ problems: async () => [] })
    const { port } = await serve(routes)
    const taking = await serve(routes, { onUpgrade: (_, socket) => void socket.destroy() })
    const once = (text: string) => text.replace('connection: upgrade', 'connection: upgrade, close')
    expect(await raw(port, once(asking('websocket')))).toMatch(/^HTTP\/1\.1 200 /)
    expect(await raw(taking.port, once(asking('h2c')))).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('is destroyed when taking it fails', async () => {
    const { port } = await serve([], { onUpgrade: () => Promise.reject(new Error('no')) })
    expect(await raw(port, asking('websocket'))).toBe('')
  })

  test('does not hold up a drain', async () => {
    const taken = Promise.withResolvers<void>()
    const { edge, port } = await serve([], { onUpgrade: () => taken.resolve() })
    const closed = raw(port, asking('websocket'))
    await taken.promise
    await edge.drain(0)
    expect(await closed).toBe('')
  })
})

describe('streams', () => {
  const endless: Route = {
    path: '/endless',
    handle(_request, response) {
      response.write('begun')
    },
  }

  test('are told to end when the edge is drained, with time left for the last of them', async () => {
    const open: ServerResponse[] = []
    const route: Route = {
      path: '/endless',
      handle(_request, response) {
        open.push(response)
        response.write('begun ')
      },
    }
    const told: number[] = []
    const streams = {
      async drain(withinMs: number) {
        told.push(withinMs)
        for (const response of open) response.end('ended')
      },
    }
    const edge = createHttpEdge({ routes: [route], streams: [streams], log: silentLogger })
    const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(`${url}/endless`)
    await edge.drain(60_000)
    expect(await answer.text()).toBe('begun ended')
    expect(told).toEqual([48_000])
  })

  test('that end for nobody are cut when the grace is over', async () => {
    const edge = createHttpEdge({ routes: [endless], log: silentLogger })
    const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(`${url}/endless`)
    await edge.drain(10)
    await expect(answer.text()).rejects.toThrow('terminated')
  })
})

describe('health', () => {
  test('tells alive from ready, and why not', async () => {
    let problems: string[] = []
    const { url } = await serve(healthRoutes({ problems: async () => problems }))
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    problems = ['the database does not answer']
    const answer = await fetch(`${url}/readyz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ status: 'not ready', problems })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })
})
