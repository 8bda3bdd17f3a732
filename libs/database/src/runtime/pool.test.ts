import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from '@jest/globals'
import { openPool } from './pool.ts'

const message = (type: string, body: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}
const AUTHENTICATED = message('R', Buffer.alloc(4))
const READY = message('Z', Buffer.from('I'))
const GOING_AWAY = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'))

test('a server that goes away in the moment of a connection ends the connection, not the process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATED, READY, GOING_AWAY])))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const pool = openPool(`postgres://somebody@127.0.0.1:${port}/anything`, { applicationName: 'test' })

  const client = await pool.connect()
  await expect(client.query('SELECT 1')).rejects.toThrow()
  client.release(true)
  await pool.end()
  server.close()
})
