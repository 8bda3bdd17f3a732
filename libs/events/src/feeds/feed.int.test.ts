import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { freePort } from '@courtside/database/embedded'
import { DomainError } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  type LogDatabaseFixture,
  type LogServer,
  startLogServer,
  type TestDatabase,
  type TestTx,
} from '../fixtures/log-database.ts'
import { bumpEpoch, createFactPages, createStreamLog, type FactPages, type StreamLog } from '../log/index.ts'
import type { Timers } from '../timers.ts'
import { createFeed, type Feed, type FeedOptions } from './index.ts'

let server: LogServer
let owner: LogDatabaseFixture
let consumer: LogDatabaseFixture
let ownerDb: TestDatabase
let consumerDb: TestDatabase
let log: StreamLog
let pages: FactPages

beforeAll(async () => {
  server = await startLogServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  owner = await server.createDatabase()
  // Without a unique key, so that what is taken twice stands there twice.
  consumer = await server.createDatabase('CREATE TABLE taken (place bigserial, stream text, seq bigint)')
  ownerDb = await owner.open()
  consumerDb = await consumer.open()
  log = createStreamLog({ db: ownerDb })
  pages = createFactPages(ownerDb)
})
const started: Feed[] = []
afterEach(() => Promise.all(started.splice(0).map((feed) => feed.stop())))

const append = (stream: string, count = 1, payload: unknown = null) =>
  ownerDb.transaction((tx) =>
    log.appendAll(
      tx,
      Array.from({ length: count }, () => ({
        stream,
        key: randomUUID(),
        type: 'said',
        payload,
        occurredAt: new Date(),
      })),
    ),
  )
const taken = async () =>
  (
    await consumer.look<{ fact: string }>(`SELECT stream || ' ' || seq AS fact FROM taken ORDER BY place`)
  ).map(({ fact }) => fact)
