import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openWebSockets, type WebSocketFixture } from '../../fixtures/websocket/websocket-fixture.ts'

let fixture: WebSocketFixture
beforeEach(async () => {
  fixture = await openWebSockets()
})
afterEach(() => fixture.close())

const HANDSHAKE = [
  'GET /graphql HTTP/1.1',
  'host: localhost',
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: graphql-transport-ws',
].join('\r\n')

const FIN = 0x80
const CONTINUATION = 0x0
const TEXT = 0x1
const CLOSE = 0x8
const PING = 0x9
const PONG = 0xa

interface FrameOptions {
  fin?: boolean
  masked?: boolean
}

/** A frame as a client sends it, or as it must not. */
function frame(
  opcode: number,
  payload: string | Buffer,
  { fin = true, masked = true }: FrameOptions = {},
): Buffer {
  const body = Buffer.from(payload)
  const mask = Buffer.from([7, 7, 7, 7])
  const head =
    body.length < 126
      ? Buffer.from([(fin ? FIN : 0) | opcode, (masked ? 0x80 : 0) | body.length])
      : Buffer.from([
          (fin ? FIN : 0) | opcode,
          (masked ? 0x80 : 0) | 126,
          body.length >> 8,
          body.length & 255,
        ])
  return masked ? Buffer.concat([head, mask, body.map((byte) => byte ^ 7)]) : Buffer.concat([head, body])
}

/** Shakes hands, sends these bytes, and reads frames until one of this kind. */
async function answerTo(socket: Socket, opcode: number, ...sent: Buffer[]) {
  let bytes = Buffer.alloc(0)
  const frames = function* () {
    for (let at = bytes.indexOf('\r\n\r\n') + 4; at > 3 && bytes.length >= at + 2;) {
      const length = bytes[at + 1]!
      if (bytes.length < at + 2 + length) return
      yield { opcode: bytes[at]! & 0xf, payload: bytes.subarray(at + 2, at + 2 + length) }
      at += 2 + length
    }
  }
  const found = new Promise<Buffer>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      for (const each of frames()) if (each.opcode === opcode) resolve(each.payload)
    })
    socket.once('close', () => reject(new Error(`Closed after ${JSON.stringify(bytes.toString('latin1'))}`)))
  })
  socket.write(`${HANDSHAKE}\r\n\r\n`)
  for (const piece of sent) socket.write(piece)
  return found
}

const codeOf = (closeFrame: Buffer) => closeFrame.readUInt16BE(0)

