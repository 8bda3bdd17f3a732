import { describe, expect, test } from '@jest/globals'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { type GraphQLResolveInfo, type GraphQLSchema, parse } from 'graphql'
import { createOperations } from './index.ts'

const SDL = `
  type Query { hello(name: String, tags: [String!]): String lane: String person: Person }
  type Person { name: String email: String friend: Person }
  type Subscription { greeted: String }`

const lanes: string[] = []
const person = { name: 'Ann', email: 'ann@example.org', friend: { name: 'Bob', email: 'bob@example.org' } }
const read = (source: Record<string, unknown>, _args: object, _context: object, info: GraphQLResolveInfo) =>
  source[info.fieldName]

const Query = {
  hello: (_: unknown, args: object) => JSON.stringify(args),
  // graphql-js tells the type in a path, compiled code does not.
  lane: (_: unknown, _args: object, _context: object, info: GraphQLResolveInfo) => {
    lanes.push(info.path.typename === undefined ? 'compiled' : 'interpreted')
    return lanes.at(-1)
  },
  person: () => person,
}

function open(resolvers: object = {}, rememberedBytes?: number) {
  const build = (): GraphQLSchema =>
    buildSubgraphSchema([
      {
        typeDefs: parse(SDL),
        resolvers: {
          Query,
          ...resolvers,
        },
      },
    ])
  const unfit: Error[] = []
  const operations = createOperations({
    schema: build(),
    schemaToCompile: build(),
    onUnfit: (reason) => unfit.push(reason),
    ...(rememberedBytes !== undefined && { rememberedBytes }),
  })
  const run = async (query: string, variables = {}, operationName: string | null = null) =>
    operations.find(query, operationName)?.run(variables, {})
  return { operations, run, unfit }
}

describe('operations', () => {
  test('of queries are compiled, and of one text each by its name', async () => {
    const { run } = open()
    const query = 'query A { lane } query B { person { name } }'
    expect(await run(query, {}, 'A')).toEqual({ data: { lane: 'compiled' } })
    expect(await run(query, {}, 'B')).toEqual({ data: { person: { name: 'Ann' } } })
    expect(await run(query, {}, 'C')).toBeUndefined()
    expect(await run(query)).toBeUndefined()
  })

  test.each(['{ nobody }', '{ hello', '{ __schema { types { name } } }', '{ __proto__: lane }', ''])(
    'that Apollo Server should answer are not found: %j',
    async (query) => {
      expect(open().operations.find(query, null)).toBeNull()
    },
  )

  test('with variables that do not fit say so before anything runs', async () => {
    expect(await open().run('query ($name: String!) { lane hello(name: $name) }')).toBeNull()
    expect(await open().run('query ($name: String) { lane hello(name: $name) }', { name: 4 })).toBeNull()
  })

  test('are forgotten beyond the bytes allowed, however many texts there are', async () => {
    const { operations, run } = open({}, 300_000)
    for (let index = 0; index < 10_000; index++) {
      const query = `{ a${index}: lane }`
      if (index % 20 === 0) await run(query)
      else operations.find(query, null)
      if (index % 500 === 0) expect(operations.bytes).toBeLessThanOrEqual(300_000)
    }
    // Not empty either, and the first one of all is simply compiled again.
    expect(operations.bytes).toBeGreaterThan(150_000)
    expect(await run('{ a0: lane }')).toEqual({ data: { a0: 'compiled' } })
  })

  test('weigh more once they are compiled', async () => {
    const { operations, run } = open()
    operations.find('{ lane }', null)
    const read = operations.bytes
    await run('{ lane }')
    expect(operations.bytes).toBeGreaterThan(2 * read)
  })
})

