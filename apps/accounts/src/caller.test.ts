import { describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import type { Principal } from '@courtside/auth'
import { principals } from '@courtside/testing'
import { assertScope, auditOf, type Caller, personOf } from './caller.ts'

const callerOf = (principal: Principal): Caller => ({
  principal,
  requestId: 'request-1',
  clientAddress: null,
  clientAgent: null,
  log: silentLogger,
})

describe('a caller', () => {
  test('is a person only when signed in as one', () => {
    const anna = principals.user('viewer')
    expect(personOf(callerOf(anna))).toBe(anna.userId)
    const others = [principals.anonymous, principals.partner(), principals.service('billing')]
    for (const other of [...others, { ...principals.partner(), userId: anna.userId }]) {
      expect(() => personOf(callerOf(other))).toThrow(/Only a person who is signed in/)
    }
  })

  test('acts for others only with the scope for it, whatever the schema asked already', () => {
    expect(() =>
      assertScope(callerOf(principals.userWithScopes('manage:users')), 'manage:users'),
    ).not.toThrow()
    expect(() => assertScope(callerOf(principals.userWithScopes('manage:roles')), 'manage:users')).toThrow(
      /takes the scope manage:users/,
    )
  })

  test('is written down as who it is', () => {
    const anna = principals.user('viewer')
    expect(auditOf(callerOf(anna))).toEqual({
      requestId: 'request-1',
      actor: { kind: 'user', userId: anna.userId, apiKeyId: null, service: null },
    })
  })
})
