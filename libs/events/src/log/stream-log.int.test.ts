import { randomUUID } from 'node:crypto'
import { withConnection } from '@courtside/database/migrate'
import { type Logger, silentLogger } from '@courtside/logger'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Fact } from '../fact.ts'
import {
  type LogDatabaseFixture,
  type LogServer,
  startLogServer,
  type TestDatabase,
} from '../fixtures/log-database.ts'
import { createStreamLog, type NewFact, type StreamLog, withAfterCommit } from './index.ts'

let server: LogServer
let database: LogDatabaseFixture
let db: TestDatabase
let log: StreamLog
const announced: Fact[] = []
const sent: string[] = []
let now = new Date()

beforeAll(async () => {
  server = await startLogServer()
  database = await server.createDatabase()
  const watched = await database.open({ watch: (sql) => (sent.push(sql), null) })
  db = withAfterCommit(watched, silentLogger)
  log = createStreamLog({ db, announce: (facts) => announced.push(...facts), clock: { now: () => now } })
})
afterAll(() => server.stop())

const newStream = (kind = 'game') => `${kind}:${randomUUID()}`
const fact = (stream: string, more: Partial<NewFact> = {}): NewFact => ({
  stream,
  key: randomUUID(),
  type: 'rally-won',
  payload: { by: 'home' },
  occurredAt: new Date('2026-11-20T12:00:00.500Z'),
  ...more,
})
const append = (one: NewFact) => db.transaction((tx) => log.append(tx, one))
const appendAll = (many: NewFact[]) => db.transaction((tx) => log.appendAll(tx, many))
/** With what was sent to Postgres for it, but for what begins and ends transactions. */
async function withStatements<Result>(work: () => Promise<Result>) {
  sent.length = 0
  const result = await work()
  return { result, statements: sent.filter((sql) => !/^(BEGIN|COMMIT|ROLLBACK)\b/.test(sql)) }
}
const numbersOf = async (stream: string) => (await log.readAfter(stream, 0, 100)).map(({ seq }) => seq)

describe('a fact', () => {
  test('is read back as it was appended, in one round trip', async () => {
    const stream = newStream()
    const actor = { kind: 'user', userId: randomUUID(), apiKeyId: null, service: null }
    const given = fact(stream, {
      payload: { a: [1, null, 'ä\\u0000'] },
      mediaTimeMs: 61_000,
      actor,
      requestId: 'r1',
    })
    const { result, statements } = await withStatements(() => append(given))
    expect(statements).toHaveLength(1)
    expect(result).toEqual({
      duplicate: false,
      fact: {
        stream,
        seq: 1,
        epoch: 1,
        type: 'rally-won',
        payload: { a: [1, null, 'ä\\u0000'] },
        occurredAt: given.occurredAt,
        recordedAt: expect.any(Date),
        mediaTimeMs: 61_000,
      },
    })
    expect(await log.readAfter(stream, 0, 10)).toEqual([result.fact])
    expect(await log.readAfter(stream, 1, 10)).toEqual([])
    const [row] = await database.look('SELECT * FROM facts WHERE stream = $1', [stream])
    expect(row).toMatchObject({
      actor_kind: 'user',
      actor_user_id: actor.userId,
      request_id: 'r1',
      trace_id: null,
    })
  })

  test('sent again is the fact of then, whatever version is expected, and is not announced again', async () => {
    const stream = newStream()
    const given = fact(stream, { expectedVersion: 0 })
    const { fact: first } = await append(given)
    await append(fact(stream))
    announced.length = 0
    expect(await append({ ...given, key: given.key.toUpperCase() })).toEqual({ fact: first, duplicate: true })
    expect(announced).toEqual([])
    expect(await numbersOf(stream)).toEqual([1, 2])
  })

  test('of one stream may have the key of another stream’s', async () => {
    const key = randomUUID()
    const [one, other] = [await append(fact(newStream(), { key })), await append(fact(newStream(), { key }))]
    expect([one.duplicate, other.duplicate]).toEqual([false, false])
  })

  test('that was rolled back leaves no gap, no head and no hint', async () => {
    const stream = newStream()
    announced.length = 0
    const undone = db.transaction(async (tx) => {
      await log.append(tx, fact(stream))
      throw new Error('changed my mind')
    })
    await expect(undone).rejects.toThrow('changed my mind')
    expect(announced).toEqual([])
    expect(await log.heads([stream])).toEqual(new Map())
    const { fact: next } = await append(fact(stream))
    expect(next.seq).toBe(1)
    expect(announced).toEqual([next])
  })

  test.each<[string, Partial<NewFact>]>([
    ['a key that is none', { key: 'again' }],
    ['a time that is none', { occurredAt: new Date(NaN) }],
    ['a time that Postgres does not know', { occurredAt: new Date(8.64e15) }],
    ['a text with NUL', { payload: { text: 'a\u0000b' } }],
    ['a text with half a letter', { payload: { text: 'a\ud800' } }],
    ['64 KB and one', { payload: 'x'.repeat(64 * 1024 - 1) }],
    ['a position before the video', { mediaTimeMs: -1 }],
    ['a version that is none', { expectedVersion: 0.5 }],
  ])('with %s is refused in words', async (_, wrong) => {
    await expect(append(fact(newStream(), wrong))).rejects.toMatchObject({ kind: 'invalid' })
  })

  test('of exactly 64 KB is taken', async () => {
    const { fact: kept } = await append(fact(newStream(), { payload: 'x'.repeat(64 * 1024 - 2) }))
    expect(kept.payload).toHaveLength(64 * 1024 - 2)
  })
})

