import { describe, expect, test } from '@jest/globals'
import { openScriptedHub } from './fixtures/scripted-hub.ts'
import type { HubLimits } from './index.ts'

describe('those who want the same', () => {
  test('share one upstream, and events that wait for a flush go as one batch', async () => {
    const { hub, time, upstreams, upstream, join } = started()
    const [first, second] = [join(), join()]
    upstream.snapshot(4)
    upstream.facts(5, 6)
    await time.settle()
    expect(upstreams).toHaveLength(1)
    expect([first.batches, second.batches]).toEqual([['S4 5 6'], ['S4 5 6']])
    expect(hub.figures()).toMatchObject({ topics: 1, subscribers: 3, upstreams: 1, events: 3, deliveries: 9 })
  })

  test('are told in order, although what completes an event is slow', async () => {
    const scripted = openScriptedHub('log')
    const { time } = scripted
    const texts: (() => void)[] = []
    scripted.complete = ({ data }) =>
      new Promise((resolve) => texts.push(() => resolve(String(data?.['text']))))
    const client = scripted.join()
    scripted.upstream.snapshot(4)
    scripted.upstream.fact(5)
    expect(texts).toHaveLength(2)
    texts[1]?.()
    await time.settle()
    expect(client.batches).toEqual([])
    texts[0]?.()
    await time.settle()
    expect(client.batches).toEqual(['S4 5'])
  })

  test('are not told more than one batch holds at once', async () => {
    const { time, upstream, join } = started({ batchEvents: 3 })
    const client = join()
    upstream.snapshot(0)
    upstream.facts(1, 6)
    await time.settle()
    expect(client.batches).toEqual(['S0 1 2', '3 4 5', '6'])
  })
})

test('batches are bounded in bytes, for who is there and for who joins', async () => {
  const { time, upstream, join } = started({ batchBytes: 3 })
  const client = join()
  upstream.snapshot(0)
  upstream.facts(1, 4)
  await time.settle()
  const joiner = join()
  await time.settle()
  expect([client.batches, joiner.batches]).toEqual([
    ['S0 1', '2 3 4'],
    ['S0 1', '2 3 4'],
  ])
})

test('so many bytes are kept and no more', async () => {
  const { time, upstreams, upstream, join } = started({ keptBytes: 3 })
  upstream.snapshot(0)
  upstream.facts(1, 9)
  await time.settle()
  const joiner = join('1:6')
  await time.settle()
  expect(joiner.batches).toEqual(['7 8 9'])
  expect(upstreams).toHaveLength(1)
  join('1:5')
  join()
  expect(upstreams.map(({ after }) => after)).toEqual([null, '1:5', null])
})

