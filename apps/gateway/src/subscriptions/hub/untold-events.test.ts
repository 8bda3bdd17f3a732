import { describe, expect, test } from '@jest/globals'
import type { UpstreamEvent } from '../../transports/index.ts'
import type { StreamKind, Telling } from '../operation/index.ts'
import { openScriptedHub } from './fixtures/scripted-hub.ts'

const AWAY: Telling = { text: 'away', told: 'nothing', retryable: true }
const BAD: Telling = { text: 'bad', told: 'nothing', retryable: false }
const PART: Telling = { text: 'part', told: 'part', retryable: true }

describe('an event of a log that tells nothing', () => {
  test('is not sent, but read again with what is behind it, and told once', async () => {
    const { time, upstreams, client, tells } = started()
    tells('5', AWAY)
    upstreams[0]?.facts(5, 6)
    await time.settle()
    expect(upstreams[0]?.state).toBe('stopped')
    tells('5', null)
    await time.advance(50)
    expect(upstreams[1]?.after).toBe('1:4')
    upstreams[1]?.facts(5, 7)
    await time.settle()
    expect(client).toMatchObject({ batches: ['S4', '5 6 7'], ends: [] })
  })

  test('is waited for twice as long each time, and for ever, while it may go well', async () => {
    const { time, upstreams, upstream, client, tells, onOpen } = started()
    tells('5', AWAY)
    onOpen((next) => next.fact(5))
    upstream.fact(5)
    await time.advance(50 + 100 + 200 + 400)
    expect(upstreams).toHaveLength(5)
    await time.advance(600_000)
    expect(client).toMatchObject({ batches: ['S4'], ends: [] })
    tells('5', null)
    await time.advance(2_500)
    expect(client.batches).toEqual(['S4', '5'])
    upstreams.at(-1)?.fail()
    const opened = upstreams.length
    await time.advance(50)
    expect(upstreams).toHaveLength(opened + 1)
  })

  test('is told by its errors after eight times, and the log goes on behind it', async () => {
    const { time, upstreams, upstream, client, tells, onOpen } = started()
    tells('5', BAD)
    onOpen((next) => (next.after === '1:4' ? next.facts(5, 6) : next.fact(6)))
    upstream.facts(5, 6)
    await time.advance(5_000)
    expect(client.batches).toEqual(['S4'])
    await time.advance(1_000)
    expect(upstreams.map(({ after }) => after)).toEqual([null, ...Array<string>(7).fill('1:4'), '1:5'])
    expect(client).toMatchObject({ batches: ['S4', 'bad', '6'], ends: [], cursor: '1:6' })
  })

  test('is given eight new attempts when it could have gone well between them', async () => {
    const { time, upstreams, upstream, client, tells, onOpen } = started()
    onOpen((next) => {
      tells('5', upstreams.length === 5 ? AWAY : BAD)
      next.fact(5)
    })
    tells('5', BAD)
    upstream.fact(5)
    await time.advance(20_000)
    expect(client.batches).toEqual(['S4', 'bad'])
    expect(upstreams).toHaveLength(14)
  })

  test('lets those before it go first, however late their texts are', async () => {
    const { time, upstreams, upstream, client, tells, delay } = started()
    const tell5 = delay('5')
    tells('6', AWAY)
    upstream.facts(5, 7)
    await time.advance(1_000)
    expect(upstream.state).toBe('stopped')
    expect(upstreams).toHaveLength(1)
    tell5()
    await time.advance(50)
    expect(client.batches).toEqual(['S4', '5'])
    expect(upstreams[1]?.after).toBe('1:5')
  })

  test('is read again from before the first of several', async () => {
    const { time, upstreams, upstream, client, tells, delay } = started()
    const tell5 = delay('5', AWAY)
    tells('6', BAD)
    upstream.facts(5, 6)
    await time.settle()
    tell5()
    await time.advance(50)
    expect(upstreams.map(({ after }) => after)).toEqual([null, '1:4'])
    tells('5', null)
    tells('6', null)
    upstreams[1]?.facts(5, 6)
    await time.settle()
    expect(client.batches).toEqual(['S4', '5 6'])
  })

  test('counts for nothing when it comes late from an attempt before', async () => {
    const { time, upstreams, upstream, client, tells, delay } = started()
    const [tell5, tell6] = [delay('5', AWAY), delay('6', BAD)]
    upstream.facts(5, 6)
    tell5()
    await time.advance(50)
    tells('5', null)
    tells('6', null)
    upstreams[1]?.facts(5, 6)
    tell6()
    await time.settle()
    expect(client.batches).toEqual(['S4', '5 6'])
    expect(upstreams).toHaveLength(2)
  })

  test('as its first is read again from where the client begins', async () => {
    const { time, upstreams, tells, join } = openHub('log')
    const client = join('1:4')
    tells('5', AWAY)
    upstreams[0]?.fact(5)
    await time.advance(50)
    expect(upstreams[1]?.after).toBe('1:4')
    tells('5', null)
    upstreams[1]?.fact(5)
    await time.settle()
    expect(client.batches).toEqual(['5'])
  })

  test('is read again also where its upstream has come to its end behind it', async () => {
    const { time, upstreams, upstream, client, tells, delay } = started()
    const tell5 = delay('5', AWAY)
    upstream.fact(5)
    upstream.receiver.completed()
    tell5()
    await time.advance(50)
    expect(client).toMatchObject({ batches: ['S4'], ends: [] })
    tells('5', null)
    upstreams[1]?.fact(5)
    upstreams[1]?.receiver.completed()
    await time.settle()
    expect(client).toMatchObject({ batches: ['S4', '5'], ends: ['completed'] })
  })

  test('is told by its errors where its upstream has refused to go on', async () => {
    const { time, upstreams, upstream, client, delay } = started()
    const tell5 = delay('5', AWAY)
    upstream.fact(5)
    upstream.receiver.refused([{ message: 'Not for you' }])
    tell5()
    await time.advance(1_000)
    expect(client).toMatchObject({ batches: ['S4 away'], ends: [[{ message: 'Not for you' }]] })
    expect(upstreams).toHaveLength(1)
  })

  test('is told by its errors where it has no place, and cannot be read again', async () => {
    const { time, upstream, client, tells } = started()
    tells('5', AWAY)
    upstream.receiver.event({ data: { text: '5' }, mark: null })
    await time.settle()
    expect(client.batches).toEqual(['S4 away'])
  })
})

