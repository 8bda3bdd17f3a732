import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { DomainError } from '@courtside/kernel'
import { EVENT_MARK } from '@courtside/subgraph'
import { HeardEvents } from './fixtures/heard-events.ts'
import { openSubscribedSubgraph, type SubscribedSubgraph } from './fixtures/subscribed-subgraph.ts'
import {
  httpTransport,
  inProcessTransport,
  type Listening,
  type SubgraphTransport,
  type TransportRequest,
} from './index.ts'

let subgraph: SubscribedSubgraph
let transport: SubgraphTransport
beforeEach(async () => {
  subgraph = await openSubscribedSubgraph()
})
afterEach(async () => {
  await transport.close?.()
  await subgraph.close()
})

function listen(request: TransportRequest): HeardEvents & { listening: Listening } {
  const heard = new HeardEvents()
  if (!transport.subscribe) throw new Error('It carries no subscriptions')
  return Object.assign(heard, { listening: transport.subscribe(request, heard) })
}

const change = (n: number, more: object = {}) => ({ changed: { n, ...more } })
const answered = (n: number) => ({ changed: { n, text: null, requestId: 'request-of-test' } })

describe.each<[string, () => SubgraphTransport]>([
  ['in this process', () => inProcessTransport(subgraph.subgraph)],
  ['over a socket', () => httpTransport(subgraph.url)],
])('a subscription to a subgraph %s', (_, open) => {
  beforeEach(() => {
    transport = open()
  })

  test('tells its events in order, with their marks and under its headers, and then its end', async () => {
    const heard = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    const place = { kind: 'place', cursor: 'c', epoch: 1, seq: 2, snapshot: true } as const
    const key = { kind: 'key', key: 'k' } as const
    source.push({ ...change(1), [EVENT_MARK]: place }, { ...change(2), [EVENT_MARK]: key }, change(3))
    source.end()
    expect(await heard.ended).toEqual({ how: 'completed' })
    expect(heard.data).toEqual([answered(1), answered(2), answered(3)])
    expect(heard.events.map(({ mark }) => mark)).toEqual([place, key, null])
  })

  test('is told nothing before it is begun', () => {
    const heard = listen(subgraph.changed('a', {}))
    expect(heard.ends).toEqual([])
  })

  test('tells the errors of an event, and goes on', async () => {
    const heard = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    source.push({ changed: new Error('secret') }, change(2))
    await heard.until(2)
    expect(heard.events[0]).toMatchObject({
      data: { changed: null },
      errors: [{ path: ['changed'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    })
    expect(heard.data[1]).toEqual(answered(2))
  })

  test.each([
    ['refused at once', { how: 'refused', code: 'BANNED' }],
    ['away at once', { how: 'failed', failure: expect.objectContaining({ kind: 'busy' }) }],
  ])('may be %s', async (what, end) => {
    const heard = listen(subgraph.other(what.split(' ')[0] ?? ''))
    expect(await heard.ended).toEqual(end)
    expect(heard.events).toEqual([])
  })

  test('does not begin for nobody in particular', async () => {
    const heard = listen(subgraph.changed('a', {}))
    expect(await heard.ended).toMatchObject({ how: 'failed', failure: { kind: 'useless' } })
  })

  test.each([
    [
      'refused later',
      new DomainError({ kind: 'forbidden', code: 'BANNED', message: 'No.' }),
      { how: 'refused', code: 'BANNED' },
    ],
    ['broken', new Error('secret'), { how: 'failed', failure: expect.objectContaining({ kind: 'useless' }) }],
    [
      'cut off from what it reads',
      new DomainError({ kind: 'unavailable', code: 'DATABASE_UNAVAILABLE', message: 'No.' }),
      { how: 'failed', failure: expect.objectContaining({ kind: 'busy' }) },
    ],
  ])('may be %s, after the events before that', async (_what, fault, end) => {
    const heard = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    source.push(change(1))
    source.fail(fault)
    expect(await heard.ended).toEqual(end)
    expect(heard.data).toEqual([answered(1)])
    await turn()
    expect(heard.ends).toHaveLength(1)
  })

  test('frees its source when it is stopped, and is told nothing more', async () => {
    const heard = listen(subgraph.changed('a'))
    const other = listen(subgraph.changed('b'))
    const source = await subgraph.source('a')
    source.push(change(1))
    await heard.until(1)
    heard.listening.stop()
    await source.left
    source.push(change(2))
    ;(await subgraph.source('b')).push(change(1))
    await other.until(1)
    expect([heard.data, heard.ends]).toEqual([[answered(1)], []])
  })

  test('frees its source also when it is stopped before it has begun', async () => {
    const heard = listen(subgraph.changed('a'))
    heard.listening.stop()
    const other = listen(subgraph.changed('b'))
    ;(await subgraph.source('b')).push(change(1))
    await other.until(1)
    const [opened] = await Promise.all([Promise.race([subgraph.source('a'), turn(null)])])
    await opened?.left
    expect(heard.ends).toEqual([])
  })

  test('fails and does not complete when the subgraph stops, and begins elsewhere', async () => {
    const heard = listen(subgraph.changed('a'))
    await subgraph.source('a')
    subgraph.subgraph.socket.drain()
    await subgraph.subgraph.stop()
    expect((await heard.ended).how).toBe('failed')
  })
})

describe('a subscription in this process', () => {
  beforeEach(() => {
    transport = inProcessTransport(subgraph.subgraph)
  })

  test('takes no event while it is paused, and all of them afterwards', async () => {
    const heard = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    source.push(change(1))
    await heard.until(1)
    heard.listening.pause?.()
    source.push(...[2, 3, 4, 5].map((n) => change(n)))
    for (let turns = 0; turns < 10; turns++) await turn()
    expect(heard.events).toHaveLength(1)
    // The one it waited for, and the one read ahead.
    expect(source.asked).toBeLessThanOrEqual(3)
    heard.listening.resume?.()
    await heard.until(5)
    expect(heard.data).toEqual([1, 2, 3, 4, 5].map(answered))
  })

  test('may be stopped while it is paused', async () => {
    const heard = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    heard.listening.pause?.()
    source.push(change(1))
    await turn()
    heard.listening.stop()
    await source.left
    await turn()
    expect(heard.events).toEqual([])
  })

  test('lets others have their turn, however many events are at hand', async () => {
    const heard = listen(subgraph.changed('a'))
    const source = await subgraph.source('a')
    source.push(...Array.from({ length: 20_000 }, (_, n) => change(n)))
    await heard.until(1)
    await turn()
    await turn()
    expect(heard.events.length).toBeLessThan(20_000)
    await heard.until(20_000)
  })
})
