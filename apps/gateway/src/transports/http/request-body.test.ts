import { describe, expect, test } from '@jest/globals'
import type { FetchTemplate } from '@courtside/federation'
import { toRequestBody } from './request-body.ts'

const template: FetchTemplate = {
  query: 'query Q($representations: [_Any!]!) { _entities }',
  operationName: 'Q',
  type: 'query',
}

describe('the body of a request', () => {
  test.each<[string, Record<string, unknown>, string | null]>([
    ['without variables', {}, null],
    ['with variables', { text: 'a "quoted" text', list: [1, null] }, null],
    ['with representations', {}, '[{"__typename":"Game","id":"1"}]'],
    ['with both', { first: 2 }, '[{"__typename":"Game","id":"1"}]'],
    ['with a variable that has no value', { first: undefined }, '[]'],
  ])('%s is what JSON.stringify would write', (_, variables, representations) => {
    const { query, operationName } = template
    const all = {
      ...(representations !== null && { representations: JSON.parse(representations) as unknown }),
      ...variables,
    }
    expect(toRequestBody({ template, variables, representations })).toBe(
      JSON.stringify({ query, operationName, variables: all }),
    )
  })

  test('holds all lists where several fetches go as one', () => {
    const furtherRepresentations = { representations1: '[{"id":"2"}]', representations2: '[]' }
    const lists = { representations: [{ id: '1' }], representations1: [{ id: '2' }], representations2: [] }
    for (const variables of [{}, { first: 2 }]) {
      const request = { template, variables, representations: '[{"id":"1"}]', furtherRepresentations }
      expect(JSON.parse(toRequestBody(request))).toMatchObject({ variables: { ...lists, ...variables } })
    }
  })

  test('names no operation that has no name', () => {
    const unnamed: FetchTemplate = { query: '{ a }', operationName: undefined, type: 'query' }
    expect(toRequestBody({ template: unnamed, variables: {}, representations: null })).toBe(
      '{"query":"{ a }","variables":{}}',
    )
  })
})
