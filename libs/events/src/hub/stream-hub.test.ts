import { describe, expect, test } from '@jest/globals'
import { type Logger, silentLogger } from '@courtside/logger'
import { createMemoryNetwork } from '../bus/index.ts'
import { createModelLog } from './fixtures/model-log.ts'
import { readStream } from './fixtures/reader.ts'
import { createVirtualTime } from './fixtures/virtual-time.ts'
import { createStreamHub } from './index.ts'

const GAME = 'game:1'

async function setUp({ facts = 0, log: logger = silentLogger }: { facts?: number; log?: Logger } = {}) {
  const time = createVirtualTime()
  let journey: readonly number[] = [0]
  const network = createMemoryNetwork({ timers: time, journey: () => journey })
  const log = createModelLog(time)
  for (let count = 0; count < facts; count += 1) log.append(GAME)
  const writer = network.join()
  const hub = createStreamHub({ reader: log, bus: network.join(), log: logger, timers: time })
  await time.settle()
  await time.advance(0)
  return {
    time,
    network,
    log,
    hub,
    /** Appends a fact, whose hint arrives after so many milliseconds each time, or never. */
    append(...delays: number[]) {
      journey = delays
      writer.publish([log.append(GAME)])
    },
    read: (from: Parameters<typeof readStream>[2], stream = GAME) => readStream(hub, stream, from),
  }
}

