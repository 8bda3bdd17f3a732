import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { absoluteEnd, idleEnd, isAlive, isTouchDue, refreshVerdict } from './session.policy.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const now = new Date('2026-11-20T12:00:00Z')
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds)
const alive = { expiresAt: later(1), idleExpiresAt: later(1), revokedAt: null }

describe('a session', () => {
  test('is alive until it ends, runs idle or is revoked', () => {
    expect(isAlive(alive, now)).toBe(true)
    expect(isAlive({ ...alive, expiresAt: now }, now)).toBe(false)
    expect(isAlive({ ...alive, idleExpiresAt: now }, now)).toBe(false)
    expect(isAlive({ ...alive, revokedAt: later(-1) }, now)).toBe(false)
  })

  test('ends after 90 days, or after 30 without use', () => {
    expect(absoluteEnd(now)).toEqual(later(90 * DAY_MS))
    expect(idleEnd(now, absoluteEnd(now))).toEqual(later(30 * DAY_MS))
  })

  test('is never put off beyond its absolute end, whenever it is used', () => {
    const end = absoluteEnd(now)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), (days) => {
        const used = later(days * DAY_MS)
        const idle = idleEnd(used, end)
        return idle <= end && idle >= used
      }),
    )
  })

  test('is noted as used at most once a minute', () => {
    expect(isTouchDue(later(-59_999), now)).toBe(false)
    expect(isTouchDue(later(-60_000), now)).toBe(true)
  })
})

describe('a refresh token', () => {
  const rotated = { ...alive, rotatedAt: later(-30_000) }

  test('that is the current one rotates', () => {
    expect(refreshVerdict(rotated, 'current', now)).toBe('rotate')
    expect(refreshVerdict({ ...rotated, rotatedAt: null }, 'current', now)).toBe('rotate')
  })

  test('that was current half a minute ago repeats', () => {
    expect(refreshVerdict(rotated, 'previous', now)).toBe('repeat')
  })

  test('that was current longer ago is stolen', () => {
    expect(refreshVerdict({ ...rotated, rotatedAt: later(-30_001) }, 'previous', now)).toBe('stolen')
    expect(refreshVerdict({ ...rotated, rotatedAt: null }, 'previous', now)).toBe('stolen')
  })

  test('that is older still is stolen, even a moment after it was current', () => {
    expect(refreshVerdict({ ...rotated, rotatedAt: now }, 'older', now)).toBe('stolen')
  })

  test.each(['current', 'previous', 'older'] as const)(
    'of a session that has ended is over, %s or not',
    (presented) => {
      expect(refreshVerdict({ ...rotated, revokedAt: later(-1) }, presented, now)).toBe('over')
      expect(refreshVerdict({ ...rotated, idleExpiresAt: now }, presented, now)).toBe('over')
    },
  )
})
