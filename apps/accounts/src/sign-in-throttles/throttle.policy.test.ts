import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { FREE_FAILURES, lockSchedule, lockSeconds, throttledAddress } from './throttle.policy.ts'

const LONGEST = 15 * 60
const failures = fc.integer({ min: 1, max: 10_000 })
const free = fc.integer({ min: 0, max: 200 })

describe('the lock after failed sign-ins', () => {
  test('is nothing for five of an account and fifty of an address', () => {
    expect(FREE_FAILURES).toEqual({ account: 5, address: 50 })
    fc.assert(fc.property(free, (most) => lockSeconds(most, most) === 0))
  })

  test('begins at a second and doubles up to a quarter of an hour', () => {
    const locks = Array.from({ length: 13 }, (_, index) => lockSeconds(FREE_FAILURES.account + 1 + index, 5))
    expect(locks).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  })

  test('never shortens as failures go on, and never exceeds its longest', () => {
    fc.assert(
      fc.property(failures, free, (count, most) => {
        const [now, next] = [lockSeconds(count, most), lockSeconds(count + 1, most)]
        return next >= now && next <= LONGEST
      }),
    )
  })

  test('is the same as a schedule, whose last entry counts for all that follow', () => {
    fc.assert(
      fc.property(failures, free, (count, most) => {
        const schedule = lockSchedule(most)
        return schedule[Math.min(count, schedule.length) - 1] === lockSeconds(count, most)
      }),
    )
  })
})

describe('an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, counted) => {
    expect(throttledAddress(address)).toBe(counted)
  })

  test('of IPv6 counts as all of its neighbours, and as none of another network', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16))
    const half = fc.tuple(group, group, group, group).map((groups) => groups.join(':'))
    fc.assert(
      fc.property(half, half, half, (network, host, neighbour) => {
        expect(throttledAddress(`${network}:${host}`)).toBe(throttledAddress(`${network}:${neighbour}`))
      }),
    )
    expect(throttledAddress('2001:db8:1:2::1')).not.toBe(throttledAddress('2001:db8:1:3::1'))
  })

  test.each(['', 'localhost', '300.1.1.1', '2001:db8'])('that is none (%j) is not counted', (text) => {
    expect(throttledAddress(text)).toBeNull()
  })
})