describe('a joiner', () => {
  test('without a cursor gets the newest snapshot and what came after it', async () => {
    const { time, upstreams, upstream, join } = started()
    upstream.snapshot(4)
    upstream.fact(5)
    upstream.snapshot(9)
    upstream.fact(10)
    await time.settle()
    const joiner = join()
    expect(joiner.cursor).toBeNull()
    await time.settle()
    expect(joiner).toMatchObject({ batches: ['S9 10'], cursor: '1:10' })
    expect(upstreams).toHaveLength(1)
  })

  test('is told nothing before it knows that it has joined', async () => {
    const scripted = openScriptedHub('log')
    scripted.onOpen = (upstream) => upstream.snapshot(4)
    const client = scripted.join()
    expect(client.batches).toEqual([])
    await scripted.time.settle()
    expect(client.batches).toEqual(['S4'])
  })

  test.each([
    ['that is at hand goes on from there', '1:5', ['6 7']],
    ['of the last event waits for the next one', '1:7', []],
    ['of the place at which all began goes on from there', '1:3', ['S4 5 6 7']],
  ])('with a cursor %s', async (_, cursor, batches) => {
    const { hub, time, upstreams, join } = openScriptedHub('log')
    join('1:3')
    upstreams[0]?.snapshot(4)
    upstreams[0]?.facts(5, 7)
    await time.settle()
    const joiner = join(cursor)
    expect(joiner.cursor).toBe(cursor)
    await time.settle()
    expect(joiner.batches).toEqual(batches)
    expect(upstreams).toHaveLength(1)
    expect(hub.figures().resumedAtHand).toBe(1)
  })

  test('with an older cursor reads again, with others who want the same, until it can go on with all', async () => {
    const { hub, time, upstreams, upstream: lead, join } = started()
    lead.snapshot(10)
    await time.settle()
    const [one, two] = [join('1:7'), join('1:7')]
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:7'])
    upstreams[1]?.fact(8)
    await time.settle()
    expect(upstreams[1]?.state).toBe('open')
    upstreams[1]?.facts(9, 10)
    await time.settle()
    expect(upstreams[1]?.state).toBe('stopped')
    lead.fact(11)
    await time.settle()
    expect([one.batches, two.batches]).toEqual([
      ['8', '9 10', '11'],
      ['8', '9 10', '11'],
    ])
    expect(hub.figures()).toMatchObject({ upstreams: 1, resumedUpstream: 1, resumedAtHand: 1 })
  })

  test('that reads ahead of the topic waits for it', async () => {
    const { time, upstreams, upstream: lead, join } = started()
    lead.snapshot(10)
    await time.settle()
    const joiner = join('1:7')
    upstreams[1]?.facts(8, 12)
    await time.settle()
    expect(upstreams[1]?.state).toBe('open')
    lead.facts(11, 13)
    await time.settle()
    expect(upstreams[1]?.state).toBe('stopped')
    expect(joiner.batches).toEqual(['8 9 10 11 12', '13'])
  })

  test('that reads again is joined by another who comes to its place', async () => {
    const { time, upstreams, join } = started()
    const [early, late] = [join('1:2'), join('1:4')]
    upstreams[2]?.facts(5, 6)
    upstreams[1]?.facts(3, 5)
    await time.settle()
    expect(upstreams.map(({ state }) => state)).toEqual(['open', 'stopped', 'open'])
    upstreams[2]?.fact(7)
    await time.settle()
    expect(early.batches.join(' ')).toBe('3 4 5 6 7')
    expect(late.batches.join(' ')).toBe('5 6 7')
  })

  test('whose cursor is refused is told so, and nobody else', async () => {
    const { time, upstreams, join } = openScriptedHub('log')
    const [bad, good] = [join('forged'), join()]
    upstreams[0]?.receiver.refused([{ message: 'This is no cursor' }])
    upstreams[1]?.snapshot(4)
    await time.settle()
    expect(bad.ends).toEqual([[{ message: 'This is no cursor', extensions: { code: 'NO' } }]])
    expect(good).toMatchObject({ batches: ['S4'], ends: [] })
    // What was a replay leads now.
    const joiner = join('1:4')
    upstreams[1]?.fact(5)
    await time.settle()
    expect(joiner.batches).toEqual(['5'])
    expect(upstreams).toHaveLength(2)
  })
})

