import { describe, expect, test } from '@jest/globals'
import { ROLES } from '@courtside/auth'
import fc from 'fast-check'
import { deletedUsername } from './user.policy.ts'
import { hasUsernameForm, usernameFault } from './username.policy.ts'

describe('a user name', () => {
  test.each(['anna', 'Anna_K', 'a.b', 'x-1', 'libero-2026', 'modestas', 'hostess', 'z'.repeat(50)])(
    '%s can be had',
    (name) => {
      expect(usernameFault(name)).toBeNull()
    },
  )

  test.each(['', 'ab', 'z'.repeat(51), 'two words', 'anna@example', 'ánna', 'анна', 'anna\u0000', 'anna\n'])(
    '%j has not the form of one',
    (name) => {
      expect(usernameFault(name)).toMatch(/3 to 50/)
    },
  )

  test.each([
    'admin',
    'ADMIN',
    'a.d.m.i.n',
    '4dm1n',
    'adrnin',
    'admin2026',
    'admin_1',
    'admins',
    'm0derator',
    'moderators',
    'root',
    'r00t',
    'support',
    'deleted-anna',
    'DELETED-x',
  ])('%s is reserved', (name) => {
    expect(usernameFault(name)).toMatch(/reserved/)
  })

  test.each(ROLES)('%s would speak for a role', (role) => {
    expect(usernameFault(role)).toMatch(/reserved/)
    expect(usernameFault(role.toUpperCase())).toMatch(/reserved/)
  })

  test('of an erased account fits the form and cannot be had', () => {
    const name = deletedUsername('0190a0b0-0000-7000-8000-000000000001')
    expect(hasUsernameForm(name)).toBe(true)
    expect(usernameFault(name)).toMatch(/reserved/)
  })

  test('that can be had has the form, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (name) => {
        if (usernameFault(name) === null) expect(name).toMatch(/^[A-Za-z0-9_.-]{3,50}$/)
      }),
    )
  })
})