describe('subscriptions', () => {
  const TEXT = 'subscription A { greeted } subscription B { greeted } query Q { hello }'

  test('are found by their names, read and validated once, and no plain operations', () => {
    const { operations } = open()
    const first = operations.findSubscription(TEXT, 'A')
    const second = operations.findSubscription(TEXT, 'B')
    expect([first, second].map((found) => found?.definition.name?.value)).toEqual(['A', 'B'])
    expect(first?.document).toBe(second?.document)
    expect(operations.find(TEXT, 'A')).toBeNull()
  })

  test.each<[string, string, string | null]>([
    ['a query', TEXT, 'Q'],
    ['what has no name to be told by', TEXT, null],
    ['a name that is not there', TEXT, 'C'],
    ['what is not valid', 'subscription { unknown }', null],
    ['no GraphQL', 'subscription {', null],
  ])('are not %s', (_, text, name) => {
    expect(open().operations.findSubscription(text, name)).toBeNull()
  })

  test('are forgotten like others when there are too many', () => {
    const { operations } = open({}, 5_000)
    for (let n = 0; n < 100; n++) operations.findSubscription(`subscription S${n} { greeted }`, null)
    expect(operations.bytes).toBeLessThanOrEqual(5_000)
  })
})

describe('what a client writes into an operation', () => {
  const MARK = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d'
  test.each([
    `${MARK}(globalThis.intruded = true)`,
    '__MAGIC_NAN__57f286b9_4c20_487f_b409_79804ddcb4f8',
    "'+(globalThis.intruded = true)+'",
    '`${globalThis.intruded = true}`',
  ])('is never run as code: %s', async (text) => {
    const { run } = open()
    const query = `{ hello(name: ${JSON.stringify(text)}, tags: [${JSON.stringify(text)}]) lane }`
    expect(await run(query)).toEqual({
      data: { hello: JSON.stringify({ name: text, tags: [text] }), lane: 'compiled' },
    })
    expect(globalThis).not.toHaveProperty('intruded')
  })

  test('cannot make one field answer with the value of another', async () => {
    const { run } = open({ Person: { name: read, email: read } })
    // Both paths to a leaf read `q_p_r` when joined, which is how compiled code tells resolvers where they are.
    expect(await run('{ r: person { q_p: email p: friend { q: name } } }')).toEqual({
      data: { r: { q_p: 'ann@example.org', p: { q: 'Bob' } } },
    })
  })

  test('may be much: what is too large to be written out is interpreted', async () => {
    const doubling = Array.from(
      { length: 14 },
      (_, index) => `fragment F${index} on Person { ...F${index + 1} friend { ...F${index + 1} } }`,
    )
    const query = `{ lane person { ...F0 } } ${doubling.join(' ')} fragment F14 on Person { name }`
    expect(await open().run(query)).toMatchObject({ data: { lane: 'interpreted', person: { name: 'Ann' } } })
  })
})

describe('a value that compiled code cannot read', () => {
  const broken = {
    get name(): string {
      throw new Error('not today')
    },
  }
  test.each<[string, object]>([
    ['a promise in place of a leaf', { name: Promise.resolve('Eve') }],
    ['a method in place of a leaf', { name: () => 'Eve' }],
  ])('is read by the interpreter once, and computed from then on: %s', async (_, value) => {
    const { run, unfit } = open({ Query: { ...Query, person: async () => value } })
    lanes.length = 0
    for (let time = 0; time < 2; time++) {
      expect(await run('{ lane person { friend { name } known: name } }')).toMatchObject({
        data: { person: { known: 'Eve' } },
      })
    }
    expect(lanes).toEqual(['compiled', 'interpreted', 'compiled'])
    expect(await run('{ person { name } }')).toEqual({ data: { person: { name: 'Eve' } } })
    expect(unfit).toEqual([])
  })

  test('teaches operations that were compiled before it came, too', async () => {
    let name: unknown = 'Ann'
    const { run, unfit } = open({ Query: { ...Query, person: async () => ({ name, email: name }) } })
    const texts = [
      '{ person { name } lane }',
      '{ lane person { name email } }',
      '{ lane person { known: name } }',
    ]
    for (const text of texts) await run(text)
    name = Promise.resolve('Eve')
    for (const text of texts) await run(text)
    lanes.length = 0
    for (const text of texts) expect(JSON.stringify(await run(text))).toContain('Eve')
    expect(lanes).toEqual(['compiled', 'compiled', 'compiled'])
    expect(unfit).toEqual([])
  })

  test('leaves no operation waiting when it throws', async () => {
    const { run, unfit } = open({ Query: { person: async () => broken } })
    const result = await run('{ person { name } }')
    // Nobody can say whether the next one will be better, so this operation is not tried again.
    expect(unfit).toHaveLength(1)
    expect(result).toMatchObject({ data: { person: { name: null } }, errors: [{ message: 'not today' }] })
  })
})
