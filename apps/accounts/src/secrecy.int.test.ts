import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { type AccountsHarness, openAccounts, TEST_SECRET } from './testing/open-accounts.ts'
import { ask, join, type Member, PASSWORD, REFRESH, SIGN_IN, SIGN_UP, stranger } from './testing/signed-in.ts'

let accounts: AccountsHarness
let anna: Member
/** What nobody may find in a log line, an answer or a row: as text, and as the bytes a column could hold. */
let secrets: string[]
beforeAll(async () => {
  accounts = await openAccounts()
  anna = await join(accounts)
  secrets = [PASSWORD, TEST_SECRET, anna.refreshToken, anna.accessToken]
})
afterAll(() => accounts.close())

const found = (text: string, among: readonly string[]) => among.filter((secret) => text.includes(secret))
const logged = () =>
  accounts.log.lines
    .map(({ fields, message }) => {
      const error = fields['err']
      return message + JSON.stringify(fields) + (error instanceof Error ? (error.stack ?? '') : '')
    })
    .join('\n')

test('no secret and no hash is in any answer or log line, whatever goes wrong', async () => {
  const guesses = ['first guess 7af3', 'second guess 19bd']
  for (const password of guesses) await ask(stranger(accounts), SIGN_IN, { login: anna.username, password })
  await ask(stranger(accounts), SIGN_UP, { username: 'x', email: 'x', password: guesses[0] })
  const admin = accounts.as(principals.user('admin'))
  const { createApiKey } = await admin.ok<{ createApiKey: { key: string } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }`,
    { input: { name: 'Feed', ownerId: anna.id, scopes: [], requestsPerMinute: 1 } },
  )
  const gateway = accounts.as(principals.service('gateway', 'resolve:identity'))
  const resolve = 'query ($input: CredentialInput!) { resolveCredential(input: $input) { kind } }'
  await gateway.ok(resolve, { input: { apiKey: { key: createApiKey.key } } })
  // A theft, and a database that fails with the secrets among the values of its statements.
  await ask(stranger(accounts), REFRESH, { refreshToken: anna.refreshToken })
  accounts.clock.advance(31_000)
  await ask(stranger(accounts), REFRESH, { refreshToken: anna.refreshToken })
  await accounts.sql('ALTER TABLE sessions RENAME TO sessions_away')
  const failures = await Promise.all([
    stranger(accounts).run(REFRESH, { input: { refreshToken: anna.refreshToken } }),
    stranger(accounts).run(SIGN_UP, {
      input: { username: 'unlucky', email: 'unlucky@example.com', password: PASSWORD },
    }),
    gateway.run(resolve, { input: { session: { userId: anna.id, sessionId: anna.sessionId } } }),
  ])
  await accounts.sql('ALTER TABLE sessions_away RENAME TO sessions')
  expect(failures.map(({ errors }) => errors[0]?.code)).toEqual(Array(3).fill('INTERNAL_SERVER_ERROR'))

  const hashes = await accounts.sql<{ hash: string }>(
    `SELECT password_hash AS hash FROM users WHERE password_hash IS NOT NULL
     UNION ALL SELECT encode(token_hash, 'hex') FROM sessions
     UNION ALL SELECT encode(secret_hash, 'hex') FROM api_keys`,
  )
  expect(hashes.length).toBeGreaterThanOrEqual(3)
  const kept = [...secrets, ...guesses, createApiKey.key.slice(-43), ...hashes.map(({ hash }) => hash)]
  expect(logged()).toContain('Unexpected error')
  expect(found(logged(), kept)).toEqual([])
  expect(found(JSON.stringify(failures), kept)).toEqual([])
})

test('no type of the graph has a field for a password, a hash or a secret', async () => {
  interface Types {
    __schema: { types: { name: string; kind: string; fields: { name: string }[] | null }[] }
  }
  const { __schema } = await anna.ok<Types>('{ __schema { types { name kind fields { name } } } }')
  const fields = __schema.types.flatMap(({ name, fields }) =>
    (fields ?? []).map((field) => `${name}.${field.name}`),
  )
  expect(fields.filter((field) => /\.\w*(password|hash|secret|token|key$)/i.test(field)).sort()).toEqual([
    'CreateApiKeyPayload.apiKey',
    'CreateApiKeyPayload.key',
    'Mutation.changePassword',
    'Mutation.createApiKey',
    'Mutation.revokeApiKey',
    'Mutation.rotateApiKey',
    'Mutation.updateApiKey',
    'RevokeApiKeyPayload.apiKey',
    'RotateApiKeyPayload.apiKey',
    'RotateApiKeyPayload.key',
    'SignedIn.accessToken',
    'SignedIn.accessTokenExpiresAt',
    'SignedIn.refreshToken',
    'SignedIn.refreshTokenExpiresAt',
    'UpdateApiKeyPayload.apiKey',
  ])
})