test('an event of a log that tells a part is sent as it is', async () => {
  const { time, upstream, client, tells } = started()
  tells('5', PART)
  upstream.fact(5)
  await time.settle()
  expect(client.batches).toEqual(['S4 part'])
})

describe('a state that tells nothing', () => {
  test('is left out where a newer one of its key waits', async () => {
    const { time, upstreams, join, delay } = openHub('state')
    const client = join()
    const tellA1 = delay('a1', AWAY)
    for (const [key, value] of [
      ['a', 1],
      ['b', 1],
      ['a', 2],
    ] as const)
      upstreams[0]?.change(key, value)
    tellA1()
    await time.settle()
    expect(client.batches).toEqual(['b1 a2'])
  })

  test('is sent as its errors where it is the newest: it cannot be read again', async () => {
    const { time, upstreams, join, tells } = openHub('state')
    const client = join()
    tells('a1', AWAY)
    upstreams[0]?.change('a', 1)
    await time.settle()
    expect(client.batches).toEqual(['away'])
    expect(upstreams).toHaveLength(1)
  })
})

function openHub(kind: StreamKind) {
  const scripted = openScriptedHub(kind)
  const tellings = new Map<string, Telling | Promise<string | Telling>>()
  const textOf = ({ data }: UpstreamEvent) => String(data?.['text'])
  scripted.complete = (event) => tellings.get(textOf(event)) ?? textOf(event)
  const { time, upstreams, join } = scripted
  return {
    time,
    upstreams,
    join,
    onOpen(listener: typeof scripted.onOpen) {
      scripted.onOpen = listener
    },
    /** What is told of this event from now on; null for its text. */
    tells(text: string, telling: Telling | null) {
      if (telling) tellings.set(text, telling)
      else tellings.delete(text)
    },
    /** It is told when what is returned is called. */
    delay(text: string, telling: Telling | string = text): () => void {
      const { promise, resolve } = Promise.withResolvers<string | Telling>()
      tellings.set(text, promise)
      return () => resolve(telling)
    },
  }
}

/** With one client, who has been sent the snapshot of place 4. */
function started() {
  const opened = openHub('log')
  const client = opened.join()
  const [upstream] = opened.upstreams
  if (!upstream) throw new Error('A client that joins opens an upstream')
  upstream.snapshot(4)
  return { ...opened, client, upstream }
}
