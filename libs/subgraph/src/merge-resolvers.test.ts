import { describe, expect, test } from '@jest/globals'
import { mergeResolvers } from './merge-resolvers.ts'

const one = () => 1
const two = () => 2

describe('the resolvers of all modules', () => {
  test('are put together type by type', () => {
    expect(mergeResolvers([{ Query: { a: one } }, { Query: { b: two }, Me: { c: one } }])).toEqual({
      Query: { a: one, b: two },
      Me: { c: one },
    })
  })

  test('stop the start when two modules resolve the same field', () => {
    expect(() => mergeResolvers([{ Query: { a: one } }, { Query: { a: two } }])).toThrow(
      'Two modules resolve Query.a',
    )
  })
})
