import { describe, expect, test } from '@jest/globals'
import { createRecordedLog } from '@courtside/testing'
import { openScriptedHub, type ScriptedHubOptions } from './fixtures/scripted-hub.ts'
import type { HubLimits } from './index.ts'

describe('an upstream that fails', () => {
  test('is opened again from the last place, and the client notices nothing else', async () => {
    const { hub, time, upstreams, upstream, client } = begin()
    upstream.snapshot(4)
    upstream.fact(5)
    upstream.fail()
    await time.advance(50)
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:5'])
    upstreams[1]?.fact(6)
    await time.settle()
    expect(client).toMatchObject({ batches: ['S4 5', '6'], ends: [] })
    expect(hub.figures().reopened).toBe(1)
  })

  test('is waited for twice as long each time, up to five seconds, by a random part of that', async () => {
    const { time, upstreams, upstream } = begin()
    upstream.snapshot(4)
    const pauses: number[] = []
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const failedAt = time.now()
      const opened = upstreams.length
      upstreams.at(-1)?.fail()
      while (upstreams.length === opened) await time.advance(10)
      pauses.push(time.now() - failedAt)
    }
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 2_500, 2_500])
  })

  test('is opened soon again when it had come forward meanwhile', async () => {
    const { time, upstreams, upstream } = begin()
    upstream.snapshot(4)
    upstream.fail()
    await time.advance(50)
    upstreams[1]?.fail()
    await time.advance(100)
    upstreams[2]?.fact(5)
    upstreams[2]?.fail()
    await time.advance(50)
    expect(upstreams).toHaveLength(4)
  })

  test('is given the time that it asks for', async () => {
    const { time, upstreams, upstream } = begin()
    upstream.snapshot(4)
    upstream.fail(3)
    await time.advance(3_000)
    expect(upstreams).toHaveLength(1)
    await time.advance(50)
    expect(upstreams).toHaveLength(2)
  })

  test('from the beginning is tried for ten seconds, and then its clients may try again', async () => {
    const { hub, time, upstreams, client, onOpen } = begin()
    onOpen((upstream) => upstream.fail())
    upstreams[0]?.fail()
    await time.advance(9_900)
    expect(client.ends).toEqual([])
    await time.advance(200)
    expect(client.ends).toEqual([
      [
        {
          message: 'This part of the graph does not answer at the moment. Try again.',
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
        },
      ],
    ])
    expect(upstreams.length).toBeGreaterThan(6)
    expect(hub.figures()).toMatchObject({ topics: 0, subscribers: 0, upstreams: 0 })
    expect(time.waiting).toBe(0)
  })

  test.each([
    ['after an event', (begun: Begun) => begun.upstream.snapshot(4)],
    ['after it has been open for long', (begun: Begun) => begun.time.spend(10_000)],
  ])('%s is tried for ever', async (_, prove) => {
    const begun = begin()
    prove(begun)
    begun.onOpen((upstream) => upstream.fail())
    begun.upstream.fail()
    await begun.time.advance(600_000)
    expect(begun.client.ends).toEqual([])
    expect(begun.upstreams.length).toBeGreaterThan(100)
  })

  test('by faults of its own after the same place is given up, and its clients are told', async () => {
    const { hub, time, upstreams, upstream, client, onOpen } = begin()
    upstream.snapshot(4)
    onOpen((next) => next.break())
    upstream.break()
    await time.advance(60_000)
    expect(upstreams).toHaveLength(8)
    expect(client.ends).toEqual([
      [expect.objectContaining({ extensions: { code: 'INTERNAL_SERVER_ERROR' } })],
    ])
    expect(hub.figures()).toMatchObject({ topics: 0, subscribers: 0, upstreams: 0 })
  })

  test('by faults of its own, but comes forward between them, is opened again', async () => {
    const { time, upstreams, upstream, client } = begin()
    upstream.snapshot(0)
    for (let seq = 1; seq <= 20; seq += 1) {
      upstreams.at(-1)?.break()
      await time.advance(100)
      upstreams.at(-1)?.fact(seq)
    }
    await time.settle()
    expect(upstreams).toHaveLength(21)
    expect(client.ends).toEqual([])
  })

  test('is logged once in a while, however many fail', async () => {
    const log = createRecordedLog()
    const { time, upstream, onOpen } = begin({}, { log })
    upstream.snapshot(4)
    onOpen((next) => next.fail())
    upstream.fail()
    await time.advance(60_000)
    expect(log.lines.filter(({ message }) => message.includes('opened again')).length).toBeLessThan(8)
  })
})

test('an upstream that is left while it is being opened is stopped', async () => {
  const scripted = openScriptedHub('log')
  scripted.onOpen = (upstream) => {
    upstream.snapshot(4)
    upstream.fact(6)
  }
  const client = scripted.join()
  expect(scripted.upstream.state).toBe('stopped')
  await scripted.time.settle()
  expect(client.batches).toEqual(['S4'])
})

describe('when events come faster than they are completed', () => {
  const limits = { pendingEvents: 4 }

  test('the upstream is paused, and goes on when half of them have gone', async () => {
    const { time, upstream, client, completeAll, delay } = begin(limits)
    delay()
    upstream.snapshot(0)
    upstream.facts(1, 2)
    expect(upstream.state).toBe('open')
    upstream.fact(3)
    expect(upstream.state).toBe('paused')
    completeAll()
    await time.settle()
    expect(upstream.state).toBe('open')
    expect(client.batches).toEqual(['S0 1 2 3'])
  })

  test('one that cannot pause is stopped, and opened again from the last place', async () => {
    const { time, upstreams, upstream, completeAll, delay } = begin(limits, { canPause: false })
    delay()
    upstream.snapshot(0)
    upstream.facts(1, 3)
    expect(upstream.state).toBe('stopped')
    completeAll()
    await time.settle()
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:3'])
  })

  test('one that sends on although it was paused is stopped too', async () => {
    const { time, upstreams, upstream, client, completeAll, delay } = begin(limits)
    delay()
    upstream.snapshot(0)
    upstream.facts(1, 20)
    expect(upstream.state).toBe('stopped')
    completeAll()
    await time.settle()
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:7'])
    expect(client.batches.join(' ')).toBe('S0 1 2 3 4 5 6 7')
  })
})

type Begun = ReturnType<typeof begin>

function begin(limits: Partial<HubLimits> = {}, options: ScriptedHubOptions = {}) {
  const scripted = openScriptedHub('log', { limits, ...options })
  const waiting: (() => void)[] = []
  const client = scripted.join()
  return {
    ...scripted,
    upstream: scripted.upstream,
    client,
    onOpen(listener: typeof scripted.onOpen) {
      scripted.onOpen = listener
    },
    /** From now on an event is complete when `completeAll` says so. */
    delay() {
      scripted.complete = ({ data }) =>
        new Promise((resolve) => waiting.push(() => resolve(String(data?.['text']))))
    },
    completeAll() {
      for (const complete of waiting.splice(0)) complete()
    },
  }
}
