import { type Attack, body, document, repeat } from './attack.ts'

const deep = (levels: number) =>
  '{ game(id: "x") '.concat('{ home { nextGame '.repeat(levels), '{ id }', ' } }'.repeat(levels), ' }')

/** Documents that are small to send and large to run. */
export const DOCUMENTS: readonly Attack[] = [
  document('one level too deep', '400 DEPTH_LIMIT_EXCEEDED', deep(6)),
  document('a hundred levels', '400 NESTING_LIMIT_EXCEEDED', deep(60)),
  document('20,000 levels', '400 TOKEN_LIMIT_EXCEEDED', `${'{a'.repeat(20_000)}${'}'.repeat(20_000)}`),
  document('a body of opening brackets', '400 TOKEN_LIMIT_EXCEEDED', '{'.repeat(200_000)),
  document(
    'depth through fragments',
    '400 DEPTH_LIMIT_EXCEEDED',
    `{ game(id: "x") { ...F0 } } ${repeat(10, (n) => `fragment F${n} on Game { home { nextGame { ...F${n + 1} } } }`)} fragment F10 on Game { id }`,
  ),
  document(
    'an alias that fills the body',
    '400 NAME_LENGTH_LIMIT_EXCEEDED',
    `{ ${'a'.repeat(240_000)}: roles { role } }`,
  ),
  document(
    'a name of an operation that fills the log',
    '400 NAME_LENGTH_LIMIT_EXCEEDED',
    `query ${'N'.repeat(200_000)} { __typename }`,
  ),
  document('31 aliases', '400 ALIAS_LIMIT_EXCEEDED', `{ roles { ${repeat(31, (n) => `a${n}: role`)} } }`),
  document(
    '2,000 aliases',
    '400 TOKEN_LIMIT_EXCEEDED',
    `{ roles { ${repeat(2_000, (n) => `a${n}: role`)} } }`,
  ),
  document(
    'aliases through fragments',
    '400 ALIAS_LIMIT_EXCEEDED',
    `{ game(id: "x") { ${repeat(16, () => '... { ...F }')} } } fragment F on Game { a: id b: status }`,
  ),
  document(
    '51 directives',
    '400 DIRECTIVE_LIMIT_EXCEEDED',
    `{ roles { ${repeat(51, () => 'role @skip(if: false)')} } }`,
  ),
  document(
    '51 directives on one field',
    '400 DIRECTIVE_LIMIT_EXCEEDED',
    `{ roles { role ${repeat(51, () => '@include(if: true)')} } }`,
  ),
  document(
    'directives on variables',
    '400 DIRECTIVE_LIMIT_EXCEEDED',
    `query (${repeat(51, (n) => `$v${n}: Int @x`)}) { __typename }`,
  ),
  document('21 root fields', '400 ROOT_FIELD_LIMIT_EXCEEDED', `{ ${repeat(21, () => 'roles { role }')} }`),
  document(
    'root fields through fragments',
    '400 ROOT_FIELD_LIMIT_EXCEEDED',
    `{ ${repeat(11, () => '...F')} } fragment F on Query { __typename roles { role } }`,
  ),
  document(
    'mutations in a row',
    '400 ROOT_FIELD_LIMIT_EXCEEDED',
    `mutation { ${repeat(21, (n) => `m${n}: signOut(input: {}) { __typename }`)} }`,
  ),
  document(
    'a fragment in itself',
    '400 FRAGMENT_CYCLE',
    '{ game(id: "x") { ...F } } fragment F on Game { id ...F }',
  ),
  document(
    'fragments in a circle',
    '400 FRAGMENT_CYCLE',
    '{ game(id: "x") { ...F } } fragment F on Game { home { ...G } } fragment G on Team { nextGame { ...F } }',
  ),
  document(
    'a circle that is not even used',
    '400 FRAGMENT_CYCLE',
    '{ __typename } fragment F on Game { ...G } fragment G on Game { ...F }',
  ),
  document(
    'a chain of fragments that doubles at each link',
    '400 SELECTION_LIMIT_EXCEEDED',
    `{ game(id: "x") { ...F0 } } ${repeat(60, (n) => `fragment F${n} on Game { ...F${n + 1} ...F${n + 1} }`)} fragment F60 on Game { id }`,
  ),
  document(
    'one field a thousand times',
    '400 VALIDATION_TOO_COSTLY',
    `{ game(id: "x") { ${repeat(980, () => 'id')} } }`,
  ),
  document(
    'the same nested field again and again',
    '400 SELECTION_LIMIT_EXCEEDED',
    `{ game(id: "x") { ${repeat(260, () => 'home { id name abbreviation }')} } }`,
  ),
  document(
    'lists in lists, which a planner doubles',
    '400 LIST_NESTING_LIMIT_EXCEEDED',
    `{ games(filter: { from: ${'['.repeat(40)}${']'.repeat(40)} }) { totalCount } }`,
  ),
  document(
    'types in lists in lists',
    '400 NESTING_LIMIT_EXCEEDED',
    `query ($a: ${'['.repeat(60)}Int${']'.repeat(60)}) { __typename }`,
  ),
  document(
    'a word of a hundred thousand letters',
    '400 NAME_LENGTH_LIMIT_EXCEEDED',
    `{ ${'a'.repeat(100_000)} }`,
  ),
  document(
    'a thousand variables that nobody uses',
    '400 TOKEN_LIMIT_EXCEEDED',
    `query (${repeat(1_000, (n) => `$v${n}: Int`)}) { __typename }`,
  ),
  document('a comment of 200 KB around nothing', '400 GRAPHQL_PARSE_FAILED', `#${'x'.repeat(200_000)}`),
  document('an unfinished string', '400 GRAPHQL_PARSE_FAILED', '{ user(id: "'),
  document('an unfinished block string', '400 GRAPHQL_PARSE_FAILED', `{ user(id: """${'x'.repeat(10_000)}`),
  document('a schema instead of an operation', '400 GRAPHQL_VALIDATION_FAILED', 'type Query { a: Int }'),
  document('nothing to run', '400 GRAPHQL_VALIDATION_FAILED', 'fragment F on Game { id }'),
  document(
    'a subscription by POST',
    '400 SUBSCRIPTION_NOT_STREAMED',
    'subscription { followedGamesChanged { __typename } }',
  ),
  document(
    'two operations, none chosen',
    '400 OPERATION_RESOLUTION_FAILURE',
    'query A { __typename } query B { __typename }',
  ),
  body('an operation that is not there', '400 OPERATION_RESOLUTION_FAILURE', {
    query: 'query A { __typename }',
    operationName: '__proto__',
  }),
  document(
    'a hundred thousand rows at once',
    '200 BAD_USER_INPUT',
    '{ games(first: 100000) { totalCount } }',
  ),
  document('fewer than no rows', '200 BAD_USER_INPUT', '{ games(first: -1) { totalCount } }'),
  document(
    'more rows than a number can say',
    '400 GRAPHQL_VALIDATION_FAILED',
    '{ games(first: 99999999999) { totalCount } }',
  ),
]

