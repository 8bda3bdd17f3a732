import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { startTcpProxy, type TcpProxy, type TcpProxyOptions } from './tcp-proxy.ts'

let cleanUps: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
  cleanUps = []
})

/** Answers every message with its own name and the message. */
async function echo(name: string): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => socket.write(`${name}:${bytes.toString()}`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => void server.close())
  return { port: (server.address() as AddressInfo).port, server }
}

async function proxied(options: TcpProxyOptions): Promise<TcpProxy> {
  const proxy = await startTcpProxy(options)
  cleanUps.push(() => proxy.close())
  return proxy
}

async function client({ port }: TcpProxy) {
  const socket: Socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  cleanUps.push(() => void socket.destroy())
  const ask = async (text: string) => {
    socket.write(text)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    return bytes
  }
  return { socket, ask: async (text: string) => (await ask(text)).toString(), askBytes: ask }
}

test('connections are spread over the servers, and one that is down is passed over', async () => {
  const [one, two] = [await echo('one'), await echo('two')]
  const proxy = await proxied({ targets: () => [{ port: one.port }, { port: two.port }] })
  const answers = [await (await client(proxy)).ask('a'), await (await client(proxy)).ask('a')]
  expect(answers.sort()).toEqual(['one:a', 'two:a'])

  one.server.close()
  const half = await proxied({ targets: () => [{ port: 1 }, { port: two.port }] })
  expect(await (await client(half)).ask('b')).toBe('two:b')
  expect(await (await client(half)).ask('c')).toBe('two:c')
})

test('a cut resets connections and lets new ones in', async () => {
  const { port } = await echo('one')
  const proxy = await proxied({ targets: () => [{ port }] })
  const first = await client(proxy)
  await first.ask('a')
  const ended = once(first.socket, 'close')
  proxy.cut()
  await expect(ended).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await (await client(proxy)).ask('b')).toBe('one:b')
})

test('what is frozen arrives after the thaw', async () => {
  const { port } = await echo('one')
  const proxy = await proxied({ targets: () => [{ port }] })
  const { ask } = await client(proxy)
  await ask('a')
  proxy.freeze()
  let isThawed = false
  const answer = ask('b').then((text) => ({ text, isThawed }))
  // Another connection's whole way takes longer than this one's would.
  const other = await proxied({ targets: () => [{ port }] })
  for (let round = 0; round < 20; round++) await (await client(other)).ask('x')
  isThawed = true
  proxy.thaw()
  expect(await answer).toEqual({ text: 'one:b', isThawed: true })
})

test('who is refused is reset, until new ones are admitted again', async () => {
  const { port } = await echo('one')
  const proxy = await proxied({ targets: () => [{ port }] })
  proxy.refuse()
  const refused = async () => once((await client(proxy)).socket, 'close')
  await expect(refused()).rejects.toMatchObject({ code: 'ECONNRESET' })
  proxy.admit()
  expect(await (await client(proxy)).ask('a')).toBe('one:a')
})

test('the first byte is spoilt for as many clients as asked, and what a server says can be rewritten', async () => {
  const { port } = await echo('one')
  const proxy = await proxied({
    targets: () => [{ port }],
    rewrite: () => (bytes) => Buffer.from(bytes.toString().toUpperCase()),
  })
  proxy.corrupt(1)
  const { askBytes } = await client(proxy)
  expect((await askBytes('a'))[0]).toBe(0xff)
  expect((await askBytes('a')).toString()).toBe('ONE:A')
})

test('what is delayed keeps its order', async () => {
  const { port } = await echo('one')
  const proxy = await proxied({ targets: () => [{ port }] })
  const { ask } = await client(proxy)
  await ask('a')
  proxy.delay(50)
  const begun = performance.now()
  expect(await ask('b')).toBe('one:b')
  expect(performance.now() - begun).toBeGreaterThanOrEqual(49)
  proxy.delay(0)
  expect(await ask('c')).toBe('one:c')
})
