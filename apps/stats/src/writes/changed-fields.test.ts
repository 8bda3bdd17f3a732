import { describe, expect, test } from '@jest/globals'
import { changedFields } from './changed-fields.ts'

describe('what a change changed', () => {
  test('is told as it was and as it is', () => {
    expect(changedFields({ name: 'a', city: 'x' }, { name: 'b', city: 'x' })).toEqual({
      before: { name: 'a' },
      after: { name: 'b' },
    })
  })

  test('is nothing when only the time of the change differs', () => {
    expect(
      changedFields({ name: 'a', updatedAt: new Date(1) }, { name: 'a', updatedAt: new Date(2) }),
    ).toBeNull()
  })

  test('sees into times and nested values', () => {
    const rules = { bestOf: 5 }
    expect(changedFields({ at: new Date(1), rules }, { at: new Date(1), rules: { ...rules } })).toBeNull()
    expect(changedFields({ at: new Date(1), rules }, { at: new Date(2), rules: { bestOf: 3 } })).toEqual({
      before: { at: '1970-01-01T00:00:00.001Z', rules: { bestOf: 5 } },
      after: { at: '1970-01-01T00:00:00.002Z', rules: { bestOf: 3 } },
    })
  })

  test('tells null from a value', () => {
    expect(changedFields({ city: null }, { city: 'x' })).toEqual({
      before: { city: null },
      after: { city: 'x' },
    })
  })
})