/** Lists of lists of lists: a million rows for forty words. */
export const LISTS: readonly Attack[] = [
  document(
    'a hundred of a hundred of a hundred',
    '400 ITEM_LIMIT_EXCEEDED',
    '{ teams(first: 100) { edges { node { games(first: 100) { edges { node { home { games(first: 100) { totalCount } } } } } } } } }',
  ),
  document(
    'the same, with the sizes in variables',
    '400 ITEM_LIMIT_EXCEEDED',
    'query ($n: Int) { teams(first: $n) { edges { node { games(first: $n) { edges { node { home { games(first: $n) { totalCount } } } } } } } } }',
    { n: 100 },
  ),
  document(
    'rosters of rosters of rosters, which have no pages',
    '400 ITEM_LIMIT_EXCEEDED',
    '{ teams { edges { node { roster { player { rosterEntries { team { roster { player { id } } } } } } } } } }',
  ),
]

const ROSTERS = 'roster { joinedOn player { displayName rosterEntries { season { label } } } }'

/** The largest pages that people look at: they must stay within every limit. */
export const LARGE_PAGES: readonly { name: string; query: string }[] = [
  {
    name: 'a hundred games, with venues and teams',
    query:
      '{ games(first: 100) { edges { node { id startsAt status venue { name } home { name logoUrl } away { name logoUrl } } } } }',
  },
  {
    name: 'twelve teams, with rosters and where each player was before',
    query: `{ teams(first: 12) { edges { node { name ${ROSTERS} } } } }`,
  },
  {
    name: 'a hundred teams with rosters',
    query: '{ teams(first: 100) { edges { node { name roster { player { displayName } } } } } }',
  },
]

/** Questions about the schema, which a server in production does not answer. */
export const SCHEMA: readonly Attack[] = [
  document(
    'the whole schema',
    '400 INTROSPECTION_DISABLED',
    '{ __schema { types { name fields { name } } } }',
  ),
  document('one type', '400 INTROSPECTION_DISABLED', '{ __type(name: "Account") { fields { name } } }'),
  document(
    'the schema by another name, through a fragment',
    '400 INTROSPECTION_DISABLED',
    '{ ...F } fragment F on Query { innocent: __schema { queryType { name } } }',
  ),
  document(
    'the schema, skipped',
    '400 INTROSPECTION_DISABLED',
    '{ __typename __schema @skip(if: true) { queryType { name } } }',
  ),
  document('the SDL of a subgraph', '400 GRAPHQL_VALIDATION_FAILED', '{ _service { sdl } }'),
  document(
    'entities by key',
    '400 GRAPHQL_VALIDATION_FAILED',
    '{ _entities(representations: [{ __typename: "User", id: "1" }]) { __typename } }',
  ),
  document(
    'the resolver of credentials',
    '400 GRAPHQL_VALIDATION_FAILED',
    '{ resolveCredential(input: { apiKey: { key: "x" } }) { userId } }',
  ),
  document('the signing keys', '400 GRAPHQL_VALIDATION_FAILED', '{ signingKeys }'),
  document('a field, almost by name', '400 GRAPHQL_VALIDATION_FAILED', '{ gaems { totalCount } }'),
  document(
    'an argument, almost by name',
    '400 GRAPHQL_VALIDATION_FAILED',
    '{ games(fist: 1) { totalCount } }',
  ),
  document(
    'a type, almost by name',
    '400 GRAPHQL_VALIDATION_FAILED',
    '{ games { edges { node { ... on Gmae { id } } } } }',
  ),
  document(
    'an input field, almost by name',
    '400 BAD_USER_INPUT',
    'mutation ($i: SignInInput!) { signIn(input: $i) { __typename } }',
    { i: { login: 'a', password: 'b', devceName: 'c' } },
  ),
]
