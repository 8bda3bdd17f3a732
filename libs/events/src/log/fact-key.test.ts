import { isUuid } from '@courtside/kernel'
import { describe, expect, test } from '@jest/globals'
import { factKey } from './fact-key.ts'

describe('the key of a fact', () => {
  test('is the same UUID for the same parts', () => {
    expect(factKey('game', '1')).toBe(factKey('game', '1'))
    expect(isUuid(factKey('game', '1'))).toBe(true)
  })

  test('is another one for other parts, also where the letters are the same', () => {
    const keys = [
      factKey('a', 'b'),
      factKey('ab'),
      factKey('a', 'b', ''),
      factKey('', 'ab'),
      factKey('a","b'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })
})