describe('an expected version', () => {
  test('that has passed is a conflict that says what is there, and the transaction may go on', async () => {
    const [stream, other] = [newStream(), newStream()]
    await append(fact(stream))
    await db.transaction(async (tx) => {
      const late = log.appendAll(tx, [fact(other), fact(stream, { expectedVersion: 0 })])
      await expect(late).rejects.toMatchObject({
        kind: 'conflict',
        code: 'VERSION_CONFLICT',
        details: { stream, expectedVersion: 0, version: 1 },
      })
      await log.append(tx, fact(stream, { expectedVersion: 1 }))
    })
    expect(await numbersOf(stream)).toEqual([1, 2])
    // Nothing of the call that conflicted.
    expect(await log.heads([other])).toEqual(new Map())
  })

  test('has one winner, however many try', async () => {
    const stream = newStream()
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => append(fact(stream, { expectedVersion: 0 }))),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of tries) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'VERSION_CONFLICT' })
    }
  })
})

describe('a block', () => {
  test('is appended in its order, to several streams, with keys that repeat', async () => {
    const [one, other] = [newStream(), newStream()]
    const known = fact(one)
    await append(known)
    const twice = fact(other)
    const { result, statements } = await withStatements(() =>
      appendAll([
        twice,
        fact(one, { expectedVersion: 1 }),
        known,
        twice,
        fact(one, { expectedVersion: 1 }),
        fact(other, { expectedVersion: 0 }),
      ]),
    )
    expect(statements).toHaveLength(1)
    const told = result.map(({ fact: { stream, seq }, duplicate }) => [stream, seq, duplicate])
    expect(told).toEqual([
      [other, 1, false],
      [one, 2, false],
      [one, 1, true],
      [other, 1, true],
      [one, 3, false],
      [other, 2, false],
    ])
  })

  test('of nothing asks nothing', async () => {
    expect((await withStatements(() => appendAll([]))).statements).toEqual([])
  })
})

describe('the heads', () => {
  test('of many streams come with one statement, without those that have none', async () => {
    const [one, other] = [newStream(), newStream()]
    await appendAll([fact(one), fact(one), fact(other)])
    const { result, statements } = await withStatements(() => log.heads([one, other, newStream()]))
    expect(statements).toHaveLength(1)
    expect([...result].sort()).toEqual(
      [
        [one, { epoch: 1, seq: 2, floor: 0 }] as const,
        [other, { epoch: 1, seq: 1, floor: 0 }] as const,
      ].sort(),
    )
  })
})

