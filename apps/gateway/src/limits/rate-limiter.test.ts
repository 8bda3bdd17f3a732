import { describe, expect, test } from '@jest/globals'
import { createTestClock } from '@courtside/testing'
import { addressKey, createRateLimiter } from './index.ts'

const noon = new Date('2026-11-20T12:00:00Z')

describe('the rate limiter', () => {
  test('allows a minute of requests at once, then as many as come back', async () => {
    const clock = createTestClock(noon)
    const limiter = createRateLimiter(clock)
    const take = async () => (await limiter.take('key', 60)).allowed
    for (let taken = 0; taken < 60; taken += 1) expect(await take()).toBe(true)
    expect(await take()).toBe(false)
    clock.advance(999)
    expect(await take()).toBe(false)
    clock.advance(1)
    expect(await take()).toBe(true)
    expect(await take()).toBe(false)
  })

  test('says how long to wait, and after that wait allows it', async () => {
    const clock = createTestClock(noon)
    const limiter = createRateLimiter(clock)
    await limiter.take('key', 2)
    await limiter.take('key', 2)
    const { allowed, retryAfterSeconds } = await limiter.take('key', 2)
    expect({ allowed, retryAfterSeconds }).toEqual({ allowed: false, retryAfterSeconds: 30 })
    clock.advance(retryAfterSeconds * 1000)
    expect((await limiter.take('key', 2)).allowed).toBe(true)
  })

  test('counts each key by itself', async () => {
    const limiter = createRateLimiter(createTestClock(noon))
    await limiter.take('one', 1)
    expect((await limiter.take('one', 1)).allowed).toBe(false)
    expect((await limiter.take('other', 1)).allowed).toBe(true)
  })

  test('can be asked without taking anything', async () => {
    const limiter = createRateLimiter(createTestClock(noon))
    for (let asked = 0; asked < 5; asked += 1) expect((await limiter.take('key', 1, 0)).allowed).toBe(true)
    await limiter.take('key', 1)
    expect((await limiter.take('key', 1, 0)).allowed).toBe(false)
  })

  test('takes nothing away when the clock is set back', async () => {
    const clock = createTestClock(noon)
    const limiter = createRateLimiter(clock)
    await limiter.take('key', 2)
    clock.advance(-3_600_000)
    expect((await limiter.take('key', 2)).allowed).toBe(true)
    expect((await limiter.take('key', 2)).allowed).toBe(false)
  })

  test('never lets a key through whose allowance is nothing, and still says when to ask again', async () => {
    const limiter = createRateLimiter(createTestClock(noon))
    expect(await limiter.take('key', 0)).toEqual({ allowed: false, retryAfterSeconds: 3_600 })
  })
})

describe('whom an address stands for', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
