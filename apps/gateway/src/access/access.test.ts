import { describe, expect, test } from '@jest/globals'
import { anonymous, type Principal } from '@courtside/auth'
import { isDomainError } from '@courtside/kernel'
import { principals } from '@courtside/testing'
import { Kind, parse } from 'graphql'
import { assertAccess, createAccessMap, requiredAccess } from './index.ts'

const DIRECTIVES = `
  directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
`
const access = createAccessMap(
  parse(`${DIRECTIVES}
    type Query {
      game: Game
      node: Node
      face: Face
      search: [Result!]!
      me: User @policy(policies: [["person"]])
      all: [User!]! @requiresScopes(scopes: [["manage:users"], ["read:audit"]])
      code: Code
      vault: Vault
    }
    type Mutation { rename(title: String): Game @requiresScopes(scopes: [["write:games"]]) }
    interface Node { id: ID! }
    interface Face @authenticated { id: ID! }
    type Game implements Node { id: ID! title: String scouting: String @requiresScopes(scopes: [["score:games"]]) mvp: User }
    type User implements Node { id: ID! @authenticated name: String email: String @authenticated }
    type Shown implements Face { id: ID! }
    type Vault @requiresScopes(scopes: [["read:audit"]]) { id: ID! open: Boolean }
    union Result = Game | User | Vault
    scalar Code @authenticated
  `),
)

function refusalOf(text: string, principal: Principal): { code: string; paths: unknown } | null {
  const document = parse(text)
  const [operation] = document.definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
  try {
    assertAccess(requiredAccess(operation, document, access), principal)
    return null
  } catch (error) {
    if (!isDomainError(error)) throw error
    return { code: error.code, paths: error.details?.['paths'] }
  }
}

const callers = {
  anonymous,
  viewer: principals.user('viewer'),
  scorekeeper: principals.user('scorekeeper'),
  auditor: principals.userWithScopes('read:audit'),
  partner: principals.partner('score:games', 'write:games'),
}
const granted = null

describe('what an operation asks of its caller', () => {
  test.each<[string, keyof typeof callers, string | null, string[][]]>([
    ['{ game { id title } }', 'anonymous', granted, []],
    ['{ __schema { types { name } } __typename }', 'anonymous', granted, []],
    ['{ me { name } }', 'anonymous', 'UNAUTHENTICATED', [['me']]],
    ['{ me { name } }', 'viewer', granted, []],
    ['{ me { name } }', 'partner', 'FORBIDDEN', [['me']]],
    ['{ all { name } }', 'viewer', 'FORBIDDEN', [['all']]],
    ['{ all { name } }', 'auditor', granted, []],
    ['mutation { rename(title: "x") { id } }', 'viewer', 'FORBIDDEN', [['rename']]],
    ['mutation { rename(title: "x") { id } }', 'partner', granted, []],

    // By another name, through fragments of every kind, among other things.
    ['{ game { innocent: scouting } }', 'viewer', 'FORBIDDEN', [['game', 'innocent']]],
    [
      '{ game { ... { ...F } } } fragment F on Game { scouting }',
      'viewer',
      'FORBIDDEN',
      [['game', 'scouting']],
    ],
    [
      '{ game { ...F } } fragment F on Game { ...G } fragment G on Game { scouting }',
      'scorekeeper',
      granted,
      [],
    ],
    ['{ a: game { title } b: game { scouting } }', 'viewer', 'FORBIDDEN', [['b', 'scouting']]],
    [
      '{ game { mvp { email } } me { email } }',
      'anonymous',
      'UNAUTHENTICATED',
      [['game', 'mvp', 'email'], ['me', 'email'], ['me']],
    ],

    // Behind an interface or a union: what any type there asks.
    ['{ node { id } }', 'anonymous', 'UNAUTHENTICATED', [['node', 'id']]],
    ['{ node { id } }', 'viewer', granted, []],
    ['{ node { ... on Game { id } } }', 'anonymous', granted, []],
    ['{ node { ... on User { id } } }', 'anonymous', 'UNAUTHENTICATED', [['node', 'id']]],
    ['{ node { ... on Node { id } } }', 'anonymous', 'UNAUTHENTICATED', [['node', 'id']]],
    ['{ game { ... on Node { id } } }', 'anonymous', granted, []],
    ['{ game { ... on Node { ... on Game { scouting } } } }', 'viewer', 'FORBIDDEN', [['game', 'scouting']]],
    ['{ node { __typename } }', 'anonymous', granted, []],
    ['{ search { ... on Game { id } } }', 'anonymous', granted, []],
    ['{ search { ... on Vault { open } } }', 'viewer', 'FORBIDDEN', [['search', 'open']]],
    ['{ search { ... on Node { id } } }', 'anonymous', 'UNAUTHENTICATED', [['search', 'id']]],

    // On types.
    ['{ vault { __typename } }', 'viewer', 'FORBIDDEN', [['vault']]],
    ['{ face { id } }', 'anonymous', 'UNAUTHENTICATED', [['face'], ['face', 'id']]],
    ['{ code }', 'anonymous', 'UNAUTHENTICATED', [['code']]],

    // Only a constant says that a field is never read.
    ['{ game { scouting @skip(if: true) } }', 'anonymous', granted, []],
    ['{ game { scouting @include(if: false) } }', 'anonymous', granted, []],
    [
      '{ game { ... @include(if: false) { scouting } ...F @skip(if: true) } } fragment F on Game { scouting }',
      'anonymous',
      granted,
      [],
    ],
    ['{ game { scouting @skip(if: false) } }', 'anonymous', 'UNAUTHENTICATED', [['game', 'scouting']]],
    ['{ game { scouting @include(if: true) } }', 'anonymous', 'UNAUTHENTICATED', [['game', 'scouting']]],
    [
      'query ($v: Boolean!) { game { scouting @skip(if: $v) } }',
      'anonymous',
      'UNAUTHENTICATED',
      [['game', 'scouting']],
    ],
    [
      'query ($v: Boolean = false) { game { scouting @include(if: $v) } }',
      'anonymous',
      'UNAUTHENTICATED',
      [['game', 'scouting']],
    ],
  ])('%s for %s is %s', (text, who, code, paths) => {
    expect(refusalOf(text, callers[who])).toEqual(code === null ? null : { code, paths })
  })

  test('is said in words a person can act on', () => {
    const document = parse('{ game { scouting } all { name } }')
    const [operation] = document.definitions
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation')
    const required = requiredAccess(operation, document, access)
    expect(() => assertAccess(required, anonymous)).toThrow('Sign in to use game.scouting, all.')
    expect(() => assertAccess(required, callers.viewer)).toThrow(
      'You may not use game.scouting, all. Leave it out, or use an account or key that may.',
    )
  })

  test('names only the first places', () => {
    const aliases = Array.from({ length: 30 }, (_, n) => `x${n}: scouting`).join(' ')
    expect(refusalOf(`{ game { ${aliases} } }`, anonymous)?.paths).toHaveLength(20)
  })
})

describe('an access map', () => {
  test.each(['@requiresScopes(scopes: [["no:such-scope"]])', '@policy(policies: [["no-such-policy"]])'])(
    'is not made of %s',
    (directive) => {
      const make = () => createAccessMap(parse(`${DIRECTIVES} type Query { a: Int ${directive} }`))
      expect(make).toThrow(/names something unknown/)
    },
  )
})