describe('a reader', () => {
  test('that comes for what is new gets what comes after it', async () => {
    const { time, append, read, log } = await setUp({ facts: 3 })
    const reader = read('live')
    await time.settle()
    append(0)
    await time.advance(0)
    expect(reader.seqs()).toEqual([4])
    expect(reader.subscription.position).toEqual({ epoch: 1, seq: 4 })
    expect(log.pages).toEqual([])
  })

  test('is not told anything before it has its subscription', async () => {
    const { hub, time, log } = await setUp({ facts: 3 })
    readStream(hub, GAME, 'start')
    await time.settle()
    let calls = 0
    const listener = () => {
      calls += 1
      return undefined
    }
    hub.subscribe(GAME, { epoch: 1, seq: 1 }, listener)
    expect(calls).toBe(0)
    await time.settle()
    expect(calls).toBe(1)
    expect(log.pages).toHaveLength(1)
  })

  test('gets everything that is kept from the start, then what is new, without a seam', async () => {
    const { time, append, read } = await setUp({ facts: 1_203 })
    const reader = read('start')
    append(0)
    await time.advance(20)
    append(0)
    await time.advance(0)
    expect(reader.seqs()).toEqual(Array.from({ length: 1_205 }, (_, index) => index + 1))
  })

  test('that is ahead of this process is not told that it is wrong, nor twice what it has', async () => {
    const { time, log, append, read } = await setUp({ facts: 3 })
    read('live')
    await time.settle()
    // Their hints are lost; another hub has had them.
    append()
    append()
    const reader = read({ epoch: 1, seq: 5 })
    await time.advance(30)
    append(0)
    await time.advance(0)
    expect(reader.events.map(({ kind }) => kind)).toEqual(['facts'])
    expect(reader.seqs()).toEqual([6])
    expect(log.pages).toEqual(['game:1 3'])
  })

  test('of another epoch, or ahead of the log, begins anew at the head', async () => {
    const { time, append, read } = await setUp({ facts: 3 })
    const [foreign, ahead, fresh] = [
      read({ epoch: 9, seq: 2 }),
      read({ epoch: 1, seq: 4 }),
      read({ epoch: 9, seq: 0 }),
    ]
    await time.settle()
    append(0)
    await time.advance(0)
    for (const reader of [foreign, ahead]) {
      expect(reader.events[0]).toEqual({ kind: 'reset', head: { epoch: 1, seq: 3 } })
      expect(reader.seqs()).toEqual([4])
    }
    expect(fresh.seqs()).toEqual([1, 2, 3, 4])
  })

  test('is told of facts that are no longer kept, and gets the rest', async () => {
    const { time, log, read } = await setUp({ facts: 10 })
    log.remove(GAME, 6)
    const [behind, after] = [read({ epoch: 1, seq: 2 }), read({ epoch: 1, seq: 6 })]
    await time.settle()
    expect(behind.events[0]).toEqual({ kind: 'gap', after: 2, through: 6 })
    expect(behind.seqs()).toEqual([7, 8, 9, 10])
    expect(after.events.map(({ kind }) => kind)).toEqual(['facts'])
  })

  test('is told of them also when nothing is left', async () => {
    const { time, log, append, read } = await setUp({ facts: 3 })
    const reader = read('live')
    await time.settle()
    append()
    log.remove(GAME, 4)
    await time.advance(1_000)
    expect(reader.events).toEqual([{ kind: 'gap', after: 3, through: 4 }])
    append(0)
    await time.advance(0)
    expect(reader.seqs()).toEqual([5])
  })

  test('is told of them also when they go just before it reads them', async () => {
    const { time, log, read } = await setUp({ facts: 3 })
    const other = read('live')
    await time.settle()
    // The hub knows of three facts, and of none that is gone.
    log.remove(GAME, 3)
    const reader = read({ epoch: 1, seq: 1 })
    await time.advance(2_000)
    expect(reader.events).toEqual([{ kind: 'gap', after: 1, through: 3 }])
    expect(other.events).toEqual([])
  })

  test('of a stream without facts gets the first one', async () => {
    const { time, append, read } = await setUp()
    const readers = [read('live'), read('start'), read({ epoch: 1, seq: 0 })]
    await time.settle()
    append(0)
    await time.advance(0)
    for (const reader of readers) expect(reader.seqs()).toEqual([1])
  })

  test('that says it is full is told no more until it resumes, however much comes', async () => {
    const { time, append, read, hub } = await setUp({ facts: 1 })
    const [slow, quick] = [read('live'), read('live')]
    await time.settle()
    slow.isSlow = true
    for (let count = 0; count < 600; count += 1) append(0)
    await time.advance(0)
    expect(slow.seqs()).toEqual([2])
    expect(slow.subscription.phase).toBe('parked')
    expect(hub.figures()).toMatchObject({ streams: 1, subscribers: 2, parked: 1 })
    expect(quick.seqs()).toHaveLength(600)
    slow.isSlow = false
    slow.subscription.resume()
    await time.settle()
    expect(slow.seqs()).toEqual(quick.seqs())
    expect(slow.subscription.phase).toBe('live')
  })

  test('that leaves is told no more', async () => {
    const { time, append, read } = await setUp({ facts: 1 })
    const [leaving, staying] = [read('live'), read('live')]
    await time.settle()
    leaving.subscription.unsubscribe()
    append(0)
    await time.advance(0)
    expect([leaving.seqs(), staying.seqs()]).toEqual([[], [2]])
  })

  test('that throws is told no more, and costs the others nothing', async () => {
    const said: string[] = []
    const log: Logger = { ...silentLogger, error: (_fields, message) => void said.push(message) }
    const { time, append, read, hub } = await setUp({ facts: 1, log })
    hub.subscribe(GAME, 'live', () => {
      throw new Error('a fault of the listener')
    })
    const other = read('live')
    await time.settle()
    append(0)
    append(0)
    await time.advance(0)
    expect(other.seqs()).toEqual([2, 3])
    expect(hub.figures()).toMatchObject({ subscribers: 1, listenerFailures: 1 })
    expect(said).toEqual(['A listener of a stream failed, and is told no more'])
  })
})

