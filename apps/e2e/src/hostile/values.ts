import { type Attack, body, document } from './attack.ts'

const search = 'query ($text: String) { users(search: $text, first: 1) { totalCount } }'
const user = 'query ($id: ID!) { user(id: $id) { username } }'
const page = 'query ($after: String) { games(first: 1, after: $after) { totalCount } }'
const refused = '400 BAD_USER_INPUT'

/** Values that mean to be more than values. */
export const VALUES: readonly Attack[] = [
  document('NUL in a literal', refused, '{ users(search: "a\\u0000b", first: 1) { totalCount } }'),
  document('NUL in a variable', refused, search, { text: 'a\0b' }),
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
  document(
    'a time that never was',
    '200 BAD_USER_INPUT',
    'query ($filter: GameFilter) { games(filter: $filter, first: 1) { totalCount } }',
    { filter: { from: '2026-02-31T25:00:00Z' } },
  ),
  document(
    'an enum value with SQL in it',
    refused,
    'query ($filter: GameFilter) { games(filter: $filter, first: 1) { totalCount } }',
    { filter: { status: ["SCHEDULED'; --"] } },
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
    '\u202eabc',
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
