import { afterEach, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { describeWithRedis } from '@courtside/redis/testing'
import { Redis } from 'ioredis'
import { fact, listenTo } from './fixtures/listening.ts'
import { startSilencedProxy } from './fixtures/silenced-proxy.ts'
import { type Bus, createRedisBus } from './index.ts'

const open: Bus[] = []
/** One of each process in the tests below. */
const HEARTBEATS = 2

afterEach(async () => {
  await Promise.all(open.splice(0).map((bus) => bus.close()))
})

async function join(url: string) {
  const bus = createRedisBus({ url, log: silentLogger })
  open.push(bus)
  const listening = listenTo(bus)
  await listening.until(() => bus.state.status === 'up')
  return { bus, listening }
}

describeWithRedis('a bus on Redis', (redis) => {
  test('shares few channels among many streams, and gives them up with the last of these', async () => {
    const [writer, { listening }] = [await join(redis().url), await join(redis().url)]
    const streams = Array.from({ length: 1_000 }, (_, index) => `game:${index}`)
    await listening.hear(...streams)
    const admin = new Redis(redis().url)
    const channels = async () => (await admin.pubsub('CHANNELS', 'courtside:hints:*')) as string[]
    try {
      expect(await channels()).toHaveLength(64 + HEARTBEATS)
      for (const stream of streams.slice(1)) listening.unfollow(stream)
      writer.bus.publish([fact('game:0', 1)])
      await listening.until(() => listening.hints.length === 1)
      await listening.hear('game:0')
      listening.unfollow('game:0')
      // What is subscribed to after that, on the same connection, is answered after it.
      await listening.hear('another:1')
      expect(await channels()).toHaveLength(1 + HEARTBEATS)
    } finally {
      admin.disconnect()
    }
  })

  test('notices that its subscription has died in silence, and makes another', async () => {
    const proxy = await startSilencedProxy(redis().url)
    try {
      const [writer, reader] = [await join(redis().url), await join(proxy.url)]
      await reader.listening.hear('game:1')
      proxy.silence('bus-subscriber')
      await reader.listening.until(() => reader.listening.states.slice(-2).join() === 'down,up')
      writer.bus.publish([fact('game:1', 1)])
      await reader.listening.until(() => reader.listening.hints.length === 1)
      expect(reader.listening.missedAll).toBe(2)
    } finally {
      await Promise.all(open.splice(0).map((bus) => bus.close()))
      await proxy.close()
    }
  })

  test('notices a Redis that hangs, keeps nobody waiting, and comes back', async () => {
    const [writer, reader] = [await join(redis().url), await join(redis().url)]
    await Promise.all([reader.listening.hear('game:1'), writer.listening.hear('game:1')])
    redis().freeze()
    try {
      const started = performance.now()
      for (let seq = 1; seq <= 1_000; seq += 1) writer.bus.publish([fact('game:1', seq)])
      expect(performance.now() - started).toBeLessThan(500)
      await writer.listening.until(() => writer.listening.hints.length === 1_000)
      await Promise.all(
        [writer, reader].map(({ bus, listening }) => listening.until(() => bus.state.status === 'down')),
      )
    } finally {
      redis().thaw()
    }
    await Promise.all(
      [writer, reader].map(({ bus, listening }) => listening.until(() => bus.state.status === 'up')),
    )
    await reader.listening.hear('game:1')
    writer.bus.publish([fact('game:1', 2_000)])
    await reader.listening.until(() => reader.listening.hints.at(-1)?.seq === 2_000)
  })

  test('closes also between two attempts to reach a Redis that has died', async () => {
    const { bus, listening } = await join(redis().url)
    await listening.until(() => bus.state.status === 'up')
    await redis().kill()
    try {
      await listening.until(() => bus.state.status === 'down')
      await bus.close()
    } finally {
      await redis().startAgain()
    }
  })
})

describe('a bus on no Redis', () => {
  test('is down, takes hints for this process, and closes', async () => {
    const bus = createRedisBus({ url: 'redis://127.0.0.1:1', log: silentLogger })
    const listening = listenTo(bus)
    expect(listening.follow('game:1')).toBe(false)
    bus.publish([fact('game:1', 1)])
    await listening.until(() => listening.hints.length === 1)
    expect(bus.state.status).toBe('down')
    await bus.close()
  })

  test('cannot be asked for by an address that is none', () => {
    expect(() => createRedisBus({ url: 'http://localhost', log: silentLogger })).toThrow(
      'no address of a Redis',
    )
  })
})
