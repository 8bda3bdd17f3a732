import { describe, expect, test } from '@jest/globals'
import { anonymous, type Principal } from '@courtside/auth'
import { createTestClock } from '@courtside/testing'
import {
  type BudgetHolder,
  budgetHolder,
  createCostBudget,
  createRateLimiter,
  type RateLimiter,
  wantsCost,
} from './index.ts'

const noon = new Date('2026-11-20T12:00:00Z')
const limits = { cost: 60, costPerMinute: { address: 60, person: 120, partner: 180 } }

function open(rateLimiter?: RateLimiter) {
  const clock = createTestClock(noon)
  const limited: string[] = []
  const budget = createCostBudget({
    rateLimiter: rateLimiter ?? createRateLimiter(clock),
    limits,
    onLimited: (kind) => limited.push(kind),
  })
  return { clock, limited, budget }
}

const holder = (kind: BudgetHolder['kind'], id = 'one'): BudgetHolder => ({ kind, id })

describe('what a caller may spend in a minute', () => {
  test.each([
    ['address', null, 60],
    ['person', null, 120],
    ['partner', null, 180],
    ['partner', 90, 90],
    // Only keys carry a figure of their own.
    ['person', 90, 120],
  ] as const)('of %s with %s of its own is %d, and not one more', async (kind, own, perMinute) => {
    const { budget, limited } = open()
    expect(await budget.charge(holder(kind), perMinute - 1, own)).toEqual({
      requested: perMinute - 1,
      limit: Math.min(60, perMinute),
      perMinute,
      remaining: 1,
    })
    expect(await budget.charge(holder(kind), 1, own)).toMatchObject({ remaining: 0 })
    expect(() => budget.charge(holder(kind), 1, own)).toThrow(
      expect.objectContaining({
        kind: 'limited',
        code: 'RATE_LIMITED',
        details: { limit: perMinute, cost: 1, remaining: 0, retryAfterSeconds: 1 },
      }),
    )
    expect(limited).toEqual([kind])
  })

  test('comes back with time, and after the wait that was told', async () => {
    const { budget, clock } = open()
    await budget.charge(holder('address'), 60, null)
    expect(() => budget.charge(holder('address'), 30, null)).toThrow(
      'Operations may cost 60 a minute here. This one costs 30, and 0 is left. Wait 30 s, or ask for less.',
    )
    clock.advance(29_999)
    expect(() => budget.charge(holder('address'), 30, null)).toThrow(/Wait 1 s/)
    clock.advance(1)
    expect(await budget.charge(holder('address'), 30, null)).toMatchObject({ remaining: 0 })
  })

  test('is not lowered by what was refused', async () => {
    const { budget } = open()
    await budget.charge(holder('address'), 30, null)
    expect(() => budget.charge(holder('address'), 31, null)).toThrow(/30 is left/)
    expect(await budget.charge(holder('address'), 30, null)).toMatchObject({ remaining: 0 })
  })

  test('is each one’s own, whatever the others are called', async () => {
    const { budget } = open()
    await budget.charge(holder('address', 'same'), 60, null)
    expect(await budget.charge(holder('person', 'same'), 60, null)).toMatchObject({ remaining: 60 })
    expect(await budget.charge(holder('address', 'other'), 60, null)).toMatchObject({ remaining: 0 })
  })

  test('never allows what costs more than a minute gives: waiting would not help', async () => {
    const { budget, limited } = open()
    expect(() => budget.charge(holder('partner'), 21, 20)).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        code: 'COST_LIMIT_EXCEEDED',
        details: { limit: 20, actual: 21 },
      }),
    )
    expect(await budget.charge(holder('partner'), 20, 20)).toMatchObject({ limit: 20, remaining: 0 })
    expect(limited).toEqual([])
  })

  test('is waited for where it is counted elsewhere', async () => {
    const asked: unknown[][] = []
    const answers = [
      { allowed: true, retryAfterSeconds: 0, remaining: 5 },
      { allowed: false, retryAfterSeconds: 7, remaining: 5 },
    ]
    const { budget, limited } = open({
      take: async (...given) => {
        asked.push(given)
        return answers[asked.length - 1] ?? { allowed: false, retryAfterSeconds: 0, remaining: 0 }
      },
    })
    expect(await budget.charge(holder('address', 'a'), 9, null)).toMatchObject({ remaining: 5 })
    await expect(budget.charge(holder('address', 'a'), 9, null)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterSeconds: 7 },
    })
    expect(asked).toEqual([
      ['cost:address:a', 60, 9],
      ['cost:address:a', 60, 9],
    ])
    expect(limited).toEqual(['address'])
  })
})

describe('who has an allowance', () => {
  const principal = (given: Partial<Principal>): Principal => ({ ...anonymous, ...given })

  test.each<[string, Principal, BudgetHolder]>([
    ['a stranger', anonymous, { kind: 'address', id: '2001:db8:0:0::/64' }],
    ['a person', principal({ kind: 'user', userId: 'u', sessionId: 's' }), { kind: 'person', id: 'u' }],
    ['a service', principal({ kind: 'service', service: 'import' }), { kind: 'person', id: 'import' }],
    ['a key', principal({ kind: 'partner', apiKeyId: 'k' }), { kind: 'partner', id: 'k' }],
  ])('%s', (_, who, expected) => {
    expect(budgetHolder(who, '2001:db8::1')).toEqual(expected)
  })
})

describe('the cost of an answer', () => {
  test.each([
    [{ 'x-courtside-cost': '1' }, true],
    [{ 'x-courtside-cost': '0' }, false],
    [{ 'x-courtside-cost': '' }, false],
    [{}, false],
  ])('is told to who sends %j: %s', (headers, told) => {
    expect(wantsCost(headers)).toBe(told)
  })
})