describe('retention', () => {
  const dayMs = 24 * 60 * 60 * 1000

  test('removes what is old of its kind, says so in the floor, and numbers go on', async () => {
    const [chat, game, young] = [newStream('chat'), newStream(), newStream('chat')]
    const old = await appendAll(Array.from({ length: 500 }, () => fact(chat)))
    await append(fact(game))
    const since = old.at(-1)?.fact.recordedAt.getTime() ?? 0
    await database.look(
      `UPDATE facts SET recorded_at = recorded_at - interval '1 day' WHERE stream IN ($1, $2)`,
      [chat, game],
    )
    await appendAll([fact(chat), fact(young)])

    now = new Date(since)
    expect(await log.retain({ kind: 'chat', keepMs: dayMs / 2 })).toBe(500)
    expect(await log.heads([chat, game, young])).toEqual(
      new Map([
        [chat, { epoch: 1, seq: 501, floor: 500 }],
        [game, { epoch: 1, seq: 1, floor: 0 }],
        [young, { epoch: 1, seq: 1, floor: 0 }],
      ]),
    )
    expect(await numbersOf(chat)).toEqual([501])
    expect((await append(fact(chat))).fact.seq).toBe(502)
    expect(await log.retain({ kind: 'chat', keepMs: dayMs / 2 })).toBe(0)
  })

  test('removes a stream whole and keeps its head', async () => {
    const stream = newStream('job')
    await append(fact(stream))
    now = new Date(Date.now() + dayMs)
    expect(await log.retain({ kind: 'job', keepMs: 1_000 })).toBe(1)
    expect((await append(fact(stream))).fact.seq).toBe(2)
  })
})

describe('the subgraph’s process', () => {
  test.each([
    "INSERT INTO stream_heads (stream, epoch, tx_id) VALUES ('game:1', 1, '1')",
    'UPDATE stream_heads SET seq = 0',
    'DELETE FROM stream_heads',
    "UPDATE facts SET payload = '{}'",
    'DELETE FROM facts',
    'TRUNCATE facts',
    "INSERT INTO facts (stream, seq, key, type, payload, payload_version, occurred_at, recorded_at, tx_id) VALUES ('game:1', 1, gen_random_uuid(), 't', '{}', 1, now(), now(), '1')",
    'UPDATE stream_log SET epoch = 7',
    `SELECT nextval('facts_id_seq')`,
    'SELECT bump_stream_epoch()',
  ])('may not: %s', async (sql) => {
    const work = withConnection(database.appUrl, (app) => app.query(sql))
    await expect(work).rejects.toMatchObject({ code: '42501' })
  })
})

describe('a hint', () => {
  test('is for commits only, and what becomes of it is not the writer’s concern', async () => {
    const said: object[] = []
    const listed: Logger = { ...silentLogger, error: (fields) => said.push(fields) }
    const failing = withAfterCommit(await database.open({ connections: 1 }), listed)
    const announcing = createStreamLog({
      db: failing,
      announce: () => {
        throw new Error('the bus is gone')
      },
    })
    const { fact: kept } = await failing.transaction((tx) => announcing.append(tx, fact(newStream())))
    expect(await log.readAfter(kept.stream, 0, 1)).toEqual([kept])
    expect(said).toMatchObject([{ err: { message: 'the bus is gone' } }])
  })

  test('is sent once for a transaction that Postgres had repeated, also on behalf of somebody', async () => {
    const stream = newStream()
    announced.length = 0
    let attempts = 0
    const { fact: kept } = await db.as({ userId: randomUUID() }, async (tx) => {
      const appended = await log.append(tx, fact(stream))
      if (++attempts === 1) await tx.$executeRaw`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`
      return appended
    })
    expect(attempts).toBe(2)
    expect(announced).toEqual([kept])
    expect(await numbersOf(stream)).toEqual([1])
  })

  test('that nobody would send is noticed at once', async () => {
    const silent = await database.open({ connections: 1 })
    const work = silent.transaction((tx) => log.append(tx, fact(newStream())))
    await expect(work).rejects.toThrow('Open the database withAfterCommit()')
  })
})
