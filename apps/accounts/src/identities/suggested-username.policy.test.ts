import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { usernameFault } from '../users/index.ts'
import { suggestedUsername } from './suggested-username.policy.ts'

function suggestions(name: string | null, count: number, random = () => 0.5): string[] {
  return Array.from({ length: count }, (_, attempt) => suggestedUsername(name, attempt, random))
}

describe('ACC-05: the user name of somebody from elsewhere', () => {
  test.each([
    ['Anna Lindqvist', 'anna.lindqvist'],
    ['Zoë van Dyk', 'zoe.van.dyk'],
    ['  --Bo Li--  ', 'bo.li'],
    ['x'.repeat(99), 'x'.repeat(40)],
  ])('is made of their name: %j becomes %s', (name, username) => {
    expect(suggestions(name, 1)).toEqual([username])
  })

  test.each([null, '', '山田太郎', 'X', 'Admin', 'deleted-'])(
    'is a neutral one when the name %j gives none',
    (name) => {
      const [first] = suggestions(name, 1)
      expect(first).toMatch(/^fan-\d{4}$/)
    },
  )

  test('goes on with ever more digits while names are taken', () => {
    expect(suggestions('Anna Lindqvist', 3, () => 0.25)).toEqual([
      'anna.lindqvist',
      'anna.lindqvist-2500',
      'anna.lindqvist-25000',
    ])
  })

  test('can always be had, whatever the issuer says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        for (const suggestion of suggestions(name, 4, Math.random))
          expect(usernameFault(suggestion)).toBeNull()
      }),
    )
  })
})
