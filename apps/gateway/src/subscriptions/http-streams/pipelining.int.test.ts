import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type LiveFixture, openLiveFixture } from '../../fixtures/live-fixture.ts'

let fixture: LiveFixture
let socket: Socket
let text: string
beforeEach(async () => {
  fixture = await openLiveFixture()
  const { hostname, port } = new URL(fixture.url)
  socket = connect(Number(port), hostname)
  text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
})
afterEach(async () => {
  socket.destroy()
  await fixture.stop()
})

function requestOf(accept: string, query: string): string {
  const body = JSON.stringify({ query })
  return `POST /graphql HTTP/1.1\r\nhost: graph.example\r\naccept: ${accept}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}
const until = async (part: string) => {
  while (!text.includes(part)) await once(socket, 'data')
}

const STREAM = requestOf('text/event-stream', 'subscription { scored(game: "1") { seq } }')
const QUERY = requestOf('application/json', '{ level }')

describe('what is asked behind a stream, on its connection', () => {
  test('ends the connection, because its answer could only wait', async () => {
    socket.write(STREAM)
    await until('"seq":0')
    const closed = once(socket, 'close')
    socket.write(QUERY.repeat(100))
    await closed
    while (fixture.streams.open > 0) await new Promise(setImmediate)
    expect(text).not.toContain('level')
  })

  test('before it began is answered, and the stream is not begun', async () => {
    socket.write(STREAM + QUERY)
    await until('"level"')
    expect(text).toMatch(/^HTTP\/1\.1 400 .*BAD_REQUEST.*HTTP\/1\.1 200 .*\{"data":\{"level":0\}\}$/s)
    expect(fixture.streams.open).toBe(0)
  })

  test('is answered where the stream was refused', async () => {
    const refused = requestOf(
      'text/event-stream, application/json',
      'subscription { ownScored(game: "1") { seq } }',
    )
    socket.write(refused)
    await until('UNAUTHENTICATED')
    socket.write(QUERY)
    await until('"level"')
    expect(text).toContain('{"data":{"level":0}}')
  })

  test('in front of it is answered first', async () => {
    socket.write(QUERY + STREAM)
    await until('"seq":0')
    expect(text).toMatch(/^HTTP\/1\.1 200 .*"level":0.*HTTP\/1\.1 200 .*text\/event-stream/s)
  })
})
