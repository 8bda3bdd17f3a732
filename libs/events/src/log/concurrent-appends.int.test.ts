import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type LogDatabaseFixture,
  type LogServer,
  startLogServer,
  type TestDatabase,
} from '../fixtures/log-database.ts'
import {
  bumpEpoch,
  createFactPages,
  createStreamLog,
  type FactPages,
  type FeedPosition,
  isVersionConflict,
  type StreamLog,
} from './index.ts'

let server: LogServer
let database: LogDatabaseFixture
let db: TestDatabase
let log: StreamLog

beforeAll(async () => {
  server = await startLogServer()
  database = await server.createDatabase()
  db = await database.open({ connections: 8 })
  log = createStreamLog({ db })
})
afterAll(() => server.stop())

const STREAMS = 3
const WRITERS = 8

/** What one writer does, one after the other. */
const command = fc.record({
  streams: fc.uniqueArray(fc.nat(STREAMS - 1), { minLength: 1, maxLength: STREAMS }),
  key: fc.nat(30),
  block: fc.integer({ min: 1, max: 3 }),
  expects: fc.option(fc.nat(20), { nil: undefined, freq: 3 }),
  rollsBack: fc.boolean(),
  twice: fc.boolean(),
})

class RolledBack extends Error {}

describe('eight writers on three streams', () => {
  test('leave each stream without a gap, each key once, and every retry the answer of before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(command, { minLength: 4, maxLength: 10 }), {
          minLength: WRITERS,
          maxLength: WRITERS,
        }),
        async (writers) => {
          const streams = Array.from({ length: STREAMS }, () => `game:${randomUUID()}`)
          const keys = Array.from({ length: 40 }, () => randomUUID())
          const answers = new Map<string, Set<number>>()
          const refusedUnfairly: string[] = []

          const run = async (one: (typeof writers)[number][number]) => {
            const facts = one.streams.flatMap((stream) =>
              Array.from({ length: one.block }, (_, index) => ({
                stream: streams[stream] ?? '',
                key: keys[one.key + index] ?? '',
                type: 'said',
                payload: { by: one.key + index },
                occurredAt: new Date(),
                ...(one.expects !== undefined && index === 0 && { expectedVersion: one.expects }),
              })),
            )
            try {
              const appended = await db.transaction(async (tx) => {
                const result = await log.appendAll(tx, facts)
                if (one.rollsBack) throw new RolledBack()
                return result
              })
              for (const [index, { fact, duplicate }] of appended.entries()) {
                const key = `${fact.stream} ${facts[index]?.key}`
                answers.set(key, (answers.get(key) ?? new Set()).add(fact.seq))
                const expected = facts[index]?.expectedVersion
                if (!duplicate && expected !== undefined && fact.seq !== expected + 1)
                  refusedUnfairly.push(key)
              }
            } catch (error) {
              if (!(error instanceof RolledBack) && !isVersionConflict(error)) throw error
            }
          }
          await Promise.all(
            writers.map(async (commands) => {
              for (const one of commands) {
                await run(one)
                if (one.twice) await run(one)
              }
            }),
          )

          const rows = await database.look<{ stream: string; seq: number; key: string; head: number }>(
            `SELECT stream, facts.seq::int, key, stream_heads.seq::int AS head
             FROM facts JOIN stream_heads USING (stream) WHERE stream = ANY ($1) ORDER BY stream, facts.seq`,
            [streams],
          )
          for (const stream of streams) {
            const ofStream = rows.filter((row) => row.stream === stream)
            expect(ofStream.map(({ seq }) => seq)).toEqual(ofStream.map((_, index) => index + 1))
            expect(new Set(ofStream.map(({ key }) => key)).size).toBe(ofStream.length)
            if (ofStream.length > 0) expect(ofStream[0]?.head).toBe(ofStream.length)
          }
          // Whoever was told a number was told the same as everybody else with that key, and it is in the log.
          const stored = new Map(rows.map((row) => [`${row.stream} ${row.key}`, new Set([row.seq])]))
          expect(answers).toEqual(stored)
          expect(refusedUnfairly).toEqual([])
        },
      ),
      { numRuns: 12 },
    )
  })

  test('commit in the order of the numbers, so that whoever sees a fact sees all before it', async () => {
    const stream = `game:${randomUUID()}`
    const pending = new Set<Promise<unknown>>()
    for (let writer = 0; writer < WRITERS; writer++) {
      const work = (async () => {
        for (let index = 0; index < 15; index++) {
          await db.transaction((tx) =>
            log.append(tx, {
              stream,
              key: randomUUID(),
              type: 'said',
              payload: writer,
              occurredAt: new Date(),
            }),
          )
        }
      })()
      pending.add(work)
      void work.finally(() => pending.delete(work))
    }
    let looks = 0
    while (pending.size > 0) {
      const seen = await log.readAfter(stream, 0, 1_000)
      expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1))
      looks += 1
    }
    expect(looks).toBeGreaterThan(3)
    expect((await log.heads([stream])).get(stream)?.seq).toBe(WRITERS * 15)
  })
})

