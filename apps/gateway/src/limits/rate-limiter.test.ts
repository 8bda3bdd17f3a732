import { describe, expect, test } from '@jest/globals'
import { createTestClock } from '@courtside/testing'
import { addressKey, createRateLimiter } from './index.ts'

const noon = new Date('2026-11-20T12:00:00Z')

describe('the rate limiter', () => {
  test('allows a minute of requests at once, then as many as come back', () => {
    const clock = createTestClock(noon)
    const limiter = createRateLimiter(clock)
    const take = () => limiter.take('key', 60).allowed
    for (let taken = 0; taken < 60; taken += 1) expect(take()).toBe(true)
    expect(take()).toBe(false)
    clock.advance(999)
    expect(take()).toBe(false)
    clock.advance(1)
    expect(take()).toBe(true)
    expect(take()).toBe(false)
  })

  test('says how long to wait, and after that wait allows it', () => {
    const clock = createTestClock(noon)
    const limiter = createRateLimiter(clock)
    limiter.take('key', 2)
    limiter.take('key', 2)
    const { allowed, retryAfterSeconds } = limiter.take('key', 2)
    expect({ allowed, retryAfterSeconds }).toEqual({ allowed: false, retryAfterSeconds: 30 })
    clock.advance(retryAfterSeconds * 1000)
    expect(limiter.take('key', 2).allowed).toBe(true)
  })

  test('counts each key by itself', () => {
    const limiter = createRateLimiter(createTestClock(noon))
    limiter.take('one', 1)
    expect(limiter.take('one', 1).allowed).toBe(false)
    expect(limiter.take('other', 1).allowed).toBe(true)
  })

  test('can be asked without taking anything', () => {
    const limiter = createRateLimiter(createTestClock(noon))
    for (let asked = 0; asked < 5; asked += 1) expect(limiter.take('key', 1, 0).allowed).toBe(true)
    limiter.take('key', 1)
    expect(limiter.take('key', 1, 0).allowed).toBe(false)
  })

  test('takes nothing away when the clock is set back', () => {
    const clock = createTestClock(noon)
    const limiter = createRateLimiter(clock)
    limiter.take('key', 2)
    clock.advance(-3_600_000)
    expect(limiter.take('key', 2).allowed).toBe(true)
    expect(limiter.take('key', 2).allowed).toBe(false)
  })

  test('says what is left, of each key’s own allowance', () => {
    const clock = createTestClock(noon)
    const limiter = createRateLimiter(clock)
    expect(limiter.take('key', 60, 25)).toEqual({ allowed: true, retryAfterSeconds: 0, remaining: 35 })
    clock.advance(1_500)
    expect(limiter.take('key', 60, 0)).toMatchObject({ remaining: 36 })
    expect(limiter.take('key', 60, 37)).toEqual({ allowed: false, retryAfterSeconds: 1, remaining: 36 })
    expect(limiter.take('key', 10, 0)).toMatchObject({ remaining: 10 })
  })

  test('takes all or nothing', () => {
    const limiter = createRateLimiter(createTestClock(noon))
    expect(limiter.take('key', 10, 11)).toMatchObject({ allowed: false, remaining: 10 })
    expect(limiter.take('key', 10, 10)).toMatchObject({ allowed: true, remaining: 0 })
  })

  test('remembers so many keys and no more: the first of very many begins anew', () => {
    const limiter = createRateLimiter(createTestClock(noon))
    limiter.take('first', 1)
    for (let n = 0; n < 99_999; n += 1) limiter.take(`key ${n}`, 1)
    expect(limiter.take('first', 1)).toMatchObject({ allowed: false })
    for (let n = 0; n < 100_000; n += 1) limiter.take(`other key ${n}`, 1)
    expect(limiter.take('first', 1)).toMatchObject({ allowed: true })
  })

  test('never lets a key through whose allowance is nothing, and still says when to ask again', () => {
    const limiter = createRateLimiter(createTestClock(noon))
    expect(limiter.take('key', 0)).toEqual({
      allowed: false,
      retryAfterSeconds: 3_600,
      remaining: 0,
    })
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
