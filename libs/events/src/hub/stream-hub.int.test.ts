import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { withConnection } from '@courtside/database/migrate'
import { silentLogger } from '@courtside/logger'
import { describeWithRedis } from '@courtside/redis/testing'
import { type Bus, createPostgresBus, createRedisBus } from '../bus/index.ts'
import type { Fact } from '../fact.ts'
import { type LogDatabaseFixture, type LogServer, startLogServer } from '../fixtures/log-database.ts'
import { createStreamLog, type StreamLog, withAfterCommit } from '../log/index.ts'
import { createStreamHub, type StartingPoint, type StreamHub } from './index.ts'

let server: LogServer
let database: LogDatabaseFixture
const closing: (() => Promise<void> | void)[] = []

beforeAll(async () => {
  server = await startLogServer()
  database = await server.createDatabase()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => server.stop())

interface Process {
  log: StreamLog
  bus: Bus
  hub: StreamHub
  append(stream: string): Promise<Fact>
}

async function startProcess(bus: Bus): Promise<Process> {
  const db = withAfterCommit(await database.open({ connections: 4 }), silentLogger)
  const log = createStreamLog({ db, announce: bus.publish })
  const hub = createStreamHub({ reader: log, bus, log: silentLogger })
  closing.push(
    () => bus.close(),
    () => hub.drain(),
  )
  await new Promise<void>((resolve) => {
    bus.listen({ onHint: () => {}, onState: ({ status }) => status === 'up' && resolve() })
    if (bus.state.status === 'up') resolve()
  })
  const append = (stream: string) =>
    db.transaction(async (tx) => {
      const payload = { z: [1, { é: null }], a: 'text', at: new Date(0) }
      const type = 'rally-won'
      return (await log.append(tx, { stream, key: randomUUID(), type, payload, occurredAt: new Date() })).fact
    })
  return { log, bus, hub, append }
}

/** What a reader was told; can be waited for. */
function read(hub: StreamHub, stream: string, from: StartingPoint) {
  const facts: Fact[] = []
  let look = () => {}
  const subscription = hub.subscribe(stream, from, (event) => {
    if (event.kind === 'facts') facts.push(...event.facts)
    else expect(event.kind).toBe('end')
    look()
    return undefined
  })
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      look = () => condition() && resolve()
      look()
    })
  return { facts, subscription, until }
}

const FACTS = 300

/** Appends to two streams from two processes at once. `halfway` happens in the middle of it. */
async function write(
  processes: readonly Process[],
  streams: readonly string[],
  halfway: () => Promise<void>,
) {
  const one = async (process: Process, stream: string) => {
    for (let count = 0; count < FACTS / 2; count += 1) await process.append(stream)
  }
  const all = () => Promise.all(processes.flatMap((process) => streams.map((stream) => one(process, stream))))
  await all()
  await Promise.all([all(), halfway()])
}

async function everybodyGetsEverything(openBus: () => Bus, breakBus: () => Promise<void>): Promise<void> {
  const processes = [await startProcess(openBus()), await startProcess(openBus())]
  const streams = [`game:${randomUUID()}`, `game:${randomUUID()}`]
  const join = (from: StartingPoint) =>
    processes.flatMap(({ hub }) => streams.map((stream) => ({ stream, ...read(hub, stream, from) })))
  const early = join('start')
  let late: ReturnType<typeof join> = []
  await write(processes, streams, async () => {
    late = join({ epoch: 1, seq: FACTS / 2 })
    await breakBus()
  })
  const total = FACTS * 2
  await Promise.all(early.map(({ facts, until }) => until(() => facts.length >= total)))
  await Promise.all(late.map(({ facts, until }) => until(() => facts.length >= total - FACTS / 2)))
  for (const { stream, facts } of [...early, ...late]) {
    const whole = await processes[0]?.log.readAfter(stream, 0, total + 1)
    expect(facts).toEqual(whole?.slice(-facts.length))
    expect(facts.at(-1)?.seq).toBe(total)
  }
}

describe('hubs on Postgres alone', () => {
  test('tell every reader what the log says, though all connections are cut meanwhile', async () => {
    await everybodyGetsEverything(
      () => createPostgresBus({ url: database.appUrl, applicationName: 'hub-bus', log: silentLogger }),
      () =>
        withConnection(database.adminUrl, async (admin) => {
          await admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hub-bus'`,
          )
        }),
    )
  })

  test('find a fact whose process died before it could tell anybody', async () => {
    const bus = createPostgresBus({ url: database.appUrl, applicationName: 'hub-bus', log: silentLogger })
    const { hub, append } = await startProcess(bus)
    const stream = `game:${randomUUID()}`
    await append(stream)
    const reader = read(hub, stream, 'start')
    await reader.until(() => reader.facts.length === 1)
    const dying = createStreamLog({ db: await database.open({ connections: 1 }) })
    const db = await database.open({ connections: 1 })
    await db.transaction((tx) =>
      dying.append(tx, { stream, key: randomUUID(), type: 'rally-won', payload: {}, occurredAt: new Date() }),
    )
    await reader.until(() => reader.facts.length === 2)
    expect(hub.figures()).toMatchObject({ foundBySweep: 1 })
  })
})

describeWithRedis('hubs on Postgres and Redis', (redis) => {
  test('tell every reader what the log says, though Redis dies meanwhile', async () => {
    await everybodyGetsEverything(
      () => createRedisBus({ url: redis().url, log: silentLogger }),
      () => redis().startAgain(),
    )
  })
})
