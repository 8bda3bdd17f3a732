import { type Attack, body, get, post, raw, send } from './attack.ts'

const QUERY = { query: '{ __typename }' }
const MUTATION = 'mutation { signOut(input: {}) { __typename } }'
const search = (parameters: Record<string, string>) => String(new URLSearchParams(parameters))
const typed = (name: string, type: string): Attack => ({
  name,
  refusal: '415 UNSUPPORTED_MEDIA_TYPE',
  send: (target) => post(target, QUERY, { 'content-type': type }),
})
const method = (name: string): Attack => ({
  name: `the method ${name}`,
  refusal: '405 METHOD_NOT_ALLOWED',
  send: ({ url }) =>
    send(`${url}/graphql`, name, { 'content-type': 'application/json' }, JSON.stringify(QUERY)),
})
const persisted = (name: string, refusal: string, persistedQuery: unknown, query?: string): Attack =>
  body(name, refusal, { query, extensions: { persistedQuery } })
const path = (target: string, refusal: string): Attack =>
  raw(`the path ${target}`, refusal, `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)

/** Requests that are wrong before any document is looked at. */
export const REQUESTS: readonly Attack[] = [
  body('a list of operations', '400 BATCHING_NOT_SUPPORTED', [QUERY, QUERY]),
  body(
    'a list of a thousand',
    '400 BATCHING_NOT_SUPPORTED',
    Array.from({ length: 1_000 }, () => QUERY),
  ),
  body('an empty list', '400 BATCHING_NOT_SUPPORTED', []),
  body('a body over the limit', '413 BODY_TOO_LARGE', { ...QUERY, pad: 'x'.repeat(300_000) }),
  body('a body of 5 MB', '413 BODY_TOO_LARGE', { ...QUERY, pad: 'x'.repeat(5_000_000) }),
  raw(
    'a body over the limit in pieces',
    '413 BODY_TOO_LARGE',
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${`10000\r\n${' '.repeat(65_536)}\r\n`.repeat(5)}0\r\n\r\n`,
  ),
  body('no body', '400 BAD_REQUEST', ''),
  body('half of a body', '400 BAD_REQUEST', '{"query":"{ __typename'),
  body('a number', '400 BAD_REQUEST', '7'),
  body('null', '400 BAD_REQUEST', 'null'),
  body('text', '400 BAD_REQUEST', '"{ __typename }"'),
  body('brackets without end', '400 BAD_REQUEST', '['.repeat(200_000)),
  body('brackets with an end', '400 BATCHING_NOT_SUPPORTED', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  body('nothing to run', '400 BAD_REQUEST', {}),
  body('a query that is a number', '400 BAD_REQUEST', { query: 7 }),
  body('a query that is parsed already', '400 BAD_REQUEST', { query: { kind: 'Document', definitions: [] } }),
  body('an operation name that is a list', '400 BAD_REQUEST', { ...QUERY, operationName: ['a'] }),
  body('variables that are a list', '400 BAD_REQUEST', { ...QUERY, variables: [1] }),
  body('variables that are text', '400 BAD_REQUEST', { ...QUERY, variables: '{"a":1}' }),
  body(
    'variables without a floor',
    '400 VARIABLES_DEPTH_LIMIT_EXCEEDED',
    `{"query":"{ __typename }","variables":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
  ),
  body('extensions that are text', '400 BAD_REQUEST', { ...QUERY, extensions: 'x' }),
  typed('a form', 'application/x-www-form-urlencoded'),
  typed('an upload', 'multipart/form-data; boundary=x'),
  typed('text', 'text/plain'),
  typed('text that mentions JSON', 'text/plain; x=application/json'),
  typed('a bare document', 'application/graphql'),
  typed('UTF-16', 'application/json; charset=utf-16le'),
  {
    name: 'a compressed body',
    refusal: '415 UNSUPPORTED_MEDIA_TYPE',
    send: (target) => post(target, QUERY, { 'content-encoding': 'gzip' }),
  },
  {
    name: 'an answer as an image',
    refusal: '406 NOT_ACCEPTABLE',
    send: (target) => post(target, QUERY, { accept: 'image/png' }),
  },
  ...['PUT', 'PATCH', 'DELETE'].map(method),
  {
    name: 'a mutation by GET',
    refusal: '405 METHOD_NOT_ALLOWED',
    send: (target) => get(target, search({ query: MUTATION })),
  },
  {
    name: 'a mutation by GET, behind a query',
    refusal: '405 METHOD_NOT_ALLOWED',
    send: (target) =>
      get(
        target,
        search({ query: `query A { __typename } ${MUTATION.replace('{', 'B {')}`, operationName: 'B' }),
      ),
  },
  {
    name: 'a link in a page of a stranger',
    refusal: '400 CSRF_PREVENTED',
    send: (target) => get(target, search(QUERY), { accept: 'text/html, */*' }),
  },
  {
    name: 'an image in a page of a stranger',
    refusal: '400 CSRF_PREVENTED',
    send: (target) => get(target, search(QUERY), { accept: 'image/*' }),
  },
  {
    name: 'variables in a link that are not JSON',
    refusal: '400 BAD_REQUEST',
    send: (target) => get(target, search({ ...QUERY, variables: '{' })),
  },
  {
    name: 'two queries in one link',
    refusal: '400 BAD_REQUEST',
    send: (target) => get(target, `${search(QUERY)}&${search(QUERY)}`),
  },
  {
    name: 'a page of another origin that asks first',
    refusal: '403 ORIGIN_NOT_ALLOWED',
    send: ({ url }) =>
      send(`${url}/graphql`, 'OPTIONS', {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
      }),
  },
  {
    name: 'a sandboxed frame that asks first',
    refusal: '403 ORIGIN_NOT_ALLOWED',
    send: ({ url }) =>
      send(`${url}/graphql`, 'OPTIONS', { origin: 'null', 'access-control-request-method': 'POST' }),
  },
  persisted('a persisted query that nobody sent', '200 PERSISTED_QUERY_NOT_FOUND', {
    version: 1,
    sha256Hash: 'a'.repeat(64),
  }),
  persisted(
    'a hash that lies',
    '400 PERSISTED_QUERY_HASH_MISMATCH',
    { version: 1, sha256Hash: 'a'.repeat(64) },
    '{ __typename }',
  ),
  persisted('a hash with a path in it', '400 BAD_REQUEST', { version: 1, sha256Hash: '../../../etc/passwd' }),
  persisted('a version that does not exist', '400 BAD_REQUEST', {
    version: '1; DROP TABLE',
    sha256Hash: 'a'.repeat(64),
  }),

  path('//graphql', '404 NOT_FOUND'),
  path('/graphql/', '404 NOT_FOUND'),
  path('/graphql/../../etc/passwd', '400 BAD_REQUEST'),
  path('/graphql/../metrics', '400 BAD_REQUEST'),
  path('/..%2f..%2fetc%2fpasswd', '404 NOT_FOUND'),
  path('/%00', '404 NOT_FOUND'),
  path('/%zz', '404 NOT_FOUND'),
  path('http://evil.example/graphql', '400 BAD_REQUEST'),
  path('*', '400 BAD_REQUEST'),
  path('/graphiql', '404 NOT_FOUND'),
  path('/graph ql', '400 BAD_REQUEST'),
  raw(
    'a flood of headers',
    '431 HEADERS_TOO_LARGE',
    `GET /graphql HTTP/1.1\r\nhost: x\r\n${'x-flood: y\r\n'.repeat(2_000)}\r\n`,
  ),
  raw(
    'one endless header',
    '431 HEADERS_TOO_LARGE',
    `GET /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${'x'.repeat(50_000)}\r\n\r\n`,
  ),
  raw(
    'an endless path',
    '431 HEADERS_TOO_LARGE',
    `GET /graphql?query=${'x'.repeat(50_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  ),
  raw(
    'two lengths of one body',
    '400 BAD_REQUEST',
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
  ),
  raw(
    'a length and pieces at once',
    '400 BAD_REQUEST',
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ),
  raw(
    'a length that is negative',
    '400 BAD_REQUEST',
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
  ),
  raw(
    'a header with a line break hidden in it',
    '400 BAD_REQUEST',
    'GET /graphql HTTP/1.1\r\nhost: x\r\nx-a: b\rx-c: d\r\n\r\n',
  ),
  raw('no host', '400', 'GET /graphql HTTP/1.1\r\n\r\n'),
  raw('no HTTP at all', '400 BAD_REQUEST', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'),
]
