import { DomainError } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import { describe, expect, test } from '@jest/globals'
import { createMemoryNetwork } from '../bus/index.ts'
import { createCursorCodec } from '../cursor/index.ts'
import { createModelLog } from '../hub/fixtures/model-log.ts'
import { createVirtualTime } from '../hub/fixtures/virtual-time.ts'
import { createStreamHub } from '../hub/index.ts'
import { createStreamReader, mapItems, type ReadOptions, type StreamItem } from './index.ts'

const STREAM = 'game:1'
const cursors = createCursorCodec({ keys: [{ id: 1, secret: Buffer.alloc(32, 7) }] })
const missing = () => new DomainError({ kind: 'not-found', code: 'NO_GAME', message: 'There is none.' })

/** What a snapshot holds is the number of facts at that time. */
type Asked = Partial<ReadOptions<number>>

async function setUp(facts: number) {
  const time = createVirtualTime()
  const network = createMemoryNetwork({ timers: time })
  const log = createModelLog(time)
  const writer = network.join()
  const hub = createStreamHub({ reader: log, bus: network.join(), log: silentLogger, timers: time })
  const reader = createStreamReader({ hub, cursors })
  const append = async (count: number) => {
    writer.publish(Array.from({ length: count }, () => log.append(STREAM)))
    await time.advance(0)
  }
  await append(facts)
  const snapshot = async () => {
    const head = log.head(STREAM) ?? null
    return { value: head?.seq ?? 0, head }
  }
  const read = async (options: Asked = {}) => {
    const items = await reader.read({ stream: STREAM, after: null, snapshot, missing, ...options })
    await time.settle()
    return items
  }
  /** The next ones, as short words. */
  const take = async (items: AsyncIterator<StreamItem<number>, undefined>, count: number) => {
    const told: string[] = []
    while (told.length < count) {
      const next = items.next()
      await time.settle()
      const { done, value } = await next
      if (done) return [...told, 'end']
      told.push(wordOf(value))
    }
    return told
  }
  return { time, log, hub, append, read, take, snapshot }
}

function wordOf(item: StreamItem<number>): string {
  const decoded = cursors.decode(item.cursor, STREAM)
  expect(decoded).toEqual({ outcome: 'place', place: item.place })
  if (item.kind === 'fact') return String(item.place.seq)
  return `snapshot ${item.value}${item.gap ? ` for ${item.gap.reason}` : ''}`
}

const after = (seq: number, epoch = 1) => cursors.encode({ stream: STREAM, epoch, seq })

