import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  endOf,
  endToRecord,
  isActiveAt,
  isSameGrant,
  levelsOpenTo,
  type Term,
  type Tier,
  TIERS,
} from './memberships.policy.ts'

const now = new Date('2026-11-20T12:00:00.000Z')
const at = (milliseconds: number) => new Date(now.getTime() + milliseconds)

describe('ACC-09: what a tier opens', () => {
  test.each([
    [null, ['FREE']],
    ['BASIC', ['FREE', 'SUBSCRIBER_ONLY']],
    ['PREMIUM', ['FREE', 'SUBSCRIBER_ONLY', 'PREMIUM']],
    ['PRO', ['FREE', 'SUBSCRIBER_ONLY', 'PREMIUM']],
  ] as const)('%s opens %j', (tier, levels) => {
    expect(levelsOpenTo(tier)).toEqual(levels)
  })

  test('a higher tier never opens less', () => {
    const tiers: (Tier | null)[] = [null, ...TIERS]
    for (const [index, tier] of tiers.slice(1).entries()) {
      expect(levelsOpenTo(tier)).toEqual(expect.arrayContaining(levelsOpenTo(tiers[index] ?? null)))
    }
  })
})

describe('ACC-08: when a membership counts', () => {
  test.each([
    ['not ended, without an expiry', false, null, true],
    ['not ended, a millisecond to go', false, at(1), true],
    ['not ended, at the very expiry', false, at(0), false],
    ['not ended, a millisecond past the expiry', false, at(-1), false],
    ['ended, without an expiry', true, null, false],
    ['ended, much to go', true, at(1_000_000), false],
  ] as const)('%s', (_, isEnded, expiresAt, counts) => {
    expect(isActiveAt({ isEnded, expiresAt, endedAt: isEnded ? at(-5) : null }, now)).toBe(counts)
  })

  test('one that ran out ended when it ran out, also when somebody ends it later', () => {
    const ranOut = { isEnded: false, expiresAt: at(-10), endedAt: null }
    expect(endOf(ranOut, now)).toEqual(at(-10))
    expect(endToRecord(ranOut.expiresAt, now)).toEqual(at(-10))
  })

  test('one that is ended early ended when it was ended', () => {
    expect(endToRecord(at(10), now)).toEqual(now)
    expect(endToRecord(null, now)).toEqual(now)
  })

  const anyTime = fc.integer({ min: -1_000, max: 1_000 }).map(at)
  const anyTerm: fc.Arbitrary<Term> = fc
    .record({ expiresAt: fc.option(anyTime), endedAt: fc.option(anyTime) })
    .map(({ expiresAt, endedAt }) => ({ expiresAt, endedAt, isEnded: endedAt !== null }))

  test('what has stopped counting never counts again', () => {
    fc.assert(
      fc.property(anyTerm, anyTime, anyTime, (term, one, other) => {
        const [earlier, later] = one <= other ? [one, other] : [other, one]
        if (!isActiveAt(term, earlier)) expect(isActiveAt(term, later)).toBe(false)
      }),
    )
  })

  test('it has an end exactly when it does not count, and never one after now when nobody ended it', () => {
    fc.assert(
      fc.property(anyTerm, anyTime, (term, moment) => {
        const end = endOf(term, moment)
        expect(end === null).toBe(isActiveAt(term, moment))
        if (end !== null && !term.isEnded) expect(end <= moment).toBe(true)
      }),
    )
  })

  test('ending it at any time leaves it ended from then on, and no later than it would have run out', () => {
    fc.assert(
      fc.property(anyTerm, anyTime, (term, moment) => {
        const endedAt = endToRecord(term.expiresAt, moment)
        const ended = { ...term, isEnded: true, endedAt }
        expect(isActiveAt(ended, moment)).toBe(false)
        expect(endedAt <= moment).toBe(true)
        if (term.expiresAt !== null) expect(endedAt <= term.expiresAt).toBe(true)
      }),
    )
  })
})

describe('ACC-08: granting what is there already', () => {
  test.each([
    ['same tier, same end', 'PRO', at(5), true],
    ['same tier, another end', 'PRO', at(6), false],
    ['same tier, no end', 'PRO', null, false],
    ['another tier, same end', 'BASIC', at(5), false],
  ] as const)('%s', (_, tier, expiresAt, same) => {
    expect(isSameGrant({ tier: 'PRO', expiresAt: at(5) }, { tier, expiresAt })).toBe(same)
  })

  test('both without an end', () => {
    expect(isSameGrant({ tier: 'BASIC', expiresAt: null }, { tier: 'BASIC', expiresAt: null })).toBe(true)
  })
})
