import { describe, expect, test } from '@jest/globals'
import { median } from './median.ts'
import { percentile } from './percentile.ts'

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

describe('a percentile', () => {
  test.each([
    [50, 50],
    [99, 99],
    [100, 100],
    [0, 1],
  ])('%i %% of the numbers to a hundred do not exceed %i', (percent, figure) => {
    expect(percentile(hundred, percent)).toBe(figure)
  })

  test('is a figure that was measured, of however few', () => {
    expect(percentile([7], 99)).toBe(7)
    expect(percentile([9, 3], 50)).toBe(3)
  })

  test('of nothing there is none', () => {
    expect(() => percentile([], 50)).toThrow('no percentile')
  })
})

describe('a median', () => {
  test('is the middle figure, or the lower of two', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 3, 2])).toBe(2)
  })

  test('of nothing there is none', () => {
    expect(() => median([])).toThrow('no median')
  })
})
