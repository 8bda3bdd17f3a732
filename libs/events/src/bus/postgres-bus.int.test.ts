import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type Cluster, inScratch, startCluster } from '@courtside/database/embedded'
import { silentLogger } from '@courtside/logger'
import pg from 'pg'
import { fact, listenTo } from './fixtures/listening.ts'
import { decodeMessage } from './hint-codec.ts'
import { type Bus, createPostgresBus } from './index.ts'

let cluster: Cluster
let admin: pg.Client
const open: Bus[] = []

beforeAll(async () => {
  cluster = await startCluster({ directory: await inScratch(), throwAway: true })
  admin = new pg.Client(cluster.adminUrl())
  await admin.connect()
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((bus) => bus.close()))
})
afterAll(async () => {
  await admin.end()
  await cluster.stop()
})

async function join() {
  const bus = createPostgresBus({ url: cluster.adminUrl(), applicationName: 'bus-test', log: silentLogger })
  open.push(bus)
  const listening = listenTo(bus)
  await listening.until(() => bus.state.status === 'up')
  return { bus, listening }
}

async function connections(): Promise<number[]> {
  const found = await admin.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'bus-test'`,
  )
  return found.rows.map(({ pid }) => pid)
}

describe('a bus on Postgres', () => {
  test('takes one connection, whatever it follows, and none when it is closed', async () => {
    const { bus, listening } = await join()
    await listening.hear(...Array.from({ length: 1_000 }, (_, index) => `game:${index}`))
    expect(await connections()).toHaveLength(1)
    await bus.close()
    expect(await connections()).toEqual([])
  })

  test('puts what is said within a few milliseconds into as few messages as Postgres takes', async () => {
    const { bus } = await join()
    const payloads: string[] = []
    const all = Promise.withResolvers<void>()
    const said = () => payloads.flatMap((payload) => decodeMessage(payload).map(({ seq }) => seq))
    admin.on('notification', ({ payload = '' }) => {
      payloads.push(payload)
      if (said().length >= 200) all.resolve()
    })
    await admin.query('LISTEN courtside_hints')
    // Some 200 kB, which is 26 of the largest messages there are.
    for (let seq = 1; seq <= 200; seq += 1) bus.publish([fact('game:1', seq, { payload: 'é'.repeat(500) })])
    await all.promise
    await admin.query('UNLISTEN courtside_hints')
    admin.removeAllListeners('notification')
    expect(said()).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8_000)
    expect(payloads.length).toBeLessThanOrEqual(34)
  })

  test('waits a little for what else there is to say', async () => {
    const bus = createPostgresBus({
      url: cluster.adminUrl(),
      applicationName: 'bus-test',
      log: silentLogger,
      coalesceMs: 200,
    })
    open.push(bus)
    const reader = await join()
    await listenTo(bus).until(() => bus.state.status === 'up')
    const payloads: string[] = []
    admin.on('notification', ({ payload = '' }) => payloads.push(payload))
    await admin.query('LISTEN courtside_hints')
    await reader.listening.hear('game:1')
    for (let seq = 1; seq <= 20; seq += 1) {
      bus.publish([fact('game:1', seq)])
      await new Promise(setImmediate)
    }
    await reader.listening.until(() => reader.listening.hints.length === 20)
    await admin.query('UNLISTEN courtside_hints')
    admin.removeAllListeners('notification')
    expect(payloads).toHaveLength(1)
  })

  test('comes back when its connection is cut', async () => {
    const [writer, reader] = [await join(), await join()]
    await reader.listening.hear('game:1')
    for (const pid of await connections()) await admin.query('SELECT pg_terminate_backend($1)', [pid])
    await reader.listening.until(() => reader.listening.states.slice(-2).join() === 'down,up')
    await writer.listening.until(() => writer.listening.states.slice(-2).join() === 'down,up')
    writer.bus.publish([fact('game:1', 1)])
    await reader.listening.until(() => reader.listening.hints.length === 1)
    expect(reader.listening.missedAll).toBe(2)
  })

  test('closes also while it has no connection', async () => {
    const bus = createPostgresBus({
      url: 'postgresql://nobody@127.0.0.1:1/nothing',
      applicationName: 'bus-test',
      log: silentLogger,
    })
    bus.publish([fact('game:1', 1)])
    await bus.close()
    expect(bus.state.status).toBe('down')
  })
})