const numbered = (stream: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${stream} ${from + index}`)

/** What a feed says, as events: `resting` with its milliseconds, and those of its observer. */
class Told extends EventEmitter {
  readonly counts: Record<string, number> = {}
  readonly rests: number[] = []
  told(event: string, detail?: unknown) {
    this.counts[event] = (this.counts[event] ?? 0) + 1
    this.emit(event, detail)
    this.emit('anything')
  }
}

/** Time stands still: a rest lasts until the test, or a hint, ends it. */
function standingTimers(told: Told): Timers & { fire(): void } {
  const waiting = new Set<() => void>()
  return {
    now: () => new Date(),
    after(milliseconds, run) {
      waiting.add(run)
      told.rests.push(milliseconds)
      told.told('resting', milliseconds)
      return () => waiting.delete(run)
    },
    fire() {
      for (const run of [...waiting]) run()
    },
  }
}
/** No rest lasts. */
const hurriedTimers = (told: Told): Timers => ({
  now: () => new Date(),
  after(milliseconds, run) {
    told.rests.push(milliseconds)
    const immediate = setImmediate(() => {
      told.told('resting', milliseconds)
      run()
    })
    return () => clearImmediate(immediate)
  },
})

function feedOf(told: Told, more: Partial<FeedOptions<TestTx>> = {}): Feed {
  const feed = createFeed<TestTx>({
    name: 'test.taken',
    pages,
    database: consumerDb,
    databaseUrl: consumer.appUrl,
    log: silentLogger,
    timers: hurriedTimers(told),
    pageSize: 10,
    async consume(tx, facts) {
      for (const { stream, seq } of facts) {
        await tx.$executeRaw`INSERT INTO taken (stream, seq) VALUES (${stream}, ${seq}::bigint)`
      }
    },
    async reset(tx) {
      await tx.$executeRaw`DELETE FROM taken`
    },
    observer: {
      active: (active) => told.told(active ? 'active' : 'standby'),
      consumed: () => told.told('consumed'),
      failed: () => told.told('failed'),
      putAside: () => told.told('put aside'),
      missed: () => told.told('missed'),
      restored: () => told.told('restored'),
    },
    ...more,
  })
  started.push(feed)
  return feed
}

/** Looks again after each thing that the feed says. */
async function until(told: Told, condition: () => Promise<boolean> | boolean): Promise<void> {
  for (;;) {
    const next = once(told, 'anything')
    if (await condition()) return
    await next
  }
}
const untilTaken = (told: Told, count: number) => until(told, async () => (await taken()).length >= count)

describe('a feed', () => {
  test('takes all streams from the beginning, then what a hint tells of', async () => {
    const told = new Told()
    await append('game:1', 12)
    await append('game:2', 13)
    const feed = feedOf(told, { timers: standingTimers(told) })
    const resting = once(told, 'resting')
    feed.start()
    await resting
    expect(await taken()).toEqual([...numbered('game:1', 1, 12), ...numbered('game:2', 1, 13)])

    const again = once(told, 'resting')
    await append('game:1')
    feed.wake()
    await again
    expect((await taken()).at(-1)).toBe('game:1 13')
    expect(told.rests).toEqual([1_000, 1_000])
  })

  test('that no hint reaches finds it by its sweep', async () => {
    const told = new Told()
    const timers = standingTimers(told)
    const feed = feedOf(told, { timers })
    const resting = once(told, 'resting')
    feed.start()
    await resting
    await append('game:1')
    const again = once(told, 'resting')
    timers.fire()
    await again
    expect(await taken()).toEqual(['game:1 1'])
  })

  test('goes on after a stop from where it was, and a stop lets it finish', async () => {
    const told = new Told()
    await append('game:1', 20)
    let stopped: Promise<void> | undefined
    const feed: Feed = feedOf(told, {
      async consume(tx, facts) {
        stopped ??= feed.stop()
        for (const { stream, seq } of facts) {
          await tx.$executeRaw`INSERT INTO taken (stream, seq) VALUES (${stream}, ${seq}::bigint)`
        }
      },
    })
    feed.start()
    await once(told, 'standby')
    await stopped
    expect(await taken()).toEqual(numbered('game:1', 1, 10))
    expect(await consumer.look(`SELECT FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([])

    const next = new Told()
    feedOf(next).start()
    await untilTaken(next, 20)
    expect(await taken()).toEqual(numbered('game:1', 1, 20))
  })

  test('starts over when the owner’s log was restored', async () => {
    const told = new Told()
    await append('game:1', 3)
    feedOf(told).start()
    await untilTaken(told, 3)
    await owner.look(`DELETE FROM facts WHERE seq = 3; UPDATE stream_heads SET seq = 2`)
    const asOwner = await owner.open({ role: 'owner', connections: 1 })
    expect(await asOwner.read(bumpEpoch)).toBe(2)
    await until(told, () => told.counts['restored'] === 1)
    await until(told, async () => (await taken()).length === 2)
    await append('game:1')
    await untilTaken(told, 3)
    expect(await taken()).toEqual(numbered('game:1', 1, 3))
    expect((await log.heads(['game:1'])).get('game:1')?.epoch).toBe(2)
  })

  test('tells once when retention has removed what it had not read, and not when it had', async () => {
    const told = new Told()
    const timers = standingTimers(told)
    const rests = async (work: () => void) => {
      const resting = once(told, 'resting')
      work()
      await resting
    }
    const removeAll = () =>
      createStreamLog({ db: ownerDb, clock: { now: () => new Date(Date.now() + 60_000) } }).retain({
        kind: 'chat',
        keepMs: 0,
      })
    await append('chat:1')
    await removeAll()
    await append('chat:1')
    const feed = feedOf(told, { timers })
    await rests(() => feed.start())
    await removeAll()
    await rests(() => feed.wake())
    expect(told.counts['missed']).toBeUndefined()

    await append('chat:1')
    await removeAll()
    await append('chat:1')
    await rests(() => feed.wake())
    await rests(() => feed.wake())
    expect(told.counts['missed']).toBe(1)
    expect(await taken()).toEqual(['chat:1 2', 'chat:1 4'])
  })
})

