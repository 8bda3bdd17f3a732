import { describe, expect, test } from '@jest/globals'
import { anonymous, type Principal } from '@courtside/auth'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse, subscribe } from 'graphql'
import { enforceAccess } from './enforce-access.ts'

const HEADER = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@authenticated", "@requiresScopes", "@policy"])`

const viewer: Principal = {
  ...anonymous,
  kind: 'user',
  userId: 'u',
  sessionId: 's',
  roles: ['viewer'],
  scopes: [],
}
const admin: Principal = { ...viewer, scopes: ['manage:users'] }

const typeDefs = `${HEADER}
  type Query {
    open: String
    known: String @authenticated
    scoped: String @requiresScopes(scopes: [["manage:users"]])
    diary: Diary
    thing: Thing
  }
  type Diary @policy(policies: [["person"]]) { page: String }
  interface Thing { secret: String }
  type Box implements Thing @key(fields: "id") { id: ID! secret: String @requiresScopes(scopes: [["manage:users"]]) }`

function schemaOf(sdl: string) {
  const text = () => 'text'
  const resolvers = {
    Query: {
      open: text,
      known: text,
      scoped: text,
      diary: () => ({ page: 'text' }),
      thing: () => ({ __typename: 'Box', id: '1', secret: 'text' }),
    },
    Box: { __resolveReference: ({ id }: { id: string }) => ({ id, secret: 'text' }) },
  }
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }])
  enforceAccess(schema)
  return schema
}

const ask = async (principal: Principal, source: string) => {
  const { data, errors } = await graphql({ schema: schemaOf(typeDefs), source, contextValue: { principal } })
  return {
    data: JSON.stringify(data),
    code: (errors?.[0]?.originalError as { code?: string } | undefined)?.code,
  }
}

const ENTITY = '{ _entities(representations: [{ __typename: "Box", id: "1" }]) { ... on Box { id secret } } }'

describe('GW-07: a subgraph checks access by itself', () => {
  test.each<[string, Principal, string, string | undefined]>([
    ['an open field', anonymous, '{ open }', undefined],
    ['a field for everybody known', anonymous, '{ known }', 'UNAUTHENTICATED'],
    ['a field for everybody known', viewer, '{ known }', undefined],
    ['a scoped field', viewer, '{ scoped }', 'FORBIDDEN'],
    [
      'a scoped field behind an alias and a fragment',
      viewer,
      '{ ...f } fragment f on Query { open: scoped }',
      'FORBIDDEN',
    ],
    ['a scoped field', admin, '{ scoped }', undefined],
    ['a field of a type with a policy', anonymous, '{ diary { page } }', 'UNAUTHENTICATED'],
    ['a field of a type with a policy', viewer, '{ diary { page } }', undefined],
    ['a field read through its interface', viewer, '{ thing { secret } }', 'FORBIDDEN'],
    ['a field read as an entity', viewer, ENTITY, 'FORBIDDEN'],
    ['a field read as an entity', admin, ENTITY, undefined],
  ])('%s', async (_case, principal, source, code) => {
    const answer = await ask(principal, source)
    expect(answer.code).toBe(code)
    if (code) expect(answer.data).not.toContain('text')
    else expect(answer.data).toContain('text')
  })

  test('also what the whole type of subscriptions asks for, before a source begins', async () => {
    let begun = 0
    async function* source() {
      begun++
      yield { ticked: 1 }
    }
    const schema = buildSubgraphSchema([
      {
        typeDefs: parse(`${HEADER} type Query { a: Int } type Subscription @authenticated { ticked: Int }`),
        resolvers: { Subscription: { ticked: { subscribe: source } } },
      },
    ])
    enforceAccess(schema)
    const listen = (principal: Principal) =>
      subscribe({ schema, document: parse('subscription { ticked }'), contextValue: { principal } })
    expect(await listen(anonymous)).toMatchObject({
      errors: [{ originalError: { code: 'UNAUTHENTICATED' } }],
    })
    expect(begun).toBe(0)
    const events = (await listen(viewer)) as AsyncGenerator<unknown>
    expect((await events.next()).value).toEqual({ data: { ticked: 1 } })
  })

  test('refuses to start with a requirement that it would not enforce', () => {
    expect(() => schemaOf(`${typeDefs} enum Colour @authenticated { RED }`)).toThrow(
      /Colour: put the access directive/,
    )
  })
})
