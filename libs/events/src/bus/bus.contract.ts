import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { describeWithRedis } from '@courtside/redis/testing'
import { type Engine, memoryEngine, postgresEngine, redisEngine } from './fixtures/engines.ts'
import { fact, listenTo } from './fixtures/listening.ts'
import type { Bus } from './index.ts'

describe('a bus in memory', () => keepsTheContract(memoryEngine))
describe('a bus on Postgres', () => keepsTheContract(postgresEngine))
describeWithRedis('a bus on Redis', (redis) => keepsTheContract(async () => redisEngine(redis())))

function keepsTheContract(open: () => Promise<Engine>): void {
  let engine: Engine
  const joined: Bus[] = []

  beforeAll(async () => {
    engine = await open()
  })
  afterEach(async () => {
    await Promise.all(joined.splice(0).map((bus) => bus.close()))
  })
  afterAll(() => engine.stop())

  /** One more process, which is up. */
  async function join() {
    const bus = engine.join()
    joined.push(bus)
    const listening = listenTo(bus)
    await listening.until(() => bus.state.status === 'up')
    return { bus, listening }
  }

  test('carries a fact to another process as it is', async () => {
    const [writer, reader] = [await join(), await join()]
    await reader.listening.hear('game:1')
    writer.bus.publish([fact('game:1', 7)])
    await reader.listening.until(() => reader.listening.hints.length === 1)
    expect(reader.listening.hints).toEqual([fact('game:1', 7)])
  })

  test('tells the process that has written the same, and once', async () => {
    const { bus, listening } = await join()
    const other = await join()
    await Promise.all([listening.hear('game:1'), other.listening.hear('game:1')])
    const payload = { at: new Date(0), none: undefined }
    bus.publish([fact('game:1', 7, { payload })])
    bus.publish([fact('game:1', 8)])
    await Promise.all([listening, other.listening].map((one) => one.until(() => one.hints.length >= 2)))
    // A message of its own that came back would have come before this one of another.
    other.bus.publish([fact('game:1', 9)])
    await listening.until(() => listening.hints.at(-1)?.seq === 9)
    const asJson = { at: '1970-01-01T00:00:00.000Z' }
    expect(listening.hints).toEqual([
      fact('game:1', 7, { payload: asJson }),
      fact('game:1', 8),
      fact('game:1', 9),
    ])
    expect(other.listening.hints.slice(0, 2)).toEqual(listening.hints.slice(0, 2))
  })

  test('returns before anybody has listened', async () => {
    const { bus, listening } = await join()
    await listening.hear('game:1')
    bus.publish([fact('game:1', 1)])
    expect(listening.hints).toEqual([])
    await listening.until(() => listening.hints.length === 1)
  })

  test('carries only the place of a fact that is too large, or has no text', async () => {
    const [writer, reader] = [await join(), await join()]
    await reader.listening.hear('game:1')
    const knot: { self?: object } = {}
    knot.self = knot
    writer.bus.publish([
      fact('game:1', 1, { payload: 'é'.repeat(100_000) }),
      fact('game:1', 2, { payload: knot }),
      fact('game:1', 3, { payload: 1n }),
      { stream: 'game:1', epoch: 1, seq: 4 },
    ])
    await reader.listening.until(() => reader.listening.hints.length === 4)
    const bare = (seq: number) => ({ stream: 'game:1', epoch: 1, seq })
    expect(reader.listening.hints).toEqual([bare(1), bare(2), bare(3), bare(4)])
  })

  test('tells nobody of streams that they do not follow, or follow no more', async () => {
    const [writer, reader] = [await join(), await join()]
    await reader.listening.hear('game:1', 'game:2')
    reader.listening.unfollow('game:2')
    writer.bus.publish([fact('game:2', 1), fact('game:3', 1), fact('game:1', 1)])
    await reader.listening.until(() => reader.listening.hints.length > 0)
    expect(reader.listening.hints).toEqual([fact('game:1', 1)])
  })

  test('keeps telling those who stay when one leaves', async () => {
    const [writer, reader] = [await join(), await join()]
    const leaving = listenTo(reader.bus)
    await Promise.all([reader.listening.hear('game:1'), leaving.hear('game:1')])
    leaving.close()
    writer.bus.publish([fact('game:1', 1)])
    await reader.listening.until(() => reader.listening.hints.length === 1)
    expect(leaving.hints).toEqual([])
    expect(leaving.follow('game:1')).toBe(false)
  })

  test('tells the others when a listener fails', async () => {
    const [writer, reader] = [await join(), await join()]
    const failing = reader.bus.listen({
      onHint: () => {
        throw new Error('a fault of the listener')
      },
    })
    failing.follow('game:1')
    await reader.listening.hear('game:1')
    writer.bus.publish([fact('game:1', 1)])
    await reader.listening.until(() => reader.listening.hints.length === 1)
  })

  test('carries hints of ten thousand streams', async () => {
    const [writer, reader] = [await join(), await join()]
    const streams = Array.from({ length: 10_000 }, (_, index) => `game:${index}`)
    await reader.listening.hear(...streams)
    writer.bus.publish(streams.map((stream) => ({ stream, epoch: 1, seq: 1 })))
    await reader.listening.until(() => reader.listening.hints.length === streams.length)
    expect(new Set(reader.listening.hints.map(({ stream }) => stream))).toEqual(new Set(streams))
    streams.forEach((stream) => reader.listening.unfollow(stream))
  })

  test('ignores what strangers say', async () => {
    const [writer, reader] = [await join(), await join()]
    await reader.listening.hear('game:1')
    const lists = [
      '',
      '"text"',
      '{"stream":"game:1"}',
      '[null,[],["game:1"],["game:1",1,"2"],["game:1",1,0],["game:1",1,1.5],["",1,1],["game:1",-1,1]]',
      '[["game:1",1,1,"type",0,0,null]]',
      '[["game:1",1,1,7,0,0,null,{}]]',
      '[["game:1",1,1,"type",1e99,0,null,{}]]',
      '[["game:1",1,1,"type",0,0,"late",{}]]',
      `[["${'game:1'.repeat(40)}",1,1]]`,
      '[['.repeat(3_000),
    ]
    for (const list of lists) {
      await engine.say('game:1', list)
      await engine.say('game:1', `stranger ${list}`)
    }
    await engine.say('game:1', 'stranger [["game:1",1,41],"and",["game:1",1,42]]')
    writer.bus.publish([fact('game:1', 43)])
    await reader.listening.until(() => reader.listening.hints.length === 3)
    expect(reader.listening.hints.map(({ seq }) => seq)).toEqual([41, 42, 43])
  })

  test('says that it is down, keeps taking hints, and says when it is back that some were missed', async () => {
    const [writer, reader] = [await join(), await join()]
    await Promise.all([writer.listening.hear('game:1'), reader.listening.hear('game:1')])
    const missedBefore = reader.listening.missedAll
    await engine.takeAway()
    await Promise.all(
      [writer, reader].map(({ bus, listening }) => listening.until(() => bus.state.status === 'down')),
    )

    writer.bus.publish([fact('game:1', 1)])
    await writer.listening.until(() => writer.listening.hints.length === 1)
    expect(reader.listening.hints).toEqual([])

    await engine.giveBack()
    await Promise.all(
      [writer, reader].map(({ bus, listening }) => listening.until(() => bus.state.status === 'up')),
    )
    await reader.listening.until(() => reader.listening.missedAll > missedBefore)
    writer.bus.publish([fact('game:1', 2)])
    await reader.listening.until(() => reader.listening.hints.length === 1)
    expect(reader.listening.hints).toEqual([fact('game:1', 2)])
    expect(reader.listening.states.slice(-2)).toEqual(['down', 'up'])
  })

  test('is silent once it is closed', async () => {
    const [writer, reader] = [await join(), await join()]
    const witness = await join()
    await Promise.all([reader.listening.hear('game:1'), witness.listening.hear('game:1')])
    await reader.bus.close()
    await reader.bus.close()
    reader.bus.publish([fact('game:1', 1)])
    writer.bus.publish([fact('game:1', 2)])
    await witness.listening.until(() => witness.listening.hints.length > 0)
    expect(witness.listening.hints).toEqual([fact('game:1', 2)])
    expect(reader.listening.hints).toEqual([])
  })
}
