import { describe, expect, test } from '@jest/globals'
import { compilingCost, readingCost } from './first-sight.ts'

describe('what is met for the first time', () => {
  test('costs by its letters to be read', () => {
    expect(readingCost('{ a }')).toBe(21)
    // 34 ms were measured, and a unit is 40 µs.
    expect(readingCost('x'.repeat(4_000))).toBe(820)
  })

  test('costs by its selections to be compiled, and twice as much for each condition', () => {
    expect(compilingCost({ selections: 30, directives: 0 })).toBe(200)
    expect(compilingCost({ selections: 30, directives: 2 })).toBe(800)
    expect(compilingCost({ selections: 30, directives: 50 })).toBe(
      compilingCost({ selections: 30, directives: 4 }),
    )
  })
})