describe('frames by hand', () => {
  test('sent together with the handshake are read', async () => {
    const socket = await fixture.raw()
    const answer = answerTo(socket, TEXT, frame(TEXT, '{"type":"connection_init"}'))
    expect(String(await answer)).toBe('{"type":"connection_ack"}')
  })

  test('a message in pieces is one message, also with a ping in between', async () => {
    const socket = await fixture.raw()
    const answer = answerTo(
      socket,
      TEXT,
      frame(TEXT, '{"type":"conn', { fin: false }),
      frame(PING, 'are you there'),
      frame(CONTINUATION, 'ection', { fin: false }),
      frame(CONTINUATION, '_init"}'),
    )
    expect(String(await answer)).toBe('{"type":"connection_ack"}')
  })

  test('a ping is answered with its own words', async () => {
    const socket = await fixture.raw()
    expect(String(await answerTo(socket, PONG, frame(PING, 'hello')))).toBe('hello')
  })

  test.each<[string, number, Buffer[]]>([
    ['an unmasked frame', 1002, [frame(TEXT, '{"type":"ping"}', { masked: false })]],
    ['a continuation of nothing', 1002, [frame(CONTINUATION, 'x')]],
    ['a message within a message', 1002, [frame(TEXT, 'a', { fin: false }), frame(TEXT, 'b')]],
    ['a ping in pieces', 1002, [frame(PING, 'x', { fin: false })]],
    ['a ping of more than 125 bytes', 1002, [frame(PING, 'x'.repeat(126))]],
    ['an unknown kind of frame', 1002, [frame(0x3, 'x')]],
    [
      'a compressed frame, which was not agreed on',
      1002,
      [Buffer.concat([Buffer.from([0xc1]), frame(TEXT, 'x').subarray(1)])],
    ],
    ['a close code that may not be sent', 1002, [frame(CLOSE, Buffer.from([0x03, 0xed]))]],
    ['text that is not UTF-8', 1007, [frame(TEXT, Buffer.from([0x22, 0xff, 0x22]))]],
    ['half a letter of UTF-8', 1007, [frame(TEXT, Buffer.from([0x22, 0xc3]))]],
    [
      'a message in hundreds of pieces',
      1008,
      Array.from({ length: 200 }, (_, n) => frame(n === 0 ? TEXT : CONTINUATION, ' ', { fin: false })),
    ],
    [
      'a message that is announced larger than 256 KB',
      1009,
      [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 4, 0, 1, 7, 7, 7, 7])],
    ],
    ['nonsense', 4400, [frame(TEXT, 'hello')]],
  ])('%s closes with %i', async (_, code, sent) => {
    const socket = await fixture.raw()
    expect(codeOf(await answerTo(socket, CLOSE, ...sent))).toBe(code)
  })

  test('a client that never answers the close frame is cut off, and others go on', async () => {
    const other = await fixture.ready()
    const socket = await fixture.raw()
    await answerTo(socket, CLOSE, frame(TEXT, 'nonsense'))
    expect(await other.untilNow()).toEqual([])
    const drained = fixture.sockets.drain(1_000)
    fixture.timers.advance(1_000)
    await Promise.all([drained, once(socket, 'close')])
    expect(fixture.sockets.figures().connections).toBe(0)
  })
})

describe('a handshake', () => {
  test.each([
    ['another path', '/other', {}, 404, 'NOT_FOUND'],
    ['a page of a stranger', '/graphql', { origin: 'https://evil.example' }, 403, 'ORIGIN_NOT_ALLOWED'],
    ['a sandboxed page', '/graphql', { origin: 'null' }, 403, 'ORIGIN_NOT_ALLOWED'],
  ])('from %s is refused in HTTP', async (_, path, headers, status, code) => {
    const refused = await fixture.refusedUpgrade({ headers }, path)
    expect(refused.status).toBe(status)
    expect(refused.errors[0].extensions.code).toBe(code)
    expect(refused.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('from a listed page is taken, and named as it names itself', async () => {
    const headers = { 'x-request-id': 'tv-app-0815' }
    const socket = fixture.start('graphql-transport-ws', { origin: 'https://app.example', headers })
    const [response] = await once(socket, 'upgrade')
    expect(response.headers['x-request-id']).toBe('tv-app-0815')
  })

  const KEY = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='
  test.each([
    [
      'by another method',
      'POST',
      ['sec-websocket-version: 13', KEY],
      405,
      'METHOD_NOT_ALLOWED',
      'allow: GET',
    ],
    ['without a key', 'GET', ['sec-websocket-version: 13'], 400, 'BAD_REQUEST', 'Sec-WebSocket-Key'],
    ['of an old version', 'GET', ['sec-websocket-version: 7', KEY], 400, 'BAD_REQUEST', 'version: 13'],
  ])('%s is refused like everything else', async (_, method, headers, status, code, hint) => {
    const socket = await fixture.raw()
    const lines = [
      'host: x',
      'connection: Upgrade',
      'upgrade: websocket',
      'x-request-id: tv-app-0815',
      ...headers,
    ]
    socket.write(`${method} /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head).toContain('content-type: application/json; charset=utf-8')
    expect(head).toContain('x-request-id: tv-app-0815')
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code } }] })
    expect(answer).toContain(hint)
    expect(await fixture.figuresOf('courtside_gateway_websocket_refused_total')).toEqual({
      'reason="handshake"': 1,
    })
  })

  test('that is none is answered, and counts for nothing', async () => {
    await fixture.close()
    fixture = await openWebSockets({ connections: { address: 1 } })
    const socket = await fixture.raw()
    socket.write('GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 400 /)
    expect(fixture.sockets.figures().connections).toBe(0)
    await fixture.ready()
  })
})
