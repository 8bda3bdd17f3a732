import { describe, expect, test } from '@jest/globals'
import {
  isUsable,
  placeholderEmail,
  type ProfileFacts,
  rolesOf,
  shownEmail,
  toProfile,
} from './user.policy.ts'

const anna: ProfileFacts = {
  id: '0190a0b0-0000-7000-8000-000000000001',
  username: 'anna',
  displayName: 'Anna K.',
  avatarUrl: 'https://img.example/anna.png',
  bio: 'Setter',
  isVerified: true,
  isActive: true,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  erasedAt: null,
}
const nothingSaid = { displayName: null, avatarUrl: null, bio: null, isVerified: false, isPresent: false }

describe('what everybody sees of a person', () => {
  test('is what they said about themselves', () => {
    const { isActive: _active, erasedAt: _erased, ...said } = anna
    expect(toProfile(anna)).toEqual({ ...said, isPresent: true })
  })

  test('is the name alone while the account is switched off', () => {
    expect(toProfile({ ...anna, isActive: false })).toMatchObject({ username: 'anna', ...nothingSaid })
  })

  test('is an empty shell after it was erased, whatever the row still holds', () => {
    const erased = toProfile({ ...anna, erasedAt: new Date() })
    expect(erased).toMatchObject({ username: `deleted-${anna.id}`, ...nothingSaid })
  })
})

describe('roles', () => {
  test('of everybody include viewer', () => {
    expect(rolesOf([], false)).toEqual(['viewer'])
  })
  test('include member while a membership lasts', () => {
    expect(rolesOf([], true)).toEqual(['viewer', 'member'])
  })
  test('that were granted come on top, once', () => {
    expect(rolesOf(['admin', 'viewer'], true)).toEqual(['viewer', 'member', 'admin'])
  })
})

test('an account can be used while it is switched on and not erased', () => {
  expect(isUsable({ isActive: true, erasedAt: null })).toBe(true)
  expect(isUsable({ isActive: false, erasedAt: null })).toBe(false)
  expect(isUsable({ isActive: true, erasedAt: new Date() })).toBe(false)
})

test('an address that reaches nobody is not shown', () => {
  expect(shownEmail('anna@example.com')).toBe('anna@example.com')
  expect(shownEmail(placeholderEmail('0190a0b0'))).toBeNull()
})
