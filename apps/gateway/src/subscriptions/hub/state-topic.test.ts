import { describe, expect, test } from '@jest/globals'
import { openScriptedHub } from './fixtures/scripted-hub.ts'

describe('of a state stream', () => {
  test('clients are sent each event, and a joiner the newest of each key', async () => {
    const { hub, time, upstreams, join } = openScriptedHub('state')
    const first = join()
    upstreams[0]?.change('a', 1)
    upstreams[0]?.change('b', 1)
    upstreams[0]?.change('a', 2)
    await time.settle()
    // A cursor means nothing here.
    const joiner = join('1:4')
    await time.settle()
    upstreams[0]?.change('b', 2)
    await time.settle()
    expect(first).toMatchObject({ batches: ['a1 b1 a2', 'b2'], cursor: null })
    expect(joiner).toMatchObject({ batches: ['b1 a2', 'b2'], cursor: null })
    expect(upstreams).toHaveLength(1)
    expect(hub.figures().conflated).toBe(0)
  })

  test('events without a key replace each other', async () => {
    const { time, upstreams, join } = openScriptedHub('state')
    join()
    for (const text of ['x', 'y']) upstreams[0]?.receiver.event({ data: { text }, mark: null })
    await time.settle()
    const joiner = join()
    await time.settle()
    expect(joiner.batches).toEqual(['y'])
  })

  test('who was full gets the newest of each key that changed', async () => {
    const { hub, time, upstreams, join } = openScriptedHub('state')
    const slow = join()
    slow.onBatch = () => 'full'
    upstreams[0]?.change('a', 1)
    upstreams[0]?.change('b', 1)
    await time.settle()
    for (let value = 2; value <= 9; value += 1) {
      upstreams[0]?.change('a', value)
      await time.settle()
    }
    slow.ready()
    await time.settle()
    expect(slow.batches).toEqual(['a1 b1', 'a9'])
    expect(hub.figures().conflated).toBe(7)
  })

  test('what is due to many keys comes in batches, and nothing twice', async () => {
    const { time, upstreams, join } = openScriptedHub('state', { limits: { batchEvents: 2 } })
    join()
    for (const key of ['a', 'b', 'c', 'd', 'e']) upstreams[0]?.change(key, 1)
    upstreams[0]?.change('a', 2)
    await time.settle()
    const joiner = join()
    await time.settle()
    expect(joiner.batches).toEqual(['b1 c1', 'd1 e1', 'a2'])
  })

  test.each([
    ['more keys than are kept', { keptEvents: 2 }],
    ['more bytes than are kept', { keptBytes: 5 }],
  ])('with %s a joiner gets an upstream of its own', async (_, limits) => {
    const { hub, time, upstreams, join } = openScriptedHub('state', { limits })
    const slow = join()
    slow.onBatch = () => 'full'
    upstreams[0]?.change('a', 1)
    await time.settle()
    for (const key of ['b', 'c']) upstreams[0]?.change(key, 1)
    await time.settle()
    const [joiner, another] = [join(), join()]
    slow.ready()
    await time.settle()
    expect(upstreams.map(({ state }) => state)).toEqual(['open', 'open'])
    upstreams[1]?.change('b', 1)
    await time.settle()
    expect([joiner.batches, another.batches, slow.batches]).toEqual([['b1'], ['b1'], ['a1', 'b1']])
    for (const client of [joiner, another, slow]) client.stop()
    await time.settle()
    expect(upstreams[1]?.state).toBe('stopped')
    await time.advance(5_000)
    expect(hub.figures()).toMatchObject({ topics: 0, upstreams: 0 })
  })

  test('one key is kept however large it is', async () => {
    const { time, upstreams, join } = openScriptedHub('state', { limits: { keptBytes: 5 } })
    join()
    upstreams[0]?.change('a', '0123456789')
    upstreams[0]?.change('a', '9876543210')
    await time.settle()
    const joiner = join()
    await time.settle()
    expect(joiner.batches).toEqual(['a9876543210'])
  })

  test('an upstream that fails is opened anew', async () => {
    const { time, upstreams, join } = openScriptedHub('state')
    const client = join()
    upstreams[0]?.change('a', 1)
    upstreams[0]?.fail()
    await time.advance(50)
    upstreams[1]?.change('a', 2)
    await time.settle()
    expect(upstreams.map(({ after }) => after)).toEqual([null, null])
    expect(client.batches).toEqual(['a1', 'a2'])
  })

  test('who is full when it ends gets the rest, and then the end', async () => {
    const { time, upstreams, join } = openScriptedHub('state')
    const slow = join()
    slow.onBatch = () => 'full'
    upstreams[0]?.change('a', 1)
    await time.settle()
    upstreams[0]?.change('a', 2)
    upstreams[0]?.receiver.completed()
    await time.settle()
    expect(slow.ends).toEqual([])
    slow.onBatch = () => undefined
    slow.ready()
    await time.settle()
    expect(slow).toMatchObject({ batches: ['a1', 'a2'], ends: ['completed'] })
  })

  test('what waits for its text too long is given up for what is newer', async () => {
    const scripted = openScriptedHub('state', { limits: { pendingEvents: 3 }, canPause: false })
    const client = scripted.join()
    const texts: (() => void)[] = []
    scripted.complete = ({ data }) =>
      new Promise((resolve) => texts.push(() => resolve(String(data?.['text']))))
    scripted.upstream.change('b', 1)
    for (let value = 1; value <= 9; value += 1) scripted.upstream.change('a', value)
    for (const complete of texts) complete()
    await scripted.time.settle()
    expect(client.batches.join(' ')).toBe('b1 a8 a9')
    expect(scripted.upstreams.map(({ state }) => state)).toEqual(['open'])
  })

  test('who is full keeps an upstream of its own, as only that knows what it misses', async () => {
    const { time, upstreams, join } = openScriptedHub('state', { limits: { keptEvents: 1 } })
    join()
    for (const key of ['a', 'b']) upstreams[0]?.change(key, 1)
    await time.settle()
    const slow = join()
    slow.onBatch = () => 'full'
    upstreams[1]?.change('a', 1)
    await time.settle()
    upstreams[1]?.change('a', 2)
    await time.settle()
    slow.ready()
    await time.settle()
    expect(slow.batches).toEqual(['a1', 'a2'])
    expect(upstreams.map(({ state }) => state)).toEqual(['open', 'open'])
  })
})
