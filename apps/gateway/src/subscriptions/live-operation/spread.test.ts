import { describe, expect, test } from '@jest/globals'
import { createTestTimers } from '../../fixtures/websocket/test-timers.ts'
import { spread } from './spread.ts'

describe('many visits', () => {
  const visitsAfter = (count: number, ...steps: number[]) => {
    const timers = createTestTimers()
    const visited: number[] = []
    spread(
      Array.from({ length: count }, (_, index) => index),
      1_000,
      timers,
      (item) => visited.push(item),
    )
    return steps.map((milliseconds) => {
      timers.advance(milliseconds)
      return visited.length
    })
  }

  test('are spread over the time, in their order', () => {
    expect(visitsAfter(5_000, 0, 480, 500, 20)).toEqual([100, 2_500, 5_000, 5_000])
  })

  test('are made at once where there are few', () => {
    expect(visitsAfter(50, 0)).toEqual([50])
    expect(visitsAfter(51, 0, 20)).toEqual([50, 51])
  })

  test('are none of nothing', () => {
    expect(visitsAfter(0, 0, 1_000)).toEqual([0, 0])
  })
})
