import { describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { createMemoryNetwork } from '../bus/index.ts'
import type { Fact } from '../fact.ts'
import { createModelLog } from './fixtures/model-log.ts'
import { createVirtualTime } from './fixtures/virtual-time.ts'
import { createStreamHub, followStream, type Backpressure, type StartingPoint } from './index.ts'

const STREAM = 'game:1'

async function setUp(facts: number) {
  const time = createVirtualTime()
  const network = createMemoryNetwork({ timers: time })
  const log = createModelLog(time)
  const writer = network.join()
  const hub = createStreamHub({ reader: log, bus: network.join(), log: silentLogger, timers: time })
  const append = async (count: number) => {
    writer.publish(Array.from({ length: count }, () => log.append(STREAM)))
    await time.advance(0)
  }
  await append(facts)
  const follow = async (from: StartingPoint, backpressure?: Backpressure) => {
    const steps = followStream(hub, { stream: STREAM, from, ...(backpressure && { backpressure }) })
    await time.settle()
    return steps
  }
  return { time, log, hub, append, follow }
}

/** The numbers of the next facts. */
async function take(steps: AsyncIterator<unknown, undefined>, count: number): Promise<number[]> {
  const seqs: number[] = []
  while (seqs.length < count) {
    const { value } = await steps.next()
    expect(value).toMatchObject({ kind: 'fact' })
    seqs.push((value as { fact: Fact }).fact.seq)
  }
  return seqs
}

const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('a stream that is followed', () => {
  test('is read at the pace of its reader, with nothing lost', async () => {
    const { append, follow, hub } = await setUp(1_000)
    const steps = await follow('start', { policy: 'park', limit: 100 })
    expect(hub.figures().parked).toBe(1)
    expect(await take(steps, 10)).toEqual(upTo(10))
    await append(2_000)
    expect(await take(steps, 2_990)).toEqual(upTo(3_000, 11))
    const next = steps.next()
    await append(1)
    expect(await next).toMatchObject({ value: { kind: 'fact', fact: { seq: 3_001 } } })
    expect(hub.figures().parked).toBe(0)
  })

  test('keeps only the newest of each key, where that is all that counts', async () => {
    const { append, follow } = await setUp(1)
    const byRest = (fact: Fact) => `key ${fact.seq % 3}`
    const steps = await follow('live', { policy: 'conflate', keyOf: byRest })
    await append(1_000)
    expect(await take(steps, 3)).toEqual([999, 1_000, 1_001])
  })

  test('begins anew when more keys wait than its limit', async () => {
    const { append, follow } = await setUp(1)
    const steps = await follow('live', { policy: 'conflate', limit: 5, keyOf: ({ seq }) => String(seq) })
    await append(8)
    expect(await steps.next()).toMatchObject({ value: { kind: 'reset', head: { epoch: 1, seq: 7 } } })
    expect(await take(steps, 2)).toEqual([8, 9])
  })

  test('tells of what was removed and of a log that went back, in their place', async () => {
    const { time, log, follow } = await setUp(10)
    log.remove(STREAM, 4)
    const steps = await follow('start')
    log.loseLast(STREAM, 2)
    await time.advance(1_000)
    expect(await steps.next()).toMatchObject({ value: { kind: 'gap', after: 0, through: 4 } })
    expect(await take(steps, 6)).toEqual(upTo(10, 5))
    expect(await steps.next()).toMatchObject({ value: { kind: 'reset', head: { epoch: 2, seq: 8 } } })
  })

  test('ends when the hub drains, after what it had still to tell', async () => {
    const { follow, hub } = await setUp(2)
    const steps = await follow('start')
    hub.drain()
    const told: number[] = []
    for await (const step of steps) if (step.kind === 'fact') told.push(step.fact.seq)
    expect(told).toEqual([1, 2])
  })

  test('ends for a reader that waits when the hub drains', async () => {
    const { follow, hub } = await setUp(0)
    const steps = await follow('live')
    const waiting = [steps.next(), steps.next()]
    hub.drain()
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ])
  })

  test('is left when its reader leaves', async () => {
    const { follow, hub } = await setUp(3)
    for await (const step of await follow('start')) {
      expect(step.kind).toBe('fact')
      break
    }
    expect(hub.figures().subscribers).toBe(0)
  })

  test('fails for its reader when a key cannot be made', async () => {
    const { append, follow, hub } = await setUp(0)
    const fault = new Error('no key')
    const steps = await follow('live', {
      policy: 'conflate',
      keyOf: () => {
        throw fault
      },
    })
    const failed = expect(steps.next()).rejects.toBe(fault)
    await append(1)
    await failed
    expect(hub.figures().subscribers).toBe(0)
  })
})