/** Cannot take a fact that is poison, until that is mended. */
const options = (
  isMended: () => boolean,
  error: Error = new Error('no such team'),
): Partial<FeedOptions<TestTx>> => ({
  async consume(tx, facts) {
    for (const { stream, seq, payload } of facts) {
      await tx.$executeRaw`INSERT INTO taken (stream, seq) VALUES (${stream}, ${seq}::bigint)`
      if (payload === 'poison' && !isMended()) throw error
    }
  },
})

describe('a fact that cannot be taken', () => {
  test('is tried again with longer and longer pauses, put aside with its error, and replayed when asked', async () => {
    const told = new Told()
    let isMended = false
    await append('game:1', 2)
    await append('game:1', 1, 'poison')
    await append('game:1', 2)
    const feed = feedOf(
      told,
      options(() => isMended),
    )
    feed.start()
    await untilTaken(told, 4)
    expect(await taken()).toEqual(['game:1 1', 'game:1 2', 'game:1 4', 'game:1 5'])
    expect(told.rests.filter((rest) => rest !== 1_000 && rest !== 5_000)).toEqual([100, 200, 400, 800])
    expect(told.counts['put aside']).toBe(1)
    const [letter] = await feed.deadLetters(10)
    expect(letter).toEqual({
      fact: (await log.readAfter('game:1', 2, 1))[0],
      error: 'Error: no such team',
      attempts: 5,
      failedAt: expect.any(Date),
    })

    const fact = { stream: 'game:1', seq: 3 }
    await expect(feed.replay(fact)).rejects.toThrow('no such team')
    expect(await feed.deadLetters(10)).toHaveLength(1)
    isMended = true
    expect(await feed.replay(fact)).toBe(true)
    expect(await feed.replay(fact)).toBe(false)
    expect((await taken()).filter((one) => one === 'game:1 3')).toHaveLength(1)
    expect(await feed.deadLetters(10)).toEqual([])
  })
})

describe('a stop', () => {
  test('does not wait for the next try', async () => {
    const told = new Told()
    await append('game:1', 1, 'poison')
    const feed = feedOf(told, { ...options(() => false), timers: standingTimers(told) })
    const resting = once(told, 'resting')
    feed.start()
    expect(await resting).toEqual([100])
    await feed.stop()
    expect(await taken()).toEqual([])
    expect(await feed.deadLetters(10)).toEqual([])
  })
})

describe('a lock that cannot be asked for', () => {
  test('is asked for again, with longer and longer pauses', async () => {
    const told = new Told()
    const nowhere = new URL(consumer.appUrl)
    nowhere.port = String(await freePort())
    const feed = feedOf(told, { databaseUrl: nowhere.href })
    feed.start()
    const pauses = () => told.rests.filter((rest) => rest !== 5_000)
    await until(told, () => pauses().length >= 4)
    await feed.stop()
    expect(pauses().slice(0, 4)).toEqual([100, 200, 400, 800])
    expect(told.counts['active']).toBeUndefined()
  })
})

describe('facts that fail because the database is away', () => {
  const away = new DomainError({ kind: 'unavailable', code: 'DATABASE_UNAVAILABLE', message: 'Try again.' })

  test('are not put aside, but taken when it is back', async () => {
    const told = new Told()
    await append('game:1', 3, 'poison')
    const feed = feedOf(
      told,
      options(() => told.rests.length >= 4, away),
    )
    feed.start()
    await untilTaken(told, 3)
    expect(told.rests.slice(0, 4)).toEqual([100, 200, 400, 800])
    expect(await feed.deadLetters(10)).toEqual([])
  })

  test('hold up the others only until it is plain that it is away for them alone', async () => {
    const told = new Told()
    await append('game:1', 1)
    await append('game:1', 1, 'poison')
    await append('game:1', 1)
    const feed = feedOf(
      told,
      options(() => false, away),
    )
    feed.start()
    await untilTaken(told, 2)
    expect(await taken()).toEqual(['game:1 1', 'game:1 3'])
    expect(await feed.deadLetters(10)).toMatchObject([{ fact: { seq: 2 } }])
  })
})

