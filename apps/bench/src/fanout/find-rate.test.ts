import { expect, test } from '@jest/globals'
import { findRate } from './find-rate.ts'

test('the rate is halved until nearly all arrives', async () => {
  const tried: number[] = []
  const rate = await findRate(20, async (perSecond) => {
    tried.push(perSecond)
    return perSecond > 5 ? 0.98 : 0.99
  })
  expect(tried).toEqual([20, 10, 5])
  expect(rate).toBe(5)
})

test('there is no rate for whoever cannot do one event in four seconds', async () => {
  expect(await findRate(1, async () => 0.5)).toBeNull()
})