async function endOf(pages: FactPages): Promise<FeedPosition> {
  let position = { txId: 0n, id: 0n }
  for (;;) {
    const { facts } = await pages.page(position, 1_000)
    const last = facts.at(-1)
    if (last === undefined) return position
    position = last.position
  }
}

describe('all streams in feed order', () => {
  test('are read without a fact missed, doubled or out of its stream’s order, beside transactions of any length', async () => {
    const pages = createFactPages(db)
    const streams = Array.from({ length: STREAMS }, () => `game:${randomUUID()}`)
    const newFact = (index: number) => ({
      stream: streams[index % STREAMS] ?? '',
      key: randomUUID(),
      type: 'said',
      payload: null,
      occurredAt: new Date(),
    })
    let position = await endOf(pages)
    const seen: string[] = []
    const readPage = async () => {
      const { facts } = await pages.page(position, 7)
      for (const one of facts) {
        if (streams.includes(one.fact.stream)) seen.push(`${one.fact.stream} ${one.fact.seq}`)
        position = one.position
      }
      return facts.length
    }
    let last = Promise.resolve(0)
    const look = () => (last = last.then(readPage))
    await Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let index = 0; index < 12; index++) {
          await db.transaction(async (tx) => {
            // Its number is older than its facts: another may append and commit in between.
            if (writer % 2 === 0) await tx.$queryRaw`SELECT pg_current_xact_id()::text`
            if (writer % 2 === 0) await look()
            await log.append(tx, newFact(writer + index))
          })
          if (writer === 1) await look()
        }
      }),
    )
    while ((await look()) > 0);

    const expected = (
      await Promise.all(streams.map(async (stream) => (await log.heads([stream])).get(stream)?.seq ?? 0))
    ).flatMap((most, at) => Array.from({ length: most }, (_, index) => `${streams[at]} ${index + 1}`))
    expect(expected).toHaveLength(72)
    // By stream, in the order seen: exactly 1, 2, 3 …
    expect(streams.flatMap((stream) => seen.filter((one) => one.startsWith(stream)))).toEqual(expected)
  })

  test('keep a stream’s order although its second writer got its number first', async () => {
    const pages = createFactPages(db)
    const stream = `game:${randomUUID()}`
    const start = await endOf(pages)
    const said = () => ({ stream, key: randomUUID(), type: 'said', payload: null, occurredAt: new Date() })
    await db.transaction(async (older) => {
      await older.$queryRaw`SELECT pg_current_xact_id()::text`
      await db.transaction((younger) => log.append(younger, said()))
      // The one that commits later must still be seen: nothing is shown above it before.
      const { facts } = await pages.page(start, 10)
      expect(facts).toEqual([])
      await log.append(older, said())
    })
    const { facts } = await pages.page(start, 10)
    expect(facts.map(({ fact }) => fact.seq)).toEqual([1, 2])
  })

  test('are found again when a dump came to a server that has counted fewer transactions', async () => {
    const restored = await server.createDatabase()
    const [db, owner] = [await restored.open(), await restored.open({ role: 'owner', connections: 1 })]
    const [log, pages] = [createStreamLog({ db }), createFactPages(db)]
    const said = (stream: string) => ({
      stream,
      key: randomUUID(),
      type: 'said',
      payload: null,
      occurredAt: new Date(),
    })
    const read = async () =>
      (await pages.page({ txId: 0n, id: 0n }, 10)).facts.map(({ fact }) => `${fact.stream} ${fact.seq}`)
    await db.transaction((tx) => log.appendAll(tx, [said('game:1'), said('game:1')]))
    await restored.look(`UPDATE facts SET tx_id = '9000000000'; UPDATE stream_heads SET tx_id = '9000000000'`)
    expect(await read()).toEqual([])

    expect(await owner.read(bumpEpoch)).toBe(2)
    await db.transaction((tx) => log.appendAll(tx, [said('game:1'), said('game:2')]))
    expect(await read()).toEqual(['game:1 1', 'game:1 2', 'game:1 3', 'game:2 1'])
    // Also a stream that is new since then.
    const heads = await log.heads(['game:1', 'game:2'])
    expect([...heads.values()].map(({ epoch }) => epoch)).toEqual([2, 2])
  })
})
