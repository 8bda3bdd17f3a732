import { describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { buildSchema } from 'graphql'
import { demandOf, DIRECTIVES, measured, rulesOf } from './demand-fixture.ts'
import { createDemandRules } from './index.ts'

const rules = rulesOf(`
  type Query {
    games(first: Int = 4, last: Int, filter: Filter): Games!
      @listSize(assumedSize: 30, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
    teams(first: Int, last: Int): Teams!
      @listSize(assumedSize: 30, slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false)
    leaders(count: Int): [Player!]! @listSize(assumedSize: 7, slicingArguments: ["count"], requireOneSlicingArgument: false)
    exactly(count: Int, limit: Int): [Player!]! @listSize(slicingArguments: ["count", "limit"])
    exactlyBut(count: Int = 3): [Player!]! @listSize(slicingArguments: ["count"])
    roster: [Player!]! @listSize(assumedSize: 12)
    audit(first: Int): Teams! @cost(weight: 25) @listSize(assumedSize: 9, slicingArguments: ["first"], sizedFields: ["edges"], requireOneSlicingArgument: false)
    report: Report
    person: Person
    anybody: Anybody
    search(text: String @cost(weight: 50), level: Level, filters: [Filter!], boxes: [Box!]): Player
    pictures: [Picture!]! @listSize(assumedSize: 5)
  }
  type Mutation { signIn(input: SignIn!): Player @cost(weight: 1000) rename: Player }
  input SignIn { name: String }
  input Filter { search: String @cost(weight: 50) both: Filter all: [Filter!] level: Level }
  input Box { side: Int constructor: String @cost(weight: 8) }
  enum Level @cost(weight: 3) { LOW HIGH }
  scalar Picture @cost(weight: 4)
  type Games { edges: [Edge!]! nodes: [Player!]! officials: [Player!]! totalCount: Int @cost(weight: 2) }
  type Teams { edges: [Edge!]! officials: [Player!]! @listSize(assumedSize: 2) }
  type Edge { node: Player! }
  interface Person { name: String secret: String }
  type Player implements Person { name: String secret: String friends(first: Int): [Player!]! }
  type Coach implements Person @cost(weight: 6) { name: String secret: String @cost(weight: 9) }
  union Anybody = Player | Coach
  type Report @cost(weight: 40) { title: String }
`)

const EDGES = 'edges { node { name } }'

describe('what the schema says of length and weight', () => {
  test.each<[string, Record<string, unknown>, number]>([
    // Lengths: what is asked for, the default of the argument, what is assumed.
    [`{ teams(first: 3) { ${EDGES} } }`, {}, 1 + 3 * 2],
    [`{ teams { ${EDGES} } }`, {}, 1 + 30 * 2],
    [`query ($n: Int) { teams(first: $n) { ${EDGES} } }`, { n: null }, 1 + 30 * 2],
    [`{ games { ${EDGES} } }`, {}, 1 + 4 * 2],
    [`query ($n: Int) { games(first: $n) { ${EDGES} } }`, {}, 1 + 4 * 2],
    [`query ($n: Int) { games(first: $n) { ${EDGES} } }`, { n: null }, 1 + 30 * 2],
    ['{ leaders { name } }', {}, 7],
    ['{ leaders(count: 500) { name } }', {}, 500],
    ['{ roster { name } }', {}, 12],
    ['{ pictures }', {}, 5 * 4],
    // Sized fields, and lists beside them.
    [`{ games(first: 3) { ${EDGES} nodes { name } } }`, {}, 1 + 3 * 2 + 3],
    ['{ games(first: 3) { officials { name } } }', {}, 1 + 20],
    ['{ teams(first: 3) { officials { name } } }', {}, 1 + 2],
    [
      `{ games(first: 3) { ...E } } fragment E on Games { ...F } fragment F on Games { ${EDGES} }`,
      {},
      1 + 3 * 2,
    ],
    // Weights of fields and types.
    ['{ report { title } }', {}, 40],
    ['{ games(first: 1) { totalCount } }', {}, 3],
    [`{ audit(first: 2) { ${EDGES} } }`, {}, 25 + 2 * 2],
    ['{ person { name } }', {}, 6],
    ['{ person { secret } }', {}, 6 + 9],
    ['{ person { ... on Player { secret } } }', {}, 6],
    ['{ anybody { ... on Coach { secret } } }', {}, 6 + 9],
    // Of a mutation each field writes.
    ['mutation { signIn(input: { name: "a" }) { name } }', {}, 50 + 1000 + 1],
    ['mutation { rename { name } }', {}, 50 + 1],
    ['mutation { a: rename { name } b: rename { name } }', {}, 2 * (50 + 1)],
    ['mutation { ...F ...F } fragment F on Mutation { rename { name } }', {}, 2 * (50 + 1)],
    ['mutation { rename @skip(if: true) { name } }', {}, 0],
    // Weights of what is sent.
    ['{ search(text: "a") { name } }', {}, 51],
    ['{ search(text: null) { name } }', {}, 1],
    ['query ($t: String) { search(text: $t) { name } }', {}, 1],
    ['query ($t: String) { search(text: $t) { name } }', { t: null }, 1],
    ['query ($t: String) { search(text: $t) { name } }', { t: '' }, 51],
    ['query ($t: String = "a") { search(text: $t) { name } }', {}, 51],
    ['{ search(level: LOW) { name } }', {}, 4],
    ['{ search(filters: [{ search: "a" }, { level: LOW }]) { name } }', {}, 1 + 51 + 4],
    ['{ search(filters: { search: "a" }) { name } }', {}, 1 + 51],
    ['query ($s: String) { search(filters: [{ search: $s, level: LOW }]) { name } }', { s: 'a' }, 1 + 54],
    ['query ($s: String) { search(filters: [{ search: $s, level: LOW }]) { name } }', {}, 1 + 4],
    ['query ($toString: String) { search(filters: [{ search: $toString }]) { name } }', {}, 1 + 1],
    ['query ($b: [Box!]) { search(boxes: $b) { name } }', { b: [{ side: 1 }, { side: 2 }] }, 1 + 2],
    ['query ($b: [Box!]) { search(boxes: $b) { name } }', { b: [] }, 1],
    ['query ($b: [Box!]) { search(boxes: $b) { name } }', { b: [{ constructor: 'a' }] }, 1 + 1 + 8],
    ['query ($b: [Box!] = [{ side: 1 }]) { search(boxes: $b) { name } }', {}, 1 + 1],
    [
      'query ($f: Filter) { games(first: 1, filter: $f) { totalCount } }',
      { f: { both: { search: 'a' }, all: [{ search: 'b' }, {}] } },
      3 + 1 + 51 + 51 + 1,
    ],
    [
      'query ($f: Filter) { games(first: 1, filter: $f) { totalCount } }',
      { f: JSON.parse('{ "__proto__": { "search": "a" } }') as unknown },
      3 + 1,
    ],
    ['query ($f: Filter) { games(first: 1, filter: $f) { totalCount } }', { f: 'no object' }, 3 + 1],
    // What does not run.
    ['{ report @skip(if: true) { title } }', {}, 0],
    ['{ report @include(if: false) { title } }', {}, 0],
    ['{ report @skip(if: false) @include(if: true) { title } }', {}, 40],
    ['query ($v: Boolean!) { report @skip(if: $v) { title } }', { v: true }, 0],
    ['query ($v: Boolean!) { report @skip(if: $v) { title } }', { v: false }, 40],
    ['query ($v: Boolean!) { report @skip(if: $v) { title } }', { v: 'true' }, 40],
    ['query ($v: Boolean!) { report @include(if: $v) { title } }', { v: false }, 0],
    ['query ($v: Boolean = false) { report @include(if: $v) { title } }', {}, 0],
    ['query ($v: Boolean!) { report @include(if: $v) { title } }', {}, 40],
    ['query ($v: Boolean!) { report @include(if: $v) @skip(if: $v) { title } }', { v: true }, 0],
    ['query ($v: Boolean!) { ... @include(if: $v) { report { title } } }', { v: false }, 0],
    [
      'query ($v: Boolean!) { ...F @include(if: $v) ...F } fragment F on Query { report { title } }',
      { v: true },
      80,
    ],
    [
      'query ($v: Boolean!) { ...F @include(if: $v) ...F } fragment F on Query { report { title } }',
      { v: false },
      40,
    ],
  ])('%s with %j costs %d', (text, variables, cost) => {
    expect(measured(text, rules, variables).cost).toBe(cost)
  })

  test.each([
    '{ exactly { name } }',
    '{ exactly(count: 1, limit: 2) { name } }',
    '{ exactly(count: null) { name } }',
  ])('refuses %s where exactly one length is required', (text) => {
    expect(() => demandOf(text, rules)).toThrow(
      expect.objectContaining({
        code: 'SLICING_ARGUMENT_REQUIRED',
        message: expect.stringMatching(
          /^exactly needs exactly one of the arguments count, limit, and has [02]\./,
        ),
      }),
    )
  })

  test.each([
    ['{ exactly(count: 2) { name } }', 2],
    ['query ($n: Int) { exactly(limit: $n) { name } }', 8],
    ['{ exactlyBut { name } }', 3],
  ])('is content with %s', (text, cost) => {
    expect(measured(text, rules, { n: 8 }).cost).toBe(cost)
  })
})

describe('a supergraph that says it wrongly', () => {
  test.each([
    [
      'type Query { a: Int @cost(weight: -1) }',
      /Query\.a has a @cost whose weight is -1\. It must be .*at least 0/,
    ],
    ['type Query { a(b: Int @cost(weight: -1)): Int }', /Query\.a\(b:\)/],
    ['type Query { a(b: B): Int } input B { c: Int @cost(weight: -2) }', /B\.c/],
    ['type Query { a: B } type B @cost(weight: -3) { c: Int }', /^B has/],
    ['type Query { a: [Int] @listSize(assumedSize: -1) }', /Query\.a has a @listSize whose assumedSize/],
    ['type Query { a: [Int] @listSize(slicingArguments: ["first"]) }', /first, which is no argument/],
  ])('%s is refused at the start', (sdl, message) => {
    expect(() => rulesOf(sdl)).toThrow(StartupError)
    expect(() => rulesOf(sdl)).toThrow(message)
  })
})

describe('the names of the directives', () => {
  const graph = (link: string, cost: string, listSize: string) => `
    schema @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) ${link} { query: Query }
    directive @link(url: String!, as: String, for: Purpose, import: [Import]) repeatable on SCHEMA
    scalar Import enum Purpose { EXECUTION }
    ${DIRECTIVES.replace('@cost', cost).replace('@listSize', listSize)}
    type Query { a: B ${cost}(weight: 5) bs: [B!]! ${listSize}(assumedSize: 3) } type B { c: Int }`
  const link = (rest: string) => `@link(url: "https://specs.apollo.dev/cost/v0.1"${rest})`

  test.each([
    ['', '@cost', '@listSize'],
    [link(', import: ["@listSize"]'), '@cost', '@listSize'],
    [link(', import: ["@cost", { name: "@listSize", as: "@long" }]'), '@cost', '@long'],
    [link(', import: [{ name: "@cost", as: "@dear" }]'), '@dear', '@cost__listSize'],
    [link(', as: "demand"'), '@demand', '@demand__listSize'],
  ])('with %s are %s and %s', (given, cost, listSize) => {
    const named = createDemandRules(buildSchema(graph(given, cost, listSize)))
    expect(measured('{ a { c } bs { c } }', named).cost).toBe(5 + 3)
  })
})