describe('a hub', () => {
  test('waits a little for a fact that was overtaken, and reads nothing', async () => {
    const { time, append, read, log, hub } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    append(14)
    append(0)
    append(0, 0)
    await time.advance(13)
    expect(reader.seqs()).toEqual([])
    await time.advance(1)
    expect(reader.seqs()).toEqual([2, 3, 4])
    expect(log.pages).toEqual([])
    expect(hub.figures()).toMatchObject({ gapsRead: 0, facts: 3 })
    await time.advance(100)
    expect(log.pages).toEqual([])
  })

  test('drops what it has', async () => {
    const { time, append, read, log, hub } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    append(0, 5, 10)
    await time.advance(50)
    expect(reader.seqs()).toEqual([2])
    expect(log.pages).toEqual([])
    expect(hub.figures()).toMatchObject({ facts: 1, duplicates: 2 })
  })

  test('reads a fact that does not come after 15 ms', async () => {
    const { time, append, read, log, hub } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    append()
    append(0)
    await time.advance(14)
    expect(reader.seqs()).toEqual([])
    await time.advance(1)
    expect(reader.seqs()).toEqual([2, 3])
    expect(log.pages).toEqual(['game:1 1'])
    expect(hub.figures()).toMatchObject({ gapsRead: 1, foundBySweep: 0 })
  })

  test('reads what a bare hint tells of at once', async () => {
    const { time, network, log, read } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    const { stream, epoch, seq } = log.append(GAME)
    network.join().publish([{ stream, epoch, seq }])
    await time.advance(0)
    expect(reader.seqs()).toEqual([2])
  })

  test.each([
    ['up', 1_000],
    ['down', 250],
  ])('finds what no hint told of by itself, within its sweep while the bus is %s', async (bus, sweepMs) => {
    const { time, network, append, read, hub } = await setUp({ facts: 1 })
    const reader = read('live')
    if (bus === 'down') network.cut()
    await time.advance(sweepMs)
    append()
    await time.advance(sweepMs - 1)
    expect(reader.seqs()).toEqual([])
    await time.advance(16)
    expect(reader.seqs()).toEqual([2])
    expect(hub.figures()).toMatchObject({ foundBySweep: 1 })
  })

  test('looks at once when the bus is back', async () => {
    const { time, network, append, read } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    network.cut()
    append(0)
    await time.advance(100)
    expect(reader.seqs()).toEqual([])
    network.mend()
    await time.advance(15)
    expect(reader.seqs()).toEqual([2])
  })

  test('asks for the heads of all streams in one statement', async () => {
    const { time, log, read } = await setUp()
    for (let count = 0; count < 1_000; count += 1) {
      log.append(`game:${count}`)
      read('live', `game:${count}`)
    }
    await time.settle()
    expect(log.headStatements).toBe(1)
    await time.advance(1_000)
    expect(log.headStatements).toBe(2)
  })

  test('reads a few pages for ten thousand who resume at once, wherever they left off', async () => {
    const { time, log, read } = await setUp({ facts: 2_000 })
    log.latencyMs = 5
    const readers = Array.from({ length: 10_000 }, (_, index) => read({ epoch: 1, seq: index % 2_000 }))
    await time.advance(100)
    expect(readers.filter((reader, index) => reader.seqs().length !== 2_000 - (index % 2_000))).toEqual([])
    // Four of 500, and the one that fills the ring.
    expect(new Set(log.pages).size).toBe(5)
    expect(log.pages.length).toBeLessThanOrEqual(12)
    expect(log.headStatements).toBeLessThanOrEqual(3)
  })

  test('serves those who are not far behind without reading', async () => {
    const { time, log, append, read } = await setUp({ facts: 1 })
    read('live')
    await time.settle()
    for (let count = 0; count < 300; count += 1) append(0)
    await time.advance(0)
    const [near, far] = [read({ epoch: 1, seq: 301 - 256 }), read({ epoch: 1, seq: 301 - 257 })]
    await time.settle()
    expect(near.seqs()).toHaveLength(256)
    expect(far.seqs()).toHaveLength(257)
    expect(log.pages).toEqual(['game:1 0'])
  })

  test('keeps its readers while the database is away, and then tells them everything', async () => {
    const said: string[] = []
    const logger: Logger = { ...silentLogger, warn: (_fields, message) => void said.push(message) }
    const { time, log, append, read, hub } = await setUp({ facts: 5, log: logger })
    const before = read('live')
    await time.settle()
    log.isFailing = true
    const during = [read({ epoch: 1, seq: 2 }), read('live', 'game:2')]
    append()
    append(0)
    await time.advance(10_000)
    expect([...before.events, ...during.flatMap(({ events }) => events)]).toEqual([])
    expect(said).toEqual(['A stream cannot be read from the log; trying again'])
    // Three questions, each asked nine times or so in ten seconds.
    expect(hub.figures().readFailures).toBeLessThan(30)
    log.isFailing = false
    await time.advance(2_100)
    expect(before.seqs()).toEqual([6, 7])
    expect(during[0]?.seqs()).toEqual([3, 4, 5, 6, 7])
    expect(during[1]?.subscription.phase).toBe('live')
  })

  test('tells everybody when the log has gone back, also those who are parked', async () => {
    const { time, log, append, read } = await setUp({ facts: 5 })
    const [reader, parked] = [read('live'), read({ epoch: 1, seq: 4 })]
    parked.isSlow = true
    await time.settle()
    append(0)
    await time.advance(0)
    log.loseLast(GAME, 3)
    await time.advance(1_000)
    append(0)
    await time.advance(0)
    expect(reader.events.slice(1)).toMatchObject([
      { kind: 'reset', head: { epoch: 2, seq: 3 } },
      { kind: 'facts', facts: [{ epoch: 2, seq: 4 }] },
    ])
    parked.isSlow = false
    parked.subscription.resume()
    await time.settle()
    expect(parked.events.slice(1)).toMatchObject([{ kind: 'reset', head: { epoch: 2 } }])
  })

  test('notices a log that is shorter than it was, and forgets what it was still reading of it', async () => {
    const { time, log, append, read } = await setUp({ facts: 5 })
    const reader = read('live')
    await time.advance(900)
    log.latencyMs = 500
    append()
    append(0)
    await time.advance(20)
    expect(log.pages).toEqual(['game:1 5'])
    log.latencyMs = 0
    log.loseLast(GAME, 3, 'forgotten')
    await time.advance(600)
    append(0)
    await time.advance(0)
    expect(reader.events).toMatchObject([
      { kind: 'reset', head: { epoch: 1, seq: 4 } },
      { kind: 'facts', facts: [{ seq: 5 }] },
    ])
  })

  test('believes no hint of what the log does not have', async () => {
    const { time, network, append, read, log } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    network.join().publish([{ stream: GAME, epoch: 1, seq: 400 }])
    await time.advance(50)
    expect(log.pages).toHaveLength(1)
    append(0)
    await time.advance(0)
    expect(reader.seqs()).toEqual([2])
    await time.advance(900)
    expect(log.pages).toHaveLength(1)
  })

  test('forgets a stream a minute after its last reader', async () => {
    const { time, read, hub, log } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    reader.subscription.unsubscribe()
    await time.advance(59_000)
    expect(hub.figures().streams).toBe(1)
    await time.advance(2_000)
    expect(hub.figures().streams).toBe(0)
    const asked = log.headStatements
    await time.advance(10_000)
    expect(log.headStatements).toBe(asked)
    read('live')
    await time.settle()
    expect(log.headStatements).toBe(asked + 1)
  })

  test('tells every reader when it drains, also those who come then, and asks nothing any more', async () => {
    const { time, read, hub, log, append } = await setUp({ facts: 1 })
    const reader = read('live')
    await time.settle()
    hub.drain()
    const late = read('live')
    await time.settle()
    append(0)
    await time.advance(5_000)
    for (const { events } of [reader, late]) expect(events).toEqual([{ kind: 'end', reason: 'draining' }])
    expect(log.headStatements).toBe(1)
  })
})
