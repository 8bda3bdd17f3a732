import { afterAll, beforeAll } from '@jest/globals'
import type { RedisConnection } from '@courtside/redis'
import { connected, describeWithRedis } from '@courtside/redis/testing'
import { createTestClock } from '@courtside/testing'
import { describeAnswerStore } from './fixtures/store-contract.ts'
import { createMemoryStore } from './memory-store.ts'
import { createRedisStore } from './redis-store.ts'

describeAnswerStore('answers in memory', () => {
  const clock = createTestClock(new Date('2026-11-20T12:00:00Z'))
  return {
    open: (options) => createMemoryStore({ clock, ...options }),
    elapse: async (milliseconds) => clock.advance(milliseconds),
  }
})

describeWithRedis('with a Redis', (server) => {
  let redis: RedisConnection
  let stores = 0
  beforeAll(async () => {
    redis = await connected(server().url)
  })
  afterAll(() => redis.close())

  describeAnswerStore('answers in Redis', () => ({
    open(options) {
      stores += 1
      return createRedisStore({ redis, prefix: `store-${stores}`, ...options })
    },
    // Redis has a clock of its own. What was put for so long before now has ended when this has.
    async elapse(milliseconds) {
      await redis.ask((client) => client.set('timer', '', 'PX', milliseconds))
      for (;;) {
        const left = await redis.ask((client) => client.pttl('timer'))
        if (left !== null && left.result < 0) return
      }
    },
  }))
})
