import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DEFAULT_LIMITS } from './compose.ts'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'

let fixture: GatewayFixture
beforeAll(async () => {
  fixture = await openGateway()
})
afterAll(() => fixture.stop())

const RENAME = 'mutation ($input: RenameGameInput!) { renameGame(input: $input) { id } }'
const SUM = 'query ($numbers: [Int!]!) { sum(numbers: $numbers) }'
const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 1]))

describe('variables that do not fit their types', () => {
  test('are refused with their first faults, however many there are', async () => {
    const { token } = await fixture.accounts.signIn('admin')
    const unknown = await fixture.graphql(RENAME, { token, variables: { input: fields(2_000) } })
    const items = await fixture.graphql(SUM, { variables: { numbers: Array(2_000).fill('x') } })
    for (const { status, data, errors } of [unknown, items]) {
      expect([status, data]).toEqual([400, undefined])
      expect(errors).toHaveLength(11)
      for (const { message, extensions } of errors) {
        expect(message.length).toBeLessThanOrEqual(300)
        expect(extensions).toEqual({ code: 'BAD_USER_INPUT' })
      }
    }
  })

  test('are refused in questions about the schema too', async () => {
    const { status, errors } = await fixture.graphql(
      'query ($all: Boolean!) { __type(name: "Game") { fields(includeDeprecated: $all) { name } } }',
      { variables: { all: 'yes' } },
    )
    expect([status, errors]).toEqual([
      400,
      [{ message: expect.stringMatching(/^Variable "\$all" got/), extensions: { code: 'BAD_USER_INPUT' } }],
    ])
  })

  test('are not told the right name in production', async () => {
    const production = await openGateway('in-process', { production: true })
    try {
      const variables = { status: 'SCHEDULE' }
      const query = 'query ($status: Status) { gamesOn(status: $status) { id } }'
      const [refused] = (await production.graphql(query, { variables })).errors
      expect(refused?.message).toMatch(/does not exist in "Status" enum\.$/)
      const [helped] = (await fixture.graphql(query, { variables })).errors
      expect(helped?.message).toContain('Did you mean the enum value "SCHEDULED"?')
    } finally {
      await production.stop()
    }
  })
})

describe('the limit on values in variables', () => {
  const limit = DEFAULT_LIMITS.variableValues

  test('lets pass what just fits, and refuses one more', async () => {
    const send = (count: number) => fixture.graphql(SUM, { variables: { numbers: Array(count - 1).fill(1) } })
    expect((await send(limit)).data).toEqual({ sum: limit - 1 })
    const { status, errors } = await send(limit + 1)
    expect([status, errors[0]?.extensions]).toEqual([
      400,
      { code: 'VARIABLE_VALUES_LIMIT_EXCEEDED', limit, actual: limit + 1 },
    ])
  })
})
