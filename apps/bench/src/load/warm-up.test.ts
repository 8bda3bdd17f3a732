import { describe, expect, test } from '@jest/globals'
import { warmUp } from './warm-up.ts'

describe('warming up', () => {
  const secondsFor = async (costs: readonly number[]) => {
    let seconds = 0
    await warmUp(async () => costs[Math.min(seconds++, costs.length - 1)] ?? NaN)
    return seconds
  }

  test('takes three seconds at least', async () => {
    expect(await secondsFor([50])).toBe(3)
  })

  test('goes on while each second is cheaper than the one before', async () => {
    expect(await secondsFor([100, 80, 60, 50, 49])).toBe(5)
  })

  test('ends even where nothing becomes steady', async () => {
    expect(await secondsFor([100, 50, 100, 50, 100, 50, 100, 50, 100, 50, 100])).toBe(10)
  })
})
