import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { buildASTSchema, parse } from 'graphql'
import {
  accessTo,
  anonymous,
  type Principal,
  requirementOf,
  ROLES,
  SCOPES,
  scopesOf,
  servicePrincipal,
} from './index.ts'

const viewer: Principal = {
  ...anonymous,
  kind: 'user',
  userId: 'u',
  sessionId: 's',
  roles: ['viewer'],
  scopes: ['write:chat'],
}
const partner: Principal = {
  ...anonymous,
  kind: 'partner',
  apiKeyId: 'k',
  roles: ['partner'],
  scopes: ['write:games'],
}

function requirement(directives: string) {
  const document = parse(`
    directive @authenticated on FIELD_DEFINITION
    directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
    directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION
    type Query { field: Int ${directives} }`)
  return requirementOf(buildASTSchema(document).getQueryType()?.getFields()['field']?.astNode?.directives)
}

describe('what a directive asks for', () => {
  test.each<[string, Principal, string]>([
    ['@authenticated', anonymous, 'unauthenticated'],
    ['@authenticated', viewer, 'granted'],
    ['@authenticated', partner, 'granted'],
    ['@requiresScopes(scopes: [["write:games"]])', anonymous, 'unauthenticated'],
    ['@requiresScopes(scopes: [["write:games"]])', viewer, 'forbidden'],
    ['@requiresScopes(scopes: [["write:games"]])', partner, 'granted'],
    ['@requiresScopes(scopes: [["write:games", "write:chat"]])', partner, 'forbidden'],
    ['@requiresScopes(scopes: [["write:chat"], ["write:games"]])', viewer, 'granted'],
    ['@policy(policies: [["person"]])', viewer, 'granted'],
    ['@policy(policies: [["person"]])', partner, 'forbidden'],
    ['@policy(policies: [["person"]])', servicePrincipal('gateway', [...SCOPES]), 'forbidden'],
    ['@policy(policies: [["person"]]) @requiresScopes(scopes: [["write:games"]])', viewer, 'forbidden'],
  ])('%s', (directives, principal, access) => {
    const asked = requirement(directives)
    expect(asked && accessTo(asked, principal)).toBe(access)
  })

  test('is nothing without a directive', () => {
    expect(requirement('')).toBeNull()
  })

  test.each(['@requiresScopes(scopes: [["write:game"]])', '@policy(policies: [["persons"]])'])(
    'stops the start when %s names something unknown',
    (directives) => {
      expect(() => requirement(directives)).toThrow(/names something unknown/)
    },
  )

  test('never opens by having fewer scopes', () => {
    const scopes = fc.subarray([...SCOPES])
    fc.assert(
      fc.property(fc.array(scopes, { minLength: 1 }), scopes, scopes, (alternatives, held, dropped) => {
        const asked = { authenticated: true, scopes: alternatives, policies: [] }
        const fewer = held.filter((scope) => !dropped.includes(scope))
        if (accessTo(asked, { ...viewer, scopes: fewer }) === 'granted') {
          expect(accessTo(asked, { ...viewer, scopes: held })).toBe('granted')
        }
      }),
    )
  })
})

describe('roles', () => {
  test('give nobody the scope that only the gateway holds', () => {
    expect(scopesOf(ROLES)).not.toContain('resolve:identity')
  })

  test('give an admin everything else', () => {
    expect(scopesOf(['admin'])).toEqual(SCOPES.filter((scope) => scope !== 'resolve:identity').sort())
  })
})