describe('reading a stream for a subscription', () => {
  test('begins with a snapshot and goes on with what it does not hold', async () => {
    const { read, take, append } = await setUp(3)
    const items = await read()
    await append(2)
    expect(await take(items, 3)).toEqual(['snapshot 3', '4', '5'])
  })

  test('goes on after a cursor', async () => {
    const { read, take, append } = await setUp(3)
    const items = await read({ after: after(1) })
    await append(1)
    expect(await take(items, 3)).toEqual(['2', '3', '4'])
  })

  test('takes a snapshot in place of what is no longer there', async () => {
    const { read, take, log, append } = await setUp(5)
    log.remove(STREAM, 3)
    expect(await take(await read({ after: after(2) }), 1)).toEqual(['snapshot 5 for RETENTION'])
    expect(await take(await read({ after: after(3) }), 2)).toEqual(['4', '5'])
    expect(await take(await read({ after: after(9) }), 1)).toEqual(['snapshot 5 for RESTORED'])
    log.loseLast(STREAM, 2)
    await append(4)
    const items = await read({ after: after(5) })
    expect(await take(items, 1)).toEqual(['snapshot 7 for RESTORED'])
    await append(1)
    expect(await take(items, 1)).toEqual(['8'])
  })

  test('takes a snapshot when the log goes back while it reads, and goes on after that', async () => {
    const { read, take, log, append, time } = await setUp(5)
    const items = await read()
    expect(await take(items, 1)).toEqual(['snapshot 5'])
    const next = take(items, 2)
    log.loseLast(STREAM, 2)
    await time.advance(5_000)
    await append(1)
    expect(await next).toEqual(['snapshot 3 for RESTORED', '4'])
  })

  test('takes a snapshot when facts are removed before it has come to them', async () => {
    const { read, take, log, append } = await setUp(1_000)
    const items = await read({ after: after(1) })
    expect(await take(items, 1)).toEqual(['2'])
    log.remove(STREAM, 990)
    await append(1)
    let [word] = await take(items, 1)
    // What waited for it already comes first.
    for (let next = 3; word === String(next); next++) [word] = await take(items, 1)
    expect(word).toBe('snapshot 1001 for RETENTION')
    await append(1)
    expect(await take(items, 1)).toEqual(['1002'])
  })

  test('ends after the last fact, and at once for whoever has that already', async () => {
    const { read, take, snapshot } = await setUp(3)
    const isLast = ({ seq }: { seq: number }) => seq === 3
    expect(await take(await read({ after: after(1), isLast }), 3)).toEqual(['2', '3', 'end'])
    const gone = async () => ({ ...(await snapshot()), value: null })
    expect(await take(await read({ after: after(3), snapshot: gone }), 1)).toEqual(['end'])
    expect(await take(await read({ after: after(1), snapshot: gone, isLast }), 3)).toEqual(['2', '3', 'end'])
  })

  test('is refused where there is nothing to begin with', async () => {
    const { read, log, snapshot } = await setUp(3)
    const gone = async () => ({ ...(await snapshot()), value: null })
    await expect(read({ snapshot: gone })).rejects.toMatchObject({ code: 'NO_GAME' })
    log.remove(STREAM, 2)
    await expect(read({ after: after(1), snapshot: gone })).rejects.toMatchObject({ code: 'NO_GAME' })
  })

  test('is refused with a cursor that is none, or of another stream', async () => {
    const { read } = await setUp(3)
    await expect(read({ after: 'none' })).rejects.toMatchObject({ kind: 'invalid', code: 'CURSOR_INVALID' })
    const foreign = cursors.encode({ stream: 'game:2', epoch: 1, seq: 1 })
    await expect(read({ after: foreign })).rejects.toMatchObject({ kind: 'invalid', code: 'CURSOR_FOREIGN' })
  })

  test('is interrupted, and not over, when its hub drains', async () => {
    const { read, take, hub } = await setUp(1)
    const items = await read()
    expect(await take(items, 1)).toEqual(['snapshot 1'])
    const next = items.next()
    hub.drain()
    await expect(next).rejects.toMatchObject({ kind: 'unavailable', code: 'STREAM_INTERRUPTED' })
  })

  test.each([
    ['before it has begun', 0],
    ['while it waits', 1],
  ])('stops following when it is left %s', async (_when, taken) => {
    const { read, take, hub, time } = await setUp(1)
    const items = await read()
    await take(items, taken)
    const waiting = taken > 0 ? items.next() : null
    await time.settle()
    await items.return?.()
    if (waiting) expect(await waiting).toMatchObject({ done: true })
    expect(await items.next()).toMatchObject({ done: true })
    expect(hub.figures().subscribers).toBe(0)
  })

  test('follows nothing when it is left while more was asked for than there is', async () => {
    const { read, hub } = await setUp(1)
    const items = await read()
    const asked = [items.next(), items.next()]
    await items.return?.()
    expect(await Promise.all(asked)).toMatchObject([{ done: false }, { done: true }])
    expect(hub.figures().subscribers).toBe(0)
  })

  test('is told in other words, and left through them', async () => {
    const { read, hub, append } = await setUp(1)
    const words = mapItems(await read(), wordOf)
    expect(await words.next()).toEqual({ done: false, value: 'snapshot 1' })
    await append(1)
    expect(await words.next()).toEqual({ done: false, value: '2' })
    expect(hub.figures().subscribers).toBe(1)
    await words.return?.()
    expect(hub.figures().subscribers).toBe(0)
  })
})
