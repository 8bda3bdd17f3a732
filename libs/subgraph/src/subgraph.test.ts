import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  anonymous,
  createIdentitySigner,
  createIdentityVerifier,
  generateIdentityKeys,
  IDENTITY_HEADER,
} from '@courtside/auth'
import { createHttpEdge, type HttpEdge } from '@courtside/http'
import { DomainError } from '@courtside/kernel'
import { type Line, logInto } from './fixtures/listed-log.ts'
import {
  createBatch,
  createSubgraph,
  DEADLINE_HEADER,
  jsonScalar,
  type RequestContext,
  type Subgraph,
} from './index.ts'

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])
  scalar JSON
  type Query { team(id: ID!): Team shared: JSON broken: Team! mine: String @authenticated wait: String deadline: Float }
  type Mutation { rename(id: ID!, name: String!): Team }
  type Team @key(fields: "id") { id: ID! name: String! rival: Team }`

const shared = { list: [1, { deep: true }] }
const names = new Map([
  ['1', 'Owls'],
  ['2', 'Bears'],
])
const lines: Line[] = []
const log = logInto(lines)
let loaded: (readonly string[])[] = []

interface Context extends RequestContext {
  teams: { load(id: string): Promise<{ id: string; name: string } | null> }
}

const byId = (id: string, { teams }: Context) => teams.load(id)
const resolvers = {
  JSON: jsonScalar,
  Query: {
    team: (_: unknown, { id }: { id: string }, context: Context) => byId(id, context),
    shared: () => shared,
    broken: async () => {
      throw new Error('secret of the database')
    },
    mine: () => 'mine',
    wait: async () => {
      throw new DomainError({ kind: 'limited', code: 'SLOW_DOWN', message: 'Wait.', details: { seconds: 3 } })
    },
    deadline: (_: unknown, _args: object, context: Context) => context.deadline,
  },
  Mutation: {
    rename: (_: unknown, { id, name }: { id: string; name: string }, context: Context) => {
      names.set(id, name)
      return byId(id, context)
    },
  },
  Team: {
    rival: ({ id }: { id: string }, _: object, context: Context) => byId(id === '1' ? '2' : '1', context),
    __resolveReference: ({ id }: { id: string }, context: Context) => byId(id, context),
  },
}

const keys = await generateIdentityKeys()
const signer = await createIdentitySigner(keys.privateKey)
let headers: Record<string, string>
let subgraph: Subgraph
let edge: HttpEdge
let url: string

beforeAll(async () => {
  headers = { [IDENTITY_HEADER]: await signer.assertionFor(anonymous, 'teams') }
  subgraph = await createSubgraph<Context>({
    name: 'teams',
    typeDefs: SDL,
    resolvers,
    createContext: (request) => ({
      ...request,
      teams: createBatch(
        async (ids) => {
          loaded.push(ids)
          return new Map(
            ids.flatMap((id) => (names.has(id) ? [[id, { id, name: names.get(id) ?? '' }]] : [])),
          )
        },
        () => null,
      ),
    }),
    identity: await createIdentityVerifier(keys.publicKey, 'teams'),
    readiness: { problems: async () => [] },
    log,
    introspection: false,
    close: async () => undefined,
  })
  edge = createHttpEdge({ routes: [subgraph.route], log })
  url = `${(await edge.listen({ host: '127.0.0.1', port: 0 })).url}/graphql`
})
beforeEach(() => {
  loaded = []
})
afterAll(async () => {
  await edge?.drain(0)
  await subgraph?.stop()
})

const ENTITIES =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Team { name rival { name } } } }'

describe('an answer within the process', () => {
  test('belongs to who asked: what they change, nobody else sees', async () => {
    const query = '{ shared }'
    const first = await subgraph.execute({ query, headers })
    Object.assign((first.data?.['shared'] as typeof shared).list[1] as object, { deep: false })
    expect(await subgraph.execute({ query, headers })).toEqual({ data: { shared } })
    expect(shared.list[1]).toEqual({ deep: true })
  })

  test('to twenty references loads all of one kind at once', async () => {
    const representations = Array.from({ length: 20 }, (_, index) => ({
      __typename: 'Team',
      id: String(index % 4),
    }))
    const { data } = await subgraph.execute({ query: ENTITIES, variables: { representations }, headers })
    const four = [
      null,
      { name: 'Owls', rival: { name: 'Bears' } },
      { name: 'Bears', rival: { name: 'Owls' } },
      null,
    ]
    expect(data?.['_entities']).toEqual([four, four, four, four, four].flat())
    // The rivals were among them.
    expect(loaded).toEqual([['0', '1', '2', '3']])
  })

  test('to a mutation tells what is so after it', async () => {
    const query =
      'mutation { a: rename(id: "1", name: "Hawks") { name } b: rename(id: "1", name: "Owls") { name } }'
    expect(await subgraph.execute({ query, headers })).toMatchObject({
      data: { a: { name: 'Hawks' }, b: { name: 'Owls' } },
    })
  })

  test('is refused without an assertion', async () => {
    await expect(subgraph.execute({ query: '{ shared }', headers: {} })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })
})

describe('an operation that comes after its deadline', () => {
  const late = { errors: [{ extensions: { code: 'TIMEOUT', retryable: true } }] }

  test('is refused before anything is done for it, within the process and over HTTP', async () => {
    const given = { ...headers, [DEADLINE_HEADER]: String(Date.now() - 1) }
    const query = '{ team(id: "1") { name } }'
    expect(await subgraph.execute({ query, headers: given })).toMatchObject(late)
    const { status, text } = await post({ query }, given)
    expect({ status, answer: JSON.parse(text) as unknown }).toMatchObject({ status: 400, answer: late })
    expect(loaded).toEqual([])
  })

  test.each<[string, string | undefined, number | null]>([
    ['in time', '4102444800000', 4102444800000],
    ['without one', undefined, null],
    ['with one that is no number', 'soon', null],
  ])('is what one %s is not', async (_, deadline, known) => {
    const given = deadline === undefined ? headers : { ...headers, [DEADLINE_HEADER]: deadline }
    expect(await subgraph.execute({ query: '{ deadline }', headers: given })).toEqual({
      data: { deadline: known },
    })
  })
})

async function post(body: object | string, given = headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...given },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const { date, ...rest } = Object.fromEntries(response.headers)
  expect(date).toBeDefined()
  return { status: response.status, headers: rest, text: await response.text() }
}

/** Without the ids, which are new each time. */
const masked = (text: string) => text.replace(/[0-9a-f-]{36}/g, 'id')

describe('over HTTP', () => {
  test.each<[string, object]>([
    ['data', { query: '{ team(id: "1") { name } }' }],
    [
      'variables',
      { query: 'query Q($id: ID!) { team(id: $id) { id } }', variables: { id: '2' }, operationName: 'Q' },
    ],
    ['nulls', { query: '{ team(id: "9") { name } }', variables: null, operationName: null }],
    ['an error of the domain', { query: '{ wait team(id: "1") { name } }' }],
    ['an error that leaves no data', { query: '{ broken { name } }' }],
    ['a field that is not for the caller', { query: '{ mine }' }],
    [
      'variables that do not fit',
      { query: 'query ($id: ID!) { team(id: $id) { id } }', variables: { id: [1] } },
    ],
    ['a document that does not fit', { query: '{ nobody }' }],
    ['no document', { query: '{ team(' }],
    ['an unknown operation', { query: 'query A { shared }', operationName: 'B' }],
    ['a mutation', { query: 'mutation { rename(id: "1", name: "Owls") { name } }' }],
    ['questions about the schema', { query: '{ __schema { types { name } } }' }],
  ])('%s come in the very words of Apollo Server', async (_, body) => {
    const ours = await post(body)
    // Nobody but Apollo Server looks at extensions.
    const theirs = await post({ ...body, extensions: {} })
    expect({ ...ours, text: masked(ours.text) }).toEqual({ ...theirs, text: masked(theirs.text) })
    expect(ours.headers).toMatchObject({ 'cache-control': 'no-store', 'content-length': expect.any(String) })
  })

  test.each<[string, string | object, number]>([
    ['what is not JSON', '{"query": ', 400],
    ['what is no operation', '[]', 400],
    ['a query that is no text', { query: 1 }, 400],
    ['variables that are a list', { query: '{ shared }', variables: [] }, 400],
    ['too much', ' '.repeat(10 * 1024 * 1024 + 1), 413],
  ])('%s is refused', async (_, body, status) => {
    expect((await post(body)).status).toBe(status)
  })

  test('a body is not read for somebody whom the gateway does not vouch for', async () => {
    expect(await post('{', { [IDENTITY_HEADER]: 'somebody' })).toMatchObject({ status: 401 })
  })

  test('what is unexpected is logged with the request, under the id that the caller is told', async () => {
    const { text } = await post({ query: '{ broken { name } }' }, { ...headers, 'x-request-id': 'r-7' })
    const { errors } = JSON.parse(text) as { errors: { extensions: { errorId: string } }[] }
    const line = lines.find(({ fields }) => fields['error.id'] === errors[0]?.extensions.errorId)
    expect(line?.fields).toMatchObject({
      'request.id': 'r-7',
      'principal.kind': 'anonymous',
      subgraph: 'teams',
    })
    expect(String(line?.fields['err'])).toContain('secret of the database')
    expect(text).not.toContain('secret')
  })
})
