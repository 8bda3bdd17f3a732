import { describe, expect, test } from '@jest/globals'
import { createRecordedLog } from '@courtside/testing'
import { openScriptedHub, type ScriptedClient } from './fixtures/scripted-hub.ts'

describe('a topic that nobody watches', () => {
  test('stays warm for five seconds, and is closed then', async () => {
    const { hub, time, upstreams, join } = openScriptedHub('log')
    const client = join()
    upstreams[0]?.snapshot(4)
    await time.settle()
    client.stop()
    upstreams[0]?.fact(5)
    await time.advance(4_999)
    const again = join('1:4')
    await time.settle()
    expect(again.batches).toEqual(['5'])
    again.stop()
    await time.advance(4_999)
    expect(upstreams[0]?.state).toBe('open')
    await time.advance(1)
    expect(upstreams[0]?.state).toBe('stopped')
    expect(hub.figures()).toMatchObject({ topics: 0, subscribers: 0, upstreams: 0 })
    expect(time.waiting).toBe(0)
  })

  test('does not keep its replays meanwhile', async () => {
    const { hub, time, upstreams, join } = openScriptedHub('log')
    const [client, joiner] = [join(), join('1:2')]
    for (const one of [client, joiner]) one.stop()
    await time.settle()
    expect(upstreams.map(({ state }) => state)).toEqual(['open', 'stopped'])
    expect(hub.figures().upstreams).toBe(1)
  })

  test('is closed at once when its upstream has ended', async () => {
    const { hub, time, upstreams, join } = openScriptedHub('log')
    const client = join()
    upstreams[0]?.receiver.completed()
    await time.settle()
    expect(client.ends).toEqual(['completed'])
    expect(hub.figures().topics).toBe(0)
    expect(time.waiting).toBe(0)
    // The next one begins anew.
    join()
    expect(upstreams).toHaveLength(2)
  })
})

test('all who want the same hold one description of it', () => {
  const { hub, join } = openScriptedHub('log')
  const { subscription } = join()
  const outlet = { deliver: () => undefined, completed: () => {}, failed: () => {} }
  expect(hub.subscribe({ ...subscription }, null, outlet).subscription).toBe(subscription)
  hub.stop()
})