describe('one effect for each fact', () => {
  const kill = (pid: number) => consumer.look('SELECT pg_terminate_backend($1, 5000)', [pid])

  /** Cuts the consumer's connection before its `at`th step, or loses the answer to a commit. */
  function cutAt(at: number) {
    let step = 0
    const database: FeedOptions<TestTx>['database'] = {
      read: (work) => consumerDb.read(work),
      async transaction(work) {
        const result = await consumerDb.transaction(async (tx) => {
          const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
          const cutOrGoOn = async () => {
            if (++step === at) await kill(row?.pid ?? 0)
          }
          const answer = await work({
            async $queryRaw<Rows>(query: TemplateStringsArray, ...values: unknown[]) {
              await cutOrGoOn()
              return tx.$queryRaw<Rows>(query, ...values)
            },
            async $executeRaw(query, ...values) {
              await cutOrGoOn()
              return tx.$executeRaw(query, ...values)
            },
          })
          // Before the commit.
          await cutOrGoOn()
          return answer
        })
        if (++step === at) throw new Error('the connection ended before the answer to COMMIT')
        return result
      },
    }
    return { database, wasReached: () => step >= at }
  }

  test('whatever step the consumer’s connection is cut at', async () => {
    await append('game:1', 3)
    await append('game:2', 2)
    const all = [...numbered('game:1', 1, 3), ...numbered('game:2', 1, 2)]
    let at = 1
    for (; ; at++) {
      const told = new Told()
      const { database, wasReached } = cutAt(at)
      await consumer.look('TRUNCATE taken; TRUNCATE feed_offsets')
      const feed = feedOf(told, { database, pageSize: 2 })
      feed.start()
      await untilTaken(told, all.length)
      await feed.stop()
      expect({ at, taken: await taken() }).toEqual({ at, taken: all })
      expect(await feed.deadLetters(10)).toEqual([])
      if (!wasReached()) break
    }
    // To begin: look, commit, answer; insert, commit, answer. Three pages: lock, each fact, save, commit, answer.
    expect(at).toBeGreaterThan(6 + 3 * 4 + 5)
  })

  test('when one consumer of two loses its lock, the other takes over', async () => {
    const [one, other] = [new Told(), new Told()]
    await append('game:1', 5)
    feedOf(one).start()
    await once(one, 'active')
    feedOf(other).start()
    await once(other, 'resting')
    expect(other.counts['active']).toBeUndefined()

    const lost = once(one, 'standby')
    await consumer.look(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted`,
    )
    await lost
    await append('game:1', 5)
    await Promise.any([untilTaken(one, 10), untilTaken(other, 10)])
    expect(await taken()).toEqual(numbered('game:1', 1, 10))
    // One lock, one consumer.
    const holders = await consumer.look(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted`)
    expect(holders.length).toBeLessThanOrEqual(1)
  })

  test('also when two believe that they are the only one, beside writers with transactions of any length', async () => {
    const streams = ['game:1', 'game:2', 'game:3']
    const elsewhere = await server.createDatabase()
    const [one, other] = [new Told(), new Told()]
    feedOf(one, { pageSize: 3 }).start()
    // The lock of another database keeps nobody out.
    feedOf(other, { pageSize: 4, databaseUrl: elsewhere.appUrl }).start()
    await Promise.all([one, other].map((told) => once(told, 'resting')))
    await Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let index = 0; index < 10; index++) {
          await ownerDb.transaction(async (tx) => {
            if (writer % 2 === 0) {
              await tx.$queryRaw`SELECT pg_current_xact_id()::text`
              await once(writer === 0 ? one : other, 'resting')
            }
            const stream = streams[(writer + index) % 3] ?? ''
            await log.append(tx, {
              stream,
              key: randomUUID(),
              type: 'said',
              payload: null,
              occurredAt: new Date(),
            })
          })
        }
      }),
    )
    await Promise.any([untilTaken(one, 60), untilTaken(other, 60)])
    const all = await taken()
    for (const stream of streams) {
      const ofStream = all.filter((fact) => fact.startsWith(stream))
      expect(ofStream).toEqual(numbered(stream, 1, 20))
    }
  })
})