describe('who is full', () => {
  test('is sent nothing until it is ready, and then what it missed', async () => {
    const { hub, time, upstream, join } = started()
    const [slow, quick] = [join(), join()]
    slow.onBatch = () => 'full'
    upstream.snapshot(4)
    await time.settle()
    upstream.facts(5, 6)
    await time.settle()
    expect(slow).toMatchObject({ batches: ['S4'], cursor: '1:4' })
    expect(hub.figures().parked).toBe(1)
    slow.ready()
    await time.settle()
    expect(slow.batches).toEqual(['S4', '5 6'])
    expect(quick.batches).toEqual(['S4', '5 6'])
  })

  test('reads again when what it missed is not at hand', async () => {
    const { time, upstreams, upstream, join } = started({ keptEvents: 3 })
    const slow = join()
    slow.onBatch = () => 'full'
    upstream.snapshot(4)
    await time.settle()
    upstream.facts(5, 9)
    await time.settle()
    slow.onBatch = () => undefined
    slow.ready()
    await time.settle()
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:4'])
    upstreams[1]?.facts(5, 7)
    await time.settle()
    expect(upstreams[1]?.state).toBe('stopped')
    expect(slow.batches.join(' ')).toBe('S4 5 6 7 8 9')
  })

  test('does not keep a replay open', async () => {
    const { time, upstreams, upstream: lead, join } = started()
    lead.snapshot(10)
    await time.settle()
    const slow = join('1:5')
    slow.onBatch = () => 'full'
    upstreams[1]?.fact(6)
    await time.settle()
    expect(upstreams[1]?.state).toBe('stopped')
    slow.onBatch = () => undefined
    slow.ready()
    await time.settle()
    upstreams[2]?.facts(7, 10)
    await time.settle()
    expect(slow.batches.join(' ')).toBe('6 7 8 9 10')
  })

  test('is told the end after what it missed', async () => {
    const { time, upstream, join } = started()
    const [slow, quick] = [join(), join()]
    slow.onBatch = () => 'full'
    upstream.snapshot(4)
    await time.settle()
    upstream.fact(5)
    upstream.receiver.completed()
    await time.settle()
    expect([slow.ends, quick.ends]).toEqual([[], ['completed']])
    slow.onBatch = () => undefined
    slow.ready()
    await time.settle()
    expect(slow).toMatchObject({ batches: ['S4', '5'], ends: ['completed'] })
  })
})

describe('of its upstream a topic', () => {
  test('drops what it has', async () => {
    const { time, upstreams, upstream, join } = started()
    const client = join()
    upstream.snapshot(4)
    upstream.facts(5, 6)
    upstream.facts(5, 7)
    upstream.snapshot(7)
    await time.settle()
    expect(client.batches).toEqual(['S4 5 6 7'])
    expect(upstreams).toHaveLength(1)
  })

  test('takes no fact behind a hole, but reads again from the last good one', async () => {
    const { time, upstreams, upstream, join } = started()
    const client = join()
    upstream.snapshot(4)
    upstream.fact(6)
    upstream.fact(5)
    await time.advance(100)
    expect(upstream.state).toBe('stopped')
    expect(upstreams[1]?.after).toBe('1:4')
    upstreams[1]?.facts(4, 6)
    await time.settle()
    expect(client.batches.join(' ')).toBe('S4 5 6')
  })

  test.each([
    ['ahead', 9, 1],
    ['back', 2, 1],
    ['in another epoch', 4, 2],
  ])('takes a snapshot %s as a new beginning', async (_, seq, epoch) => {
    const { time, upstreams, upstream, join } = started()
    const client = join()
    upstream.snapshot(4)
    upstream.snapshot(seq, epoch)
    upstream.fact(seq + 1, epoch)
    await time.settle()
    expect(client.batches).toEqual([`S4 S${seq} ${seq + 1}`])
    expect(upstreams).toHaveLength(1)
  })

  test('takes the first fact of a log that had none, and with it the epoch', async () => {
    const { time, upstreams, upstream, join } = started()
    const client = join()
    upstream.snapshot(0, 0)
    upstream.facts(1, 2)
    await time.settle()
    expect(client.batches).toEqual(['S0 1 2'])
    expect(upstreams).toHaveLength(1)
  })

  test('takes no fact of another epoch', async () => {
    const { time, upstreams, upstream, join } = started()
    const client = join()
    upstream.snapshot(4)
    upstream.fact(5, 2)
    await time.advance(100)
    expect(client.batches).toEqual(['S4'])
    expect(upstreams[1]?.after).toBe('1:4')
  })

  test('hears nothing more after it has left it', async () => {
    const { time, upstreams, upstream, join } = started()
    const client = join()
    upstream.snapshot(4)
    upstream.fail()
    upstream.fact(5)
    upstream.receiver.completed()
    await time.advance(100)
    upstream.fact(5)
    upstreams[1]?.fact(5)
    upstream.fail()
    await time.settle()
    expect(client).toMatchObject({ batches: ['S4', '5'], ends: [] })
    expect(upstreams).toHaveLength(2)
  })
})

function started(limits: Partial<HubLimits> = {}) {
  const scripted = openScriptedHub('log', { limits })
  scripted.join()
  return { ...scripted, upstream: scripted.upstream }
}
