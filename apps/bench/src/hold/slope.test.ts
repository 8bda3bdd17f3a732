import { expect, test } from '@jest/globals'
import { slope } from './slope.ts'

test('what grows by the same each time has that slope', () => {
  expect(slope([10, 12, 14, 16])).toBe(2)
  expect(slope([16, 12, 8])).toBe(-4)
})

test('what goes up and down as much has nearly none', () => {
  expect(slope([5, 7, 5, 7, 5])).toBe(0)
})

test('one figure has none', () => {
  expect(slope([5])).toBeNull()
})
