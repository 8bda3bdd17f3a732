import { describe, expect, test } from '@jest/globals'
import { parse, Source } from 'graphql'
import { findingsIn } from './index.ts'

/** The findings about this SDL, as lines. */
function lint(sdl: string): string[] {
  return findingsIn(parse(new Source(sdl, 'teams.graphql'))).map(
    ({ place, message }) => `${place} ${message}`,
  )
}

const TEAM = 'type Team { id: ID! }'

describe('who may use an operation', () => {
  test('one directive that says it is enough', () => {
    expect(
      lint(
        `${TEAM} type Query { a: Team @public b: Team @authenticated c: Team @policy(policies: [["person"]]) }`,
      ),
    ).toEqual([])
  })

  test('a mutation with neither scopes nor @public is refused, and told what to add', () => {
    const sdl = `type P { ok: Boolean! }\nextend type Mutation {\n  go(input: GoInput!): GoPayload\n}\ntype GoPayload { ok: Boolean! }`
    expect(lint(sdl)).toEqual([
      'teams.graphql:3 Mutation.go does not say who may use it. Add @requiresScopes(scopes: [["write:…"]]) for what only some may do, or @authenticated, @policy, or @public.',
    ])
  })

  test('so are queries and subscriptions', () => {
    expect(lint(`${TEAM} type Query { a: Team } type Subscription { b: Team }`)).toEqual([
      expect.stringContaining('Query.a does not say who may use it. Add @public if'),
      expect.stringContaining('Subscription.b does not say who may use it.'),
    ])
  })

  test('two directives contradict each other', () => {
    expect(lint(`${TEAM} type Query { a: Team @public @authenticated }`)).toEqual([
      expect.stringContaining('Query.a carries @public and @authenticated. Keep the one'),
    ])
  })
})

describe('mutations', () => {
  test('take one input and return a payload or a result', () => {
    const sdl = `
      type Mutation {
        createTeam(input: CreateTeamInput!): CreateTeamPayload! @public
        moveTeam(input: MoveTeamInput!): MoveTeamResult! @public
      }
      type CreateTeamPayload { ok: Boolean! }
      union MoveTeamResult = CreateTeamPayload`
    expect(lint(sdl)).toEqual([])
  })

  test.each(['(id: ID!)', '(input: CreateTeamInput)', '(input: CreateTeamInput!, id: ID)', ''])(
    'refuses the arguments "%s"',
    (args) => {
      const sdl = `type Mutation { createTeam${args}: TeamPayload @public } type TeamPayload { ok: Boolean! }`
      expect(lint(sdl)).toEqual([expect.stringContaining('Write: (input: CreateTeamInput!)')])
    },
  )

  test.each(['Boolean', 'Team', 'TeamResult'])('refuses to return %s', (type) => {
    const sdl = `${TEAM} type TeamResult { ok: Boolean! } type Mutation { a(input: AInput!): ${type} @public }`
    expect(lint(sdl)).toEqual([expect.stringContaining(`returns ${type}. Return an object type …Payload`)])
  })
})

describe('lists', () => {
  test('of objects that can grow are refused', () => {
    expect(lint(`${TEAM} type Sport { teams: [Team!]! @listSize(assumedSize: 5) }`)).toEqual([
      'teams.graphql:1 Sport.teams can grow without limit. Return TeamConnection! with first, after, last and before; or take `first`; or, if it cannot grow, say why in a comment above it: # bounded: …',
    ])
  })

  test.each([
    ['scalars', 'type Sport { names: [String!]! }'],
    [
      'at most so many',
      `${TEAM} type Sport { teams(first: Int!): [Team!]! @cost(weight: 5) @listSize(assumedSize: 20, slicingArguments: ["first"]) }`,
    ],
    [
      'what cannot grow, with the reason',
      `${TEAM} type Sport {\n # bounded: two teams play\n """Both."""\n teams: [Team!]! @listSize(assumedSize: 2) }`,
    ],
  ])('of %s are fine', (_what, sdl) => {
    expect(lint(sdl)).toEqual([])
  })

  test('the reason must be given', () => {
    const sdl = `${TEAM} type Sport {\n # bounded:\n teams: [Team!]! @listSize(assumedSize: 2) }`
    expect(lint(sdl)).toEqual([expect.stringContaining('say why in a comment above it')])
  })

  test('hold no nulls', () => {
    expect(lint('type Sport { names: [String] }')).toEqual([
      expect.stringContaining('may hold nulls. Write: [String!]'),
    ])
  })
})

