import { afterEach, expect, test } from '@jest/globals'
import type { RedisConnection } from '@courtside/redis'
import { connected, describeWithRedis } from '@courtside/redis/testing'
import { createTestClock } from '@courtside/testing'
import type { AnswerStore, Mark } from './answer-store.ts'
import { createRedisStore } from './redis-store.ts'

const open: RedisConnection[] = []
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close()
})

let prefixes = 0

/** A gateway with its own connection. Each state of it can be waited for. */
async function gateway(url: string, prefix: string) {
  const clock = createTestClock(new Date('2026-11-20T12:00:00Z'))
  let state = 'up'
  let changed = Promise.withResolvers<void>()
  const redis = await connected(url, {
    clock,
    timeoutMs: 100,
    onState(now) {
      state = now
      changed.resolve()
      changed = Promise.withResolvers()
    },
  })
  open.push(redis)
  const until = async (wanted: 'up' | 'away') => {
    while (state !== wanted) await changed.promise
  }
  return { clock, redis, until, store: createRedisStore({ redis, prefix }) }
}

const read = async (store: AnswerStore, key = 'k') => (await store.look(key))?.hit?.text ?? null
const markOf = async (store: AnswerStore): Promise<Mark> => (await store.look('k'))?.mark ?? 'none'
const put = async (store: AnswerStore, text: string) =>
  store.put('k', { text, tags: ['Game'], lifetimeMs: 60_000 }, await markOf(store))

describeWithRedis('GW-11: answers in a Redis that several gateways share', (server) => {
  const two = async () => {
    prefixes += 1
    const url = server().url
    return [await gateway(url, `shared-${prefixes}`), await gateway(url, `shared-${prefixes}`)] as const
  }

  test('are known to all of them, and dropped for all of them', async () => {
    const [a, b] = await two()
    await put(a.store, 'text')
    expect(await read(b.store)).toBe('text')
    await b.store.invalidate(['Game'])
    expect(await read(a.store)).toBeNull()
  })

  test('leave nothing behind but the count: what is put expires', async () => {
    const [a] = await two()
    await put(a.store, 'text')
    const left = await a.redis.ask(async (client) => {
      const keys = await client.keys(`{shared-${prefixes}*`)
      return Promise.all(keys.map(async (key) => ({ key, left: await client.pttl(key) })))
    })
    const endless = left?.result.filter((entry) => entry.left < 0).map(({ key }) => key)
    expect(endless).toEqual([`{shared-${prefixes}:answers}`])
    expect(left?.result).toHaveLength(2)
  })

  test('are not put when Redis has forgotten everything since the read began', async () => {
    const [a] = await two()
    await a.store.invalidate(['Team'])
    const before = await markOf(a.store)
    await a.redis.ask((client) => client.flushall())
    // Redis counts from the beginning again: the old mark must not look like one of the future.
    await a.store.invalidate(['Game'])
    await a.store.put('k', { text: 'old', tags: ['Game'], lifetimeMs: 60_000 }, before)
    expect(await read(a.store)).toBeNull()
  })

  test('are not trusted when only the count was lost', async () => {
    const [a] = await two()
    await put(a.store, 'text')
    await a.redis.ask((client) => client.del(`{shared-${prefixes}:answers}`))
    expect(await read(a.store)).toBeNull()
  })

  test('are not given while Redis hangs, and not before it has heard of what changed meanwhile', async () => {
    const [a] = await two()
    await put(a.store, 'old')
    server().freeze()
    try {
      await a.store.invalidate(['Game'])
      expect(await read(a.store)).toBeNull()
    } finally {
      server().thaw()
    }
    a.clock.advance(60_000)
    expect(await read(a.store)).toBeNull()
    await put(a.store, 'new')
    expect(await read(a.store)).toBe('new')
  })

  test('are not put by a gateway that owes Redis an invalidation', async () => {
    const [a, b] = await two()
    const before = await markOf(a.store)
    server().freeze()
    try {
      // After these nothing is sent any more, so Redis will not find it in its socket when it wakes up.
      await Promise.all([a.store.look('x'), a.store.look('y'), a.store.look('z')])
      await a.store.invalidate(['Game'])
    } finally {
      server().thaw()
    }
    a.clock.advance(60_000)
    await a.store.put('k', { text: 'old', tags: ['Game'], lifetimeMs: 60_000 }, before)
    expect(await read(b.store)).toBeNull()
  })

  test('are dropped late when the gateway that knew of the change was cut off', async () => {
    const [a, b] = await two()
    await put(a.store, 'old')
    const before = await markOf(a.store)
    await a.redis.close()
    await a.store.invalidate(['Game'])
    // Cut off, it neither finds nor puts; the other one serves what it has until it expires.
    expect(await a.store.look('k')).toBeNull()
    await a.store.put('k', { text: 'older', tags: ['Game'], lifetimeMs: 60_000 }, before)
    expect(await read(b.store)).toBe('old')
  })

  test('are forgotten with a Redis that dies, which nobody notices but by missing them', async () => {
    const [a] = await two()
    await put(a.store, 'old')
    await server().kill()
    await a.until('away')
    expect(await a.store.look('k')).toBeNull()
    await a.store.invalidate(['Game'])
    await server().startAgain()
    await a.until('up')
    expect(await read(a.store)).toBeNull()
    await put(a.store, 'new')
    expect(await read(a.store)).toBe('new')
  })
})