describe('from inside of deliver', () => {
  test('anybody may leave, and everybody else is told once', async () => {
    const { hub, time, upstreams, join } = openScriptedHub('log')
    const clients = Array.from({ length: 9 }, () => join())
    const leave = (who: number) => () => void clients[who]?.stop()
    const wills: Record<number, (() => void)[]> = {
      8: [leave(8)],
      6: [leave(0), leave(7)],
      3: [leave(3), leave(2)],
    }
    clients.forEach((client, who) => {
      client.onBatch = () => {
        for (const will of wills[who] ?? []) will()
        return undefined
      }
    })
    upstreams[0]?.snapshot(4)
    await time.settle()
    upstreams[0]?.fact(5)
    await time.settle()
    const told = clients.map(({ batches }) => batches.join(' '))
    // 0 and 2 left before it was their turn, the others after it.
    expect(told).toEqual(['', 'S4 5', '', 'S4', 'S4 5', 'S4 5', 'S4 5', 'S4', 'S4'])
    expect(hub.figures().subscribers).toBe(4)
  })

  test('one may leave and join again where it was', async () => {
    const { time, upstreams, join } = openScriptedHub('log')
    const client = join()
    let again: ScriptedClient | undefined
    client.onBatch = () => {
      client.stop()
      again = join(client.cursor)
      return undefined
    }
    upstreams[0]?.snapshot(4)
    upstreams[0]?.fact(5)
    await time.settle()
    upstreams[0]?.fact(6)
    await time.settle()
    expect([client.batches, again?.batches]).toEqual([['S4 5'], ['6']])
  })

  test('a fault ends one client, and costs the others nothing', async () => {
    const log = createRecordedLog()
    const { hub, time, upstreams, join } = openScriptedHub('log', { log })
    const [first, faulty, last] = [join(), join(), join()]
    faulty.onBatch = () => {
      throw new Error('The socket has gone')
    }
    upstreams[0]?.snapshot(4)
    await time.settle()
    upstreams[0]?.fact(5)
    await time.settle()
    expect([first.batches, last.batches]).toEqual([
      ['S4', '5'],
      ['S4', '5'],
    ])
    expect(faulty.batches).toEqual(['S4'])
    expect(faulty.ends).toMatchObject([[{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]])
    expect(log.lines.map(({ message }) => message)).toEqual(['An outlet failed, and is sent no more'])
    expect(hub.figures().subscribers).toBe(2)
  })
})

test('an event that cannot be completed ends its subscriptions, as it would be a hole', async () => {
  const log = createRecordedLog()
  const scripted = openScriptedHub('log', { log })
  const { time, upstreams, join } = scripted
  const client = join()
  upstreams[0]?.snapshot(4)
  await time.settle()
  scripted.complete = () => Promise.reject(new Error('A bug'))
  upstreams[0]?.fact(5)
  upstreams[0]?.fact(6)
  await time.settle()
  expect(client.batches).toEqual(['S4'])
  expect(client.ends).toMatchObject([[{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]])
  expect(upstreams[0]?.state).toBe('stopped')
  expect(log.lines[0]).toMatchObject({ level: 'error', message: 'An event could not be completed' })
})

test('a flush that takes long lets others run after each slice, and still tells everybody once', async () => {
  const { time, upstreams, join } = openScriptedHub('log', { limits: { clientsPerLook: 1, sliceMs: 8 } })
  const clients = Array.from({ length: 10 }, () => join())
  let since = 0
  const runs: number[] = []
  const between = () => {
    runs.push(since)
    since = 0
    if (runs.length < 6) time.soon(between)
  }
  for (const client of clients) {
    client.onBatch = () => {
      time.spend(3)
      since += 3
      return undefined
    }
  }
  upstreams[0]?.snapshot(4)
  time.soon(between)
  await time.settle()
  expect(Math.max(...runs)).toBe(9)
  expect(runs.reduce((sum, ms) => sum + ms)).toBe(30)
  expect(clients.map(({ batches }) => batches)).toEqual(clients.map(() => ['S4']))
})

test('many topics share the slices', async () => {
  const { time, upstreams, join } = openScriptedHub('log', { limits: { sliceMs: 8 } })
  const clients = Array.from({ length: 10 }, (_, topic) => join(null, `topic ${topic}`))
  let told = 0
  for (const client of clients) {
    client.onBatch = () => {
      told += 1
      time.spend(3)
      return undefined
    }
  }
  const seen: number[] = []
  const between = () => {
    seen.push(told)
    if (told < 10) time.soon(between)
  }
  for (const upstream of upstreams) upstream.snapshot(4)
  time.soon(between)
  await time.settle()
  expect(seen).toEqual([3, 6, 9, 10])
})

test('there may be so many upstreams and no more', async () => {
  const { hub, time, upstreams, join } = openScriptedHub('log', { limits: { upstreams: 2 } })
  const [first] = [join(null, 'one'), join(null, 'two')]
  const tooMany = expect.objectContaining({ code: 'TOO_MANY_SUBSCRIPTIONS', kind: 'unavailable' })
  expect(() => join(null, 'three')).toThrow(tooMany)
  expect(() => join('1:4', 'one')).toThrow(tooMany)
  expect(() => join(null, 'one')).not.toThrow()
  expect(hub.figures()).toMatchObject({ topics: 2, subscribers: 3, upstreams: 2 })
  upstreams[1]?.receiver.completed()
  await time.settle()
  expect(() => join(null, 'three')).not.toThrow()
  expect(first?.ends).toEqual([])
})

test('a hub that was stopped tells nobody anything, and takes nobody', async () => {
  const { hub, time, upstreams, join } = openScriptedHub('log')
  const [client, full, replayed] = [join(), join(), join('1:2')]
  full.onBatch = () => 'full'
  upstreams[0]?.snapshot(4)
  await time.settle()
  upstreams[0]?.fact(5)
  hub.stop()
  full.ready()
  upstreams[0]?.fact(6)
  await time.advance(10_000)
  expect([client.batches, full.batches, replayed.batches]).toEqual([['S4'], ['S4'], []])
  expect(upstreams.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
  expect(() => join()).toThrow(expect.objectContaining({ code: 'DRAINING' }))
  for (const one of [client, full, replayed]) one.stop()
  expect(client.cursor).toBe('1:4')
  expect(hub.figures()).toMatchObject({ topics: 0, subscribers: 0, parked: 0, upstreams: 0 })
  expect(time.waiting).toBe(0)
})
