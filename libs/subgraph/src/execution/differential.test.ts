import { createHash } from 'node:crypto'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { anonymous } from '@courtside/auth'
import { DomainError } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import fc from 'fast-check'
import { assertInputObjectType, type GraphQLFormattedError, type GraphQLResolveInfo, parse } from 'graphql'
import { enforceAccess } from '../enforce-access.ts'
import { describeErrors, formatError } from '../error-mapping.ts'
import type { RequestContext } from '../request-context.ts'
import { dateTimeScalar, jsonScalar } from '../scalars.ts'
import { createOperations, type Operations } from './index.ts'

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requiresScopes"])
  scalar DateTime
  scalar JSON
  enum Colour { RED GREEN BLUE }
  interface Node { id: ID! name: String label(upper: Boolean = false): String next: Node }
  union Thing = Person | Place
  input Filter { name: String = "any" colour: Colour colours: [Colour!] = [RED] deeper: Filter at: DateTime json: JSON }
  input Choice { name: String number: Int }
  type Person implements Node @key(fields: "id") {
    id: ID! name: String label(upper: Boolean = false): String next: Node
    age: Int height: Float! colour: Colour! born: DateTime extra: JSON tags: [String] words: [String!]! numbers: [Int!]
    secret: String @requiresScopes(scopes: [["manage:users"]])
    best: Person! friends(first: Int = 2, filter: Filter): [Person] family: [Person!]! grid: [[Node!]] things: [Thing!]
    account: Account!
  }
  type Place implements Node { id: ID! name: String label(upper: Boolean = false): String next: Node size: Int! people: [Person!] }
  type Account { email: String! owner: Person aliases: [String!] }
  type Query {
    echo(text: String, numbers: [Int!] = [1, 2], filter: Filter, choice: Choice, json: JSON,
      at: DateTime = "2026-11-20T10:00:00Z", id: ID! = "none"): JSON
    person(id: ID! = "p"): Person always: Person! node: Node things: [Thing]! account: Account colour: Colour
  }
  type Mutation { echo(text: String): JSON step: Person always: Person! }`

/** What chance makes of the values of one run: the same for both ways of execution. */
interface World {
  seed: number
  /** Of a hundred values, how many go wrong. */
  mishaps: number
  /** Whether there are values that compiled code cannot read, and has to notice. */
  odd: boolean
  /** The executors that called a resolver. graphql-js names the type in a path; compiled code does not. */
  ran: Set<'compiled' | 'interpreted'>
}

type Context = RequestContext & { world: World }
interface Source {
  readonly __typename: string
  readonly id: string
}

/** The same number for the same place of the same world, whoever asks and in whatever order. */
function chance({ seed }: World, ...place: readonly unknown[]): number {
  let hash = seed
  for (const character of JSON.stringify(place)) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

async function later<T>(turns: number, value: () => T): Promise<T> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  return value()
}

const fail = (error: unknown): never => {
  throw error
}

/** The value, now or later, or what may happen in place of it. */
function happens(world: World, place: readonly unknown[], value: () => unknown): unknown {
  const drawn = chance(world, ...place)
  const turns = (drawn >>> 8) % 6
  const when = (what: () => unknown) => (turns === 0 ? what() : later(turns, what))
  if (drawn % 100 >= world.mishaps) return when(value)
  const mishaps = [
    () => null,
    () => undefined,
    () => fail(new Error('thrown')),
    () => fail(new DomainError({ kind: 'conflict', code: 'MOVED_ON', message: 'Read it again.' })),
    () => fail(new DomainError({ kind: 'unavailable', code: 'AWAY', message: 'Later.', details: { turns } })),
    () => fail('a text'),
    () => fail(undefined),
    () => new Error('an error as a value'),
    () => ({ unexpected: true }),
  ]
  return when(mishaps[(drawn >>> 16) % mishaps.length] ?? value)
}

function sourceOf(world: World, id: string, kind?: string): Source {
  const __typename = kind ?? (chance(world, id, 'kind') % 2 === 0 ? 'Person' : 'Place')
  const now = (field: string, value: unknown) => {
    const drawn = chance(world, id, field)
    if (drawn % 100 >= world.mishaps) return value
    const wrong = [null, undefined, new Error(`${field} as an error`), { wrong: true }, 'wrong', [null], -0.5]
    return wrong[(drawn >>> 8) % wrong.length]
  }
  const source = {
    __typename,
    id,
    name: now('name', `Name of ${id}`),
    age: now('age', 7),
    height: now('height', 1.5),
    colour: now('colour', 'GREEN'),
    born: now('born', new Date(0)),
    extra: now('extra', { deep: [1, { list: true }] }),
    tags: now('tags', ['one', null, 3]),
    words: now('words', new Set(['a', 'b'])),
    secret: 'secret',
    size: now('size', 12),
    email: now('email', 'a@b.org'),
    aliases: now('aliases', ['x', 'y']),
    account: now('account', {
      id: `${id}-account`,
      email: 'c@d.org',
      owner: () => sourceOf(world, `${id}o`, 'Person'),
    }),
  }
  const odd = chance(world, id, 'odd') % 12
  if (!world.odd || odd > 3) return source
  if (odd === 0) return Object.defineProperty(source, 'name', { get: () => fail(new Error('a getter')) })
  if (odd === 1) return { ...source, name: later(2, () => 'late') } as Source
  if (odd === 2) return { ...source, age: () => 8 } as Source
  return {
    ...source,
    words: {
      *[Symbol.iterator]() {
        yield 'a'
        throw new Error('half a list')
      },
    },
  } as Source
}

type Resolve = (
  source: Source | undefined,
  args: object,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown

/** Notes who runs, and lets chance have its way with the value. */
const field =
  (name: string, value: (id: string, context: Context, args: object) => unknown): Resolve =>
  (source, args, context, info) => {
    context.world.ran.add(info.path.typename === undefined ? 'compiled' : 'interpreted')
    const id = source?.id ?? 'root'
    // In compiled code those with a default come first.
    const sorted = Object.fromEntries(Object.entries(args).sort())
    return happens(context.world, [id, name, sorted], () => value(id, context, sorted))
  }

const one = (name: string, kind?: string) =>
  field(name, (id, { world }) => sourceOf(world, `${id}.${name}`, kind))

/**
 * An item of a list: a promise where something may go wrong, because graphql-js leaves the promises of a list to nobody
 * when an item beside them throws.
 */
function item(world: World, make: () => unknown): unknown {
  return world.mishaps === 0 && !world.odd ? make() : later(0, make)
}

/** Lists of values, of promises, of both, and now and then no list at all. */
const many = (name: string, kind?: string) =>
  field(name, (id, { world }) => {
    const drawn = chance(world, id, name, 'list') % 100
    if (drawn < world.mishaps / 4) return 'no list'
    const items = Array.from({ length: chance(world, id, name, 'length') % 4 }, (_, index) =>
      item(world, () =>
        happens(world, [id, name, index], () => sourceOf(world, `${id}.${name}${index}`, kind)),
      ),
    )
    return drawn % 5 === 0 ? new Set(items) : items
  })

const typeOf = ({ __typename }: Source, { world }: Context) =>
  world.odd && chance(world, __typename) % 5 === 0 ? later(1, () => __typename) : __typename

const echo = field('echo', (_id, _context, args) => args)
const shared = { label: field('label', (id, _context, args) => id + JSON.stringify(args)), next: one('next') }
const resolvers = {
  DateTime: dateTimeScalar,
  JSON: jsonScalar,
  Node: { __resolveType: typeOf },
  Thing: { __resolveType: typeOf },
  Person: {
    ...shared,
    numbers: field('numbers', () => [1, 2]),
    best: one('best', 'Person'),
    friends: many('friends', 'Person'),
    family: many('family', 'Person'),
    things: many('things'),
    grid: field('grid', (id, { world }) =>
      [0, 1].map((row) =>
        item(world, () =>
          happens(world, [id, 'grid', row], () => [
            item(world, () =>
              happens(world, [id, 'grid', row, 0], () => sourceOf(world, `${id}.grid${row}`)),
            ),
          ]),
        ),
      ),
    ),
    __resolveReference: ({ id }: Source, { world }: Context) =>
      item(world, () => happens(world, [id, 'reference'], () => sourceOf(world, id, 'Person'))),
  },
  Place: { ...shared, people: many('people', 'Person') },
  Account: { owner: one('owner', 'Person') },
  Query: {
    echo,
    person: field('person', (_id, { world }, args) => sourceOf(world, JSON.stringify(args), 'Person')),
    always: one('always', 'Person'),
    node: one('node'),
    things: many('things'),
    account: one('account', 'Account'),
  },
  Mutation: { echo, step: one('step', 'Person'), always: one('always', 'Person') },
}

const NODE = ['id', 'name', 'label', 'label(upper: true)', 'label(upper: $yes)', '__typename']
const FIELDS: Record<string, { leaves: string[]; objects: [string, string][] }> = {
  Person: {
    leaves: [...NODE, 'age', 'height', 'colour', 'born', 'extra', 'tags', 'words', 'numbers', 'secret'],
    objects: [
      ['next', 'Node'],
      ['best', 'Person'],
      ['friends', 'Person'],
      ['family', 'Person'],
      ['grid', 'Node'],
      ['things', 'Thing'],
      ['account', 'Account'],
      ['friends(first: $count)', 'Person'],
      ['friends(first: null, filter: { colour: $colour, name: $text })', 'Person'],
    ],
  },
  Place: {
    leaves: [...NODE, 'size'],
    objects: [
      ['people', 'Person'],
      ['next', 'Node'],
    ],
  },
  Node: { leaves: NODE, objects: [['next', 'Node']] },
  Thing: { leaves: ['__typename'], objects: [] },
  Account: { leaves: ['email', 'aliases', '__typename'], objects: [['owner', 'Person']] },
  _Entity: { leaves: ['__typename'], objects: [] },
  Query: {
    leaves: [
      'echo',
      'echo(text: $text)',
      'echo(text: "a\\"\\u2028 ${x}")',
      'echo(filter: { name: $text, deeper: { colour: $colour } })',
      'echo(filter: { colours: BLUE, at: "2026-01-01T00:00:00Z", json: { a: [1, $text] } })',
      'echo(filter: $filter)',
      'echo(json: { a: { b: $count }, c: [null, 1.5] }, at: null)',
      'echo(choice: { number: 3 })',
      'echo(choice: $choice)',
      'echo(id: $id, numbers: [$always, 7])',
      'echo(id: $id, numbers: 4)',
      'echo(at: $at)',
      'colour',
      '__typename',
    ],
    objects: [
      ['person', 'Person'],
      ['person(id: $id)', 'Person'],
      ['always', 'Person'],
      ['node', 'Node'],
      ['things', 'Thing'],
      ['account', 'Account'],
      ['_entities(representations: $representations)', '_Entity'],
    ],
  },
  Mutation: {
    leaves: ['echo(text: $text)', 'echo', '__typename'],
    objects: [
      ['step', 'Person'],
      ['always', 'Person'],
    ],
  },
}
const WITHIN: Record<string, string[]> = {
  Node: ['Person', 'Place', 'Node'],
  Thing: ['Person', 'Place', 'Node'],
  _Entity: ['Person'],
  Person: ['Node'],
}
const CONDITIONS = [
  '',
  '',
  '',
  '',
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@skip(if: $maybe)',
  '@include(if: true) @skip(if: $yes)',
  '@skip(if: true)',
]
/** Spread anywhere they fit; one spreads another. */
const FRAGMENTS: Record<string, string[]> = { Person: ['Who', 'Kin'], Node: ['Named'] }
const FRAGMENT_TEXTS = `
  fragment Who on Person { id ...Named @skip(if: $maybe) account { email } }
  fragment Kin on Person { best { ...Who name @include(if: $yes) } family { id ...Who @include(if: $yes) ...Who } }
  fragment Named on Node { name label next { id } }`
/** Every variable and every fragment has to be used for a document to be valid. */
const OPERATIONS = {
  query: {
    head: `query ($yes: Boolean!, $maybe: Boolean = false, $text: String, $count: Int = 5, $colour: Colour,
      $filter: Filter, $choice: Choice, $id: ID = "d", $always: Int!, $at: DateTime = "2020-01-01T00:00:00Z",
      $representations: [_Any!]! = [])`,
    tail: `never: echo(filter: $filter, choice: $choice, id: $id, numbers: [$always], at: $at) @skip(if: true)
      neverPerson: always @skip(if: true) { ...UsesAll }
      neverEntities: _entities(representations: $representations) @skip(if: true) { __typename }`,
  },
  mutation: {
    head: `mutation ($yes: Boolean!, $maybe: Boolean = false, $text: String, $count: Int = 5, $colour: Colour)`,
    tail: `never: always @skip(if: true) { ...UsesAll }`,
  },
}
const USES_ALL = `fragment UsesAll on Person {
  ...Kin never: label(upper: $yes) neverFriends: friends(first: $count, filter: { colour: $colour, name: $text }) { ...Who }
}`

/** The same selection has the same alias wherever it stands, so that fields merge and never conflict. */
const aliasOf = (text: string) => `f${createHash('sha1').update(text).digest('hex').slice(0, 5)}`

function selectionsOn(type: string, depth: number): fc.Arbitrary<string> {
  const { leaves, objects } = FIELDS[type] ?? { leaves: [], objects: [] }
  const condition = fc.constantFrom(...CONDITIONS)
  const leaf = fc
    .tuple(fc.constantFrom(...leaves), condition, fc.boolean())
    .map(
      ([text, only, aliased]) =>
        `${aliased || text.includes('(') ? `${aliasOf(text)}: ` : ''}${text} ${only}`,
    )
  const choices = [{ arbitrary: leaf, weight: 4 }]
  if (depth > 0) {
    if (objects.length > 0) {
      const object = fc
        .constantFrom(...objects)
        .chain(([text, inner]) =>
          fc
            .tuple(selectionsOn(inner, depth - 1), condition)
            .map(
              ([within, only]) =>
                `${text.includes('(') ? `${aliasOf(text)}: ` : ''}${text} ${only} { ${within} }`,
            ),
        )
      choices.push({ arbitrary: object, weight: 4 })
    }
    const kinds = [...(WITHIN[type] ?? []), type]
    const fragment = fc
      .constantFrom(...kinds)
      .chain((kind) =>
        fc
          .tuple(selectionsOn(kind, depth - 1), condition)
          .map(([within, only]) => `... on ${kind} ${only} { ${within} }`),
      )
    choices.push({ arbitrary: fragment, weight: 2 })
    const spreads = FRAGMENTS[type]
    if (spreads) {
      const spread = fc
        .tuple(fc.constantFrom(...spreads), condition)
        .map(([name, only]) => `...${name} ${only}`)
      choices.push({ arbitrary: spread, weight: 1 })
    }
  }
  return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 4 }).map((all) => all.join('\n'))
}

/** One in forty values does not fit. */
const usually = (fitting: fc.Arbitrary<unknown>, ...misfits: unknown[]) =>
  fc.oneof({ arbitrary: fitting, weight: 40 }, { arbitrary: fc.constantFrom(...misfits), weight: 1 })

const variables = fc.record(
  {
    yes: usually(fc.boolean(), null, 'yes'),
    maybe: usually(fc.boolean(), null),
    text: fc.constantFrom(null, '', 'text', '__proto__'),
    count: usually(fc.constantFrom(null, 0, 3), 2 ** 31, '1'),
    colour: usually(fc.constantFrom(null, 'RED', 'BLUE'), 'YELLOW'),
    filter: usually(
      fc.constantFrom<unknown>(null, {}, { name: null }, { colours: 'GREEN', json: { a: [1] } }),
      { at: 'never' },
      { unknown: 1 },
    ),
    choice: usually(fc.constantFrom(null, { name: 'a' }), { name: 'a', number: 1 }, { number: null }),
    id: usually(fc.constantFrom('e', 4), null),
    at: fc.constantFrom(null, '2026-11-20T12:00:00+01:00'),
    representations: usually(
      fc.array(fc.constantFrom('1', '2', '3', '4').map((id) => ({ __typename: 'Person', id }))),
      [null],
      'none',
    ),
  },
  { requiredKeys: [] },
)
const given = variables.map((some) => ({ yes: true, always: 1, ...some }))

interface Answer {
  data?: Record<string, unknown> | null | undefined
  errors?: readonly GraphQLFormattedError[] | undefined
}

/** Without what differs each time. */
const comparable = ({ message, path, extensions }: GraphQLFormattedError) =>
  JSON.stringify({
    path,
    code: extensions?.['code'],
    ...(!extensions?.['errorId'] && { message, extensions }),
  })

/** Errors beneath a null are of values that are not in the answer. */
function split({ data, errors = [] }: Answer) {
  const isBeneathNull = (path: readonly (string | number)[] = []) => {
    let at: unknown = data
    for (const key of path) {
      if (at === null || at === undefined) return true
      at = (at as Record<string, unknown>)[key]
    }
    return false
  }
  return {
    seen: errors
      .filter(({ path }) => !isBeneathNull(path))
      .map(comparable)
      .sort(),
    unseen: errors.filter(({ path }) => isBeneathNull(path)).map(comparable),
  }
}

describe('compiled code and graphql-js', () => {
  let operations: Operations
  let apollo: ApolloServer<Context>
  const unfit: Error[] = []
  const runs = { compiled: 0, interpreted: 0, byApollo: 0 }

  beforeAll(async () => {
    const build = () => {
      const schema = buildSubgraphSchema([{ typeDefs: parse(SDL), resolvers: resolvers as never }])
      enforceAccess(schema)
      // Federation does not let @oneOf through yet.
      assertInputObjectType(schema.getType('Choice')).isOneOf = true
      return schema
    }
    operations = createOperations({
      schema: build(),
      schemaToCompile: build(),
      onUnfit: (reason) => unfit.push(reason),
    })
    apollo = new ApolloServer<Context>({
      plugins: [ApolloServerPluginInlineTraceDisabled()],
      schema: build(),
      formatError,
      includeStacktraceInErrorResponses: false,
    })
    await apollo.start()
  })
  afterAll(() => apollo.stop())

  const contextOf = (seed: number, mishaps: number, odd: boolean): Context => ({
    principal: anonymous,
    requestId: 'r',
    clientAddress: null,
    clientAgent: null,
    deadline: null,
    log: silentLogger,
    world: { seed, mishaps, odd, ran: new Set() },
  })

  async function expectSame(query: string, values: object, seed: number, mishaps: number, odd = false) {
    const context = contextOf(seed, mishaps, odd)
    const asked = { query, variables: structuredClone(values) as Record<string, unknown> }
    const result = await operations.find(query, null)?.run(asked.variables, context)
    const contextValue = contextOf(seed, mishaps, odd)
    const { body } = await apollo.executeOperation(
      { query, variables: structuredClone(values) as Record<string, unknown> },
      { contextValue },
    )
    if (body.kind !== 'single') throw new Error('Apollo answered incrementally')
    const expected: Answer = body.singleResult
    if (!result) {
      // Variables that do not fit, and nothing else: every document here is valid.
      expect(expected.data).toBeUndefined()
      expect(expected.errors?.every(({ extensions }) => extensions?.['code'] === 'BAD_USER_INPUT')).toBe(true)
      runs.byApollo++
      return
    }
    runs[context.world.ran.has('compiled') ? 'compiled' : 'interpreted']++
    const answer: Answer = {
      data: result.data,
      errors: result.errors && describeErrors(result.errors, context),
    }
    // As text: the order of fields counts too.
    expect(JSON.stringify(answer.data)).toBe(JSON.stringify(expected.data))
    const [ours, theirs] = [split(answer), split(expected)]
    expect(ours.seen).toEqual(theirs.seen)
    // Of several faults beneath one null graphql-js tells those that it met before, and compiled code tells all; of
    // those that leave no data at all, it tells the first.
    if (answer.data === null) expect(answer.errors).not.toEqual([])
    else for (const error of theirs.unseen) expect(ours.unseen).toContain(error)
  }

  const check = (type: 'query' | 'mutation', runs: number, odd: boolean) =>
    fc.assert(
      fc.asyncProperty(
        selectionsOn(type === 'query' ? 'Query' : 'Mutation', 3),
        given,
        fc.integer(),
        fc.constantFrom(0, 3, 25),
        (selections, values, seed, mishaps) => {
          const { head, tail } = OPERATIONS[type]
          const query = `${head} { ${selections} ${tail} } ${FRAGMENT_TEXTS} ${USES_ALL}`
          return expectSame(query, values, seed, mishaps, odd)
        },
      ),
      { numRuns: runs },
    )

  test('answer the same, whatever goes wrong', async () => {
    await check('query', 1_300, false)
    expect(runs.compiled).toBeGreaterThan(800)
    expect(unfit).toEqual([])
  }, 120_000)

  test('answer the same where a value is one that compiled code cannot read', async () => {
    const before = runs.compiled
    await check('query', 250, true)
    expect(runs.compiled).toBeGreaterThan(before)
    expect(unfit).not.toEqual([])
  }, 120_000)

  test('answer the same to mutations', () => check('mutation', 150, false), 120_000)
})