describe('how long a list is', () => {
  const teams = `${TEAM} type TeamEdge { cursor: String! node: Team! } type PageInfo { hasNextPage: Boolean! }
    type TeamConnection { edges: [TeamEdge!]! pageInfo: PageInfo! }`
  const paged = (directive: string) =>
    lint(
      `${teams} type Sport { teams(first: Int, after: String, last: Int): TeamConnection! @cost(weight: 5) ${directive} }`,
    )

  test('is said of a plain list', () => {
    const sdl = `${TEAM} type Sport {\n # bounded: two play\n teams: [Team!]! }`
    expect(lint(sdl)).toEqual([
      'teams.graphql:3 Sport.teams does not say how long it is. Add what is true of most: @listSize(assumedSize: …)',
    ])
  })

  test('is said of a page where it is asked for', () => {
    expect(paged('')).toEqual([
      expect.stringContaining(
        'Sport.teams does not say how long its pages are. Add @listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges"], requireOneSlicingArgument: false)',
      ),
    ])
  })

  test('need not be said of scalars', () => {
    expect(lint('type Sport { names: [String!]! }')).toEqual([])
  })

  test.each([
    ['assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges"]', []],
    [
      'assumedSize: 20, slicingArguments: ["first"], sizedFields: ["edges"]',
      ['is as long as last asks, and slicingArguments does not name it'],
    ],
    [
      'assumedSize: 20, slicingArguments: ["first", "last", "limit"], sizedFields: ["edges"]',
      ['has no argument limit'],
    ],
    [
      'assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"]',
      ['has no list nodes in its TeamConnection'],
    ],
    ['assumedSize: 20, slicingArguments: ["first", "last"]', ['does not name edges in sizedFields']],
    ['slicingArguments: ["first", "last"], sizedFields: ["edges"]', ['does not say its assumedSize']],
    ['assumedSize: 20, sizedFields: "edges", slicingArguments: ["last", "first"]', []],
  ])('@listSize(%s): %j', (given, faults) => {
    expect(paged(`@listSize(${given})`)).toEqual(
      faults.map((fault) => expect.stringContaining(`Sport.teams ${fault}. Mend its @listSize.`)),
    )
  })
})

describe('what a field costs', () => {
  test.each([
    ['a count', 'type Page { totalCount: Int! }', 'Page.totalCount counts each time'],
    [
      'a scalar with arguments',
      'type Me { follows(id: ID!): Boolean! }',
      'Me.follows works out Boolean anew',
    ],
    [
      'an object with arguments',
      `${TEAM} type Query { team(id: ID!): Team @public }`,
      'Query.team works out',
    ],
    [
      'what an extension adds',
      `${TEAM} extend type Team { at(day: String): Team }`,
      'Team.at works out Team anew each time, and does not say what that costs. Measure it, and add @cost(weight: …)',
    ],
  ])('is said of %s', (_what, sdl, finding) => {
    expect(lint(sdl)).toEqual([expect.stringContaining(finding)])
  })

  test.each([
    ['what says it', 'type Page { totalCount: Int! @cost(weight: 10) size(of: ID): Int @cost(weight: 0) }'],
    ['what is at hand', `${TEAM} type Game { home: Team! score: Int }`],
    [
      'mutations',
      'type Mutation { go(input: GoInput!): GoPayload! @public } type GoPayload { ok: Boolean! }',
    ],
  ])('is enough, or nothing, for %s', (_what, sdl) => {
    expect(lint(sdl)).toEqual([])
  })
})

describe('connections', () => {
  const edge = 'type TeamEdge { cursor: String! node: Team! }'
  const page = 'type PageInfo { hasNextPage: Boolean! }'

  test('of the common shape are fine', () => {
    const sdl = `${TEAM} ${edge} ${page}
      type TeamConnection { edges: [TeamEdge!]! pageInfo: PageInfo! totalCount: Int! @cost(weight: 10) }
      type Sport {
        teams(first: Int, after: String): TeamConnection! @cost(weight: 5)
          @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["edges"])
      }`
    expect(lint(sdl)).toEqual([])
  })

  test('say which part they lack', () => {
    const sdl = `${TEAM} type TeamEdge { node: Team! } type TeamConnection { edges: [TeamEdge!] }
      type Sport {
        teams(first: Int): TeamConnection! @cost(weight: 5)
          @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["edges"])
      }`
    expect(lint(sdl)).toEqual([
      expect.stringContaining('Sport.teams cannot be paged. Add the arguments first: Int and after: String'),
      expect.stringContaining('TeamEdge is not like the others. Write: cursor: String!'),
      expect.stringContaining('TeamConnection is not like the others. Write: edges: [TeamEdge!]!'),
      expect.stringContaining('TeamConnection is not like the others. Write: pageInfo: PageInfo!'),
    ])
  })
})

describe('how long an answer may be given again', () => {
  test('is said on fields, and on types that no other subgraph has', () => {
    const sdl = 'type Team @key(fields: "id") { id: ID! colours: Colours! @cacheControl(maxAge: 5) }'
    expect(lint(`${sdl} type Colours @cacheControl(inheritMaxAge: true) { home: String! }`)).toEqual([])
  })

  test.each(['@key(fields: "id")', '@shareable'])('is not said on a type with %s', (shared) => {
    expect(lint(`type Team ${shared} @cacheControl(maxAge: 5) { id: ID! }`)).toEqual([
      'teams.graphql:1 Other subgraphs may have Team too, and composition keeps one hint and not whose. Put @cacheControl on the fields that return it.',
    ])
  })

  test('is not less than no time', () => {
    expect(lint('type Team { id: ID! @cacheControl(maxAge: -1) }')).toEqual([
      'teams.graphql:1 Team.id has an age below zero. For none at all, leave the hint out.',
    ])
  })
})
