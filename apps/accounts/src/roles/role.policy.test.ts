import { describe, expect, test } from '@jest/globals'
import { ROLES } from '@courtside/auth'
import { fromRoleName, toRoleName } from '../role-name.ts'
import { isGrantable, ROLE_DESCRIPTIONS } from './role.policy.ts'

describe('ACC-06: roles', () => {
  test('that are given are the five that somebody has to decide on', () => {
    expect(ROLES.filter(isGrantable)).toEqual(['moderator', 'scorekeeper', 'producer', 'editor', 'admin'])
    expect(isGrantable('emperor')).toBe(false)
  })

  test.each(ROLES)('say what %s is', (role) => {
    expect(ROLE_DESCRIPTIONS[role]).toMatch(/\.$/)
  })

  test.each(ROLES)('write %s in the graph in capitals, and read it back', (role) => {
    expect(toRoleName(role)).toBe(role.toUpperCase())
    expect(fromRoleName(toRoleName(role))).toBe(role)
  })

  test('that do not exist are refused', () => {
    expect(() => fromRoleName('EMPEROR')).toThrow('There is no such role.')
  })
})
