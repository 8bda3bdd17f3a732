import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'

let fixture: GatewayFixture
beforeAll(async () => {
  fixture = await openGateway()
})
afterAll(() => fixture.stop())

/** What a newer tool asks, and Apollo's planner does not know. */
const NEW = '__type(name: "RenameGameInput") { isOneOf }'

describe('a question about the schema in development', () => {
  test.each([
    ['plainly', `{ ${NEW} }`],
    ['beside the name of the root', `{ __typename ${NEW} }`],
    ['in a fragment', `{ ...F } fragment F on Query { ${NEW} }`],
    [
      'in a fragment of a fragment',
      `{ ...F ...F } fragment F on Query { ...G } fragment G on Query { ${NEW} }`,
    ],
    ['in an inline fragment', `{ ... on Query { ... { ${NEW} } } }`],
  ])('is answered without a plan: asked %s', async (_, query) => {
    const { status, data, errors } = await fixture.graphql(query)
    expect([status, errors]).toEqual([200, []])
    expect(data).toMatchObject({ __type: { isOneOf: false } })
  })

  test('leaves a fragment with data to the plan', async () => {
    const { data } = await fixture.graphql('{ ...F } fragment F on Query { __typename sum(numbers: [1, 2]) }')
    expect(data).toEqual({ __typename: 'Query', sum: 3 })
  })
})
