import { type Attack, body, document, post } from './attack.ts'

const search = 'query ($text: String) { users(search: $text, first: 1) { totalCount } }'
const user = 'query ($id: ID!) { user(id: $id) { username } }'
const page = 'query ($after: String) { games(first: 1, after: $after) { totalCount } }'
const refused = '400 BAD_USER_INPUT'
const tooMany = '400 VARIABLE_VALUES_LIMIT_EXCEEDED'
const unknownFields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 1]))

const games = 'query ($filter: GameFilter) { games(filter: $filter, first: 1) { totalCount } }'
const createSeason = (input: string) => `mutation { createSeason(input: ${input}) { season { id } } }`
const createTeam = (input: string) => `mutation { createTeam(input: ${input}) { team { id } } }`
const invalid = '400 GRAPHQL_VALIDATION_FAILED'

const asViewer = (name: string, refusal: string, query: string, variables?: object): Attack => ({
  name,
  refusal,
  send: (target) =>
    post(target, { query, variables }, { authorization: `Bearer ${target.viewer.accessToken}` }),
})

/** Values that mean to be more than values. */
export const VALUES: readonly Attack[] = [
  document('NUL in a literal', refused, '{ users(search: "a\\u0000b", first: 1) { totalCount } }'),
  document('NUL in a variable', refused, search, { text: 'a\0b' }),
  document('text that turns what is around it', '200 BAD_USER_INPUT', search, { text: '\u202eabc' }),
  document('accents in long runs', '200 BAD_USER_INPUT', search, {
    text: `a${'\u0301'.repeat(60_000)}${'\u0316'.repeat(60_000)}`,
  }),
  document('NUL in the name of a field', refused, search, { 'te\0xt': 'a' }),
  body(
    'half of a pair in a variable',
    refused,
    `{"query":${JSON.stringify(search)},"variables":{"text":"\\ud83c"}}`,
  ),
  body(
    'half of a pair in a literal',
    refused,
    '{"query":"{ users(search: \\"\\ud83c\\", first: 1) { totalCount } }"}',
  ),
  document(
    'half of a pair as an escape',
    '400 GRAPHQL_PARSE_FAILED',
    '{ users(search: "\\ud83c", first: 1) { totalCount } }',
  ),
  body('NUL in the document', refused, { query: '{ __typename }\0' }),
  document('a number for text', refused, search, { text: 7 }),
  document('an object for text', refused, search, { text: { $gt: '' } }),
  document('null for what must be', refused, user, { id: null }),
  document('a list for an id', refused, user, { id: ['a', 'b'] }),
  document('a control character where people read', '200 BAD_USER_INPUT', search, { text: 'a\u0001b' }),
  document('a cursor of one’s own making', '200 BAD_USER_INPUT', page, { after: 'WyJ4Il0' }),
  document('a cursor with SQL in it', '200 BAD_USER_INPUT', page, { after: "'; DROP TABLE games; --" }),
  document('2,000 fields that the filter does not have', refused, games, { filter: unknownFields(2_000) }),
  document('20,000 fields that the filter does not have', tooMany, games, { filter: unknownFields(20_000) }),
  document('a list of 9,000 numbers for an enum', refused, games, {
    filter: { status: Array(9_000).fill(1) },
  }),
  document('120,000 numbers for an enum', tooMany, games, { filter: { status: Array(120_000).fill(1) } }),
  document('250,000 spaces for a number', refused, 'query ($n: Int) { games(first: $n) { totalCount } }', {
    n: `${' '.repeat(250_000)}x`,
  }),
  document('an enum value with SQL in it', refused, games, { filter: { status: ["SCHEDULED'; --"] } }),
]

/** Values that their own scalar does not take, written into the document and in variables. */
export const SCALARS: readonly Attack[] = [
  document('a time that never was', refused, games, { filter: { from: '2026-02-31T25:00:00Z' } }),
  asViewer(
    'an address that is code',
    refused,
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }',
    { input: { avatarUrl: 'javascript:1' } },
  ),
  document('a literal day for a time', invalid, '{ games(filter: { from: "2026-11-20" }) { totalCount } }'),
  document('a literal number for a time', invalid, '{ games(filter: { from: 1763667000 }) { totalCount } }'),
  document('a literal object for a time', invalid, '{ games(filter: { to: { gt: "" } }) { totalCount } }'),
  document(
    'a literal time as the default of a variable',
    invalid,
    'query ($from: DateTime = "now") { games(filter: { from: $from }) { totalCount } }',
  ),
  document(
    'a literal day that never was',
    invalid,
    createSeason('{ sportId: "x", label: "2030", startsOn: "2030-13-45", endsOn: "2030-12-31" }'),
  ),
  document(
    'a literal address that is code',
    invalid,
    createTeam('{ sportId: "x", name: "X", abbreviation: "XX", city: "X", logoUrl: "javascript:1" }'),
  ),
  document('a literal number with a point for an id', invalid, '{ user(id: 1.5) { username } }'),
  document('a literal list for an id', invalid, '{ user(id: ["a", "b"]) { username } }'),
  document(
    'a literal id of a filter that is none',
    '200 BAD_USER_INPUT',
    '{ games(filter: { teamId: "x" }, first: 1) { totalCount } }',
  ),
  asViewer(
    'a literal id that is none',
    '200 BAD_USER_INPUT',
    'mutation { follow(input: { teamId: "x" }) { followedAt } }',
  ),
]

/** Values that look hostile and are only text: they are answered as any other, and find nothing. */
export const HARMLESS: readonly { name: string; query: string; variables: object; data: unknown }[] = [
  ...[
    "' OR 1=1 --",
    "'; DROP TABLE users; --",
    '1; SELECT pg_sleep(10)',
    '${7*7}',
    '{{7*7}}',
    '../../etc/passwd',
    '%',
    '_',
    '\\',
    '<script>alert(1)</script>',
  ].map((text) => ({
    name: text,
    query: search,
    variables: { text },
    data: { users: { totalCount: 0 } },
  })),
  ...["' OR 1=1 --", '00000000-0000-0000-0000-000000000000', 'x'.repeat(10_000)].map((id) => ({
    name: `the id ${id.slice(0, 40)}`,
    query: user,
    variables: { id },
    data: { user: null },
  })),
]
