import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { WebSocketServer } from 'ws'
import { FrameReader, toClientFrame } from './frame-reader.ts'

function frameOf(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), payload])
  const head = Buffer.alloc(length < 65_536 ? 4 : 10)
  head.set([0x81, length < 65_536 ? 126 : 127])
  if (length < 65_536) head.writeUInt16BE(length, 2)
  else head.writeUInt32BE(length, 6)
  return Buffer.concat([head, payload])
}

function readAll(chunks: readonly Buffer[]) {
  const texts: string[] = []
  const closes: [number, string][] = []
  const reader = new FrameReader({
    text: (payload) => texts.push(payload.toString()),
    ping: () => {},
    closed: (...close) => closes.push(close),
  })
  for (const chunk of chunks) reader.read(chunk)
  return { texts, closes }
}

describe('frames of a server', () => {
  const messages = ['short', 'x'.repeat(126), 'é'.repeat(40_000), '']
  const bytes = Buffer.concat(messages.map(frameOf))

  test('are read however long they are', () => {
    expect(readAll([bytes]).texts).toEqual(messages)
  })

  const piecesOf = (whole: Buffer, size: number) =>
    Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
      whole.subarray(index * size, (index + 1) * size),
    )

  test.each([1_001, 65_537])('are read when they come in pieces of %i bytes', (size) => {
    expect(readAll(piecesOf(bytes, size)).texts).toEqual(messages)
  })

  test('are read byte by byte', () => {
    const short = Buffer.concat(messages.slice(0, 2).map(frameOf))
    expect(readAll(piecesOf(short, 1)).texts).toEqual(messages.slice(0, 2))
  })

  test('say why a connection is closed', () => {
    const close = Buffer.concat([Buffer.from([0x88, 6, 0x10, 0xc2]), Buffer.from('slow')])
    expect(readAll([close]).closes).toEqual([[4290, 'slow']])
  })
})

test.each([5, 126, 60_000])('a frame of a client with %i bytes is understood by a server', async (length) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  try {
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    const arrived = new Promise<string>((resolve) =>
      server.once('connection', (client) =>
        client.once('message', (data: Buffer) => resolve(data.toString())),
      ),
    )
    socket.write(
      `GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n\r\n`,
    )
    await once(socket, 'data')
    socket.write(toClientFrame('y'.repeat(length)))
    expect(await arrived).toBe('y'.repeat(length))
    socket.destroy()
  } finally {
    for (const client of server.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  }
})
