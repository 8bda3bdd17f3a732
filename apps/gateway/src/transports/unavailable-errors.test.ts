import { describe, expect, test } from '@jest/globals'
import { CallFailure } from './call-failure.ts'
import { toFetchRequest } from './subgraph-operation.ts'
import { unavailableErrors } from './unavailable-errors.ts'

const failure = (mayHaveBegun: boolean, retryAfterSeconds: number | null = null) =>
  new CallFailure('broken', new Error('no'), { mayHaveBegun, retryAfterSeconds })

const pathsOf = (errors: ReturnType<typeof unavailableErrors>) => errors.map(({ path }) => path.join('.'))

const ENTITIES = `query ($representations: [_Any!]!, $first: Int) {
  _entities(representations: $representations) {
    ... on Game { __typename title winner: team { name } }
    ... on Player { name }
    ... on Game { title venue }
  }
}`
const REPRESENTATIONS = [
  { __typename: 'Player', id: '1' },
  { __typename: 'Game', id: '2' },
  { __typename: 'Stranger' },
  null,
  { __typename: '__proto__' },
]

describe('what a subgraph did not give', () => {
  test('is named by the fields of the root', () => {
    const request = toFetchRequest({ query: '{ __typename games { id } last: game(id: 1) { id } }' })
    expect(pathsOf(unavailableErrors(request, failure(true)))).toEqual(['games', 'last'])
  })

  test.each([
    ['as text', { ...toFetchRequest({ query: ENTITIES }), representations: JSON.stringify(REPRESENTATIONS) }],
    [
      'among the variables',
      toFetchRequest({ query: ENTITIES, variables: { representations: REPRESENTATIONS } }),
    ],
  ])('is named by the fields of each entity, with representations %s', (_, request) => {
    expect(pathsOf(unavailableErrors(request, failure(true)))).toEqual([
      '_entities.0.name',
      '_entities.1.title',
      '_entities.1.winner',
      '_entities.1.venue',
    ])
  })

  test('is named for each list where several fetches go as one', () => {
    const query = `query ($representations: [_Any!]!, $representations1: [_Any!]!) {
      part0: _entities(representations: $representations) { ... on Game { title } }
      part1: _entities(representations: $representations1) { ... on Player { name } }
    }`
    const request = {
      ...toFetchRequest({ query }),
      representations: '[{"__typename":"Game","id":"1"}]',
      furtherRepresentations: {
        representations1: '[{"__typename":"Game","id":"1"},{"__typename":"Player","id":"2"}]',
      },
    }
    expect(pathsOf(unavailableErrors(request, failure(true)))).toEqual(['part0.0.title', 'part1.1.name'])
  })

  test('is named at some places of a long list only', () => {
    const many = Array.from({ length: 1_000 }, (_, id) => ({ __typename: 'Player', id }))
    const request = toFetchRequest({ query: ENTITIES, variables: { representations: many } })
    expect(unavailableErrors(request, failure(true))).toHaveLength(25)
  })

  test('is named for each list of several, however long the first', () => {
    const query = `query ($representations: [_Any!]!, $representations1: [_Any!]!) {
      part0: _entities(representations: $representations) { ... on Player { name } }
      part1: _entities(representations: $representations1) { ... on Player { name } }
    }`
    const list = (length: number) => JSON.stringify(Array(length).fill({ __typename: 'Player', id: '1' }))
    const request = {
      ...toFetchRequest({ query }),
      representations: list(30),
      furtherRepresentations: { representations1: list(2) },
    }
    const paths = pathsOf(unavailableErrors(request, failure(true)))
    expect(paths).toHaveLength(27)
    expect(paths.slice(-2)).toEqual(['part1.0.name', 'part1.1.name'])
  })

  test.each<[string, string, boolean, boolean]>([
    ['a query', '{ a }', true, true],
    ['a mutation that was never sent', 'mutation { a }', false, true],
    ['a mutation that may have been done', 'mutation { a }', true, false],
  ])('may be asked for again when it was %s: %#', (_, query, mayHaveBegun, retryable) => {
    const [error] = unavailableErrors(toFetchRequest({ query }), failure(mayHaveBegun, 3))
    expect(error?.extensions).toEqual({
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable,
      ...(retryable && { retryAfterSeconds: 3 }),
    })
    expect(error?.message.includes('may have been done')).toBe(!retryable)
  })

  test('is told to each who asks with a list of their own', () => {
    const request = toFetchRequest({ query: '{ a }' })
    const [first] = unavailableErrors(request, failure(true))
    first?.path.push('changed')
    expect(unavailableErrors(request, failure(true))[0]?.path).toEqual(['a'])
  })
})
