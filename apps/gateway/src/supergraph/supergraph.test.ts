import { describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { SUPERGRAPH } from '../fixtures/gateway-fixture.ts'
import { readSupergraph, subgraphsIn } from './index.ts'

const authenticatedLink = '@link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)'

describe('reading a supergraph', () => {
  test('keeps the requirements and gives Apollo a copy without them', () => {
    expect(SUPERGRAPH).toContain(authenticatedLink)
    const { access, sdl, subgraphs } = readSupergraph(SUPERGRAPH)
    expect(access.ofField('Query', 'users')?.scopes).toEqual([['manage:users']])
    expect(access.ofField('User', 'diary')?.policies).toEqual([['person']])
    expect(access.ofType('AuditNote')?.scopes).toEqual([['read:audit']])
    expect(access.ofField('Query', 'whoAmI')?.authenticated).toBe(true)
    expect(sdl).not.toMatch(/authenticated|requiresScopes|policy/)
    expect(subgraphs).toEqual(['accounts', 'stats'])
  })

  test('keeps out of sight what Apollo keeps out of sight', () => {
    expect(readSupergraph(SUPERGRAPH).sdl).toMatch(/resolveCredential.*@inaccessible/)
  })

  test.each([
    [
      'a link for security that nobody enforces',
      authenticatedLink,
      `${authenticatedLink} @link(url: "https://specs.apollo.dev/mystery/v1.0", for: SECURITY)`,
    ],
    ['a later version of one that is', 'authenticated/v0.1', 'authenticated/v0.2'],
    [
      'one under another name',
      authenticatedLink,
      '@link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "signedIn", for: SECURITY)',
    ],
    [
      'one with a renamed import',
      authenticatedLink,
      '@link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY, import: [{ name: "@authenticated", as: "@signedIn" }])',
    ],
    ['a directive without its link', authenticatedLink, ''],
  ])('refuses %s', (_, found, instead) => {
    const changed = SUPERGRAPH.replace(found, instead)
    expect(changed).not.toBe(SUPERGRAPH)
    expect(() => readSupergraph(changed)).toThrow(StartupError)
  })

  test('refuses a requirement that names an unknown scope', () => {
    expect(() => readSupergraph(SUPERGRAPH.replace('manage:users', 'manage:everything'))).toThrow(/unknown/)
  })

  test.each(['', '{', 'type Query { a: Int }'])('refuses %j', (text) => {
    expect(() => subgraphsIn(text)).toThrow(StartupError)
  })
})
