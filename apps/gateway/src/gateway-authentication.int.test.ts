import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type GatewayFixture, openGateway } from './fixtures/gateway-fixture.ts'
import { type IssuerFixture, startIssuer } from './fixtures/issuer-fixture.ts'

const OPEN = '{ game(id: "1") { title } }'
const ME = '{ me { id } }'

let issuer: IssuerFixture
let fixture: GatewayFixture
beforeEach(async () => {
  issuer = await startIssuer('ES256')
  fixture = await openGateway('in-process', {
    externalIssuers: [
      { issuer: issuer.issuer, jwksUrl: issuer.jwksUrl, authorizedParties: ['https://app.example'] },
    ],
  })
})
afterEach(async () => {
  await fixture.stop()
  await issuer.stop()
})

const outcome = async (query: string, credential: { token?: string; apiKey?: string }) => {
  const { status, errors } = await fixture.graphql(query, credential)
  return errors[0] ? `${status} ${errors[0].extensions.code}` : String(status)
}

describe('signing in', () => {
  test('works with a token of our own accounts', async () => {
    const { token, userId } = await fixture.accounts.signIn('viewer')
    const { data } = await fixture.graphql(ME, { token })
    expect(data).toEqual({ me: { id: userId } })
  })

  test('works with a token of a configured issuer', async () => {
    const userId = randomUUID()
    fixture.accounts.people.set(`${issuer.issuer} user_2abc`, { userId, role: 'viewer' })
    const token = await issuer.sign({ issuedAt: fixture.clock.now() })
    expect((await fixture.graphql(ME, { token })).data).toEqual({ me: { id: userId } })
  })

  test('is refused, not ignored, for a bad credential, also where none is needed', async () => {
    const session = { userId: randomUUID(), sessionId: randomUUID() }
    const ago = (seconds: number) => new Date(fixture.clock.now().getTime() - seconds * 1000)
    const { accounts } = fixture
    expect(await outcome(OPEN, {})).toBe('200')
    const bad = [
      'garbage',
      await accounts.token(session),
      await accounts.token(session, { issuer: 'https://evil.example' }),
      await accounts.token(session, { audience: 'elsewhere' }),
      await accounts.token(session, { type: 'JWT' }),
      await accounts.token(session, { issuedAt: ago(400) }),
      await accounts.token({ ...session, sessionId: "' OR 1=1" }),
    ]
    for (const token of bad) expect(await outcome(OPEN, { token })).toBe('401 UNAUTHENTICATED')
    expect(await outcome(OPEN, { apiKey: `csn_live_${'x'.repeat(30)}` })).toBe('401 UNAUTHENTICATED')
  })

  test('says in one sentence why it is refused', async () => {
    const { token } = await fixture.accounts.signIn('viewer', { issuedAt: new Date(0) })
    const { errors, headers } = await fixture.graphql(OPEN, { token })
    expect(errors).toEqual([
      {
        message: 'The token has expired. Refresh it and try again.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  test('ends within a second of the session', async () => {
    const { token, sessionId } = await fixture.accounts.signIn('viewer')
    expect(await outcome(ME, { token })).toBe('200')
    fixture.accounts.sessions.delete(sessionId)
    fixture.clock.advance(1_000)
    expect(await outcome(ME, { token })).toBe('401 UNAUTHENTICATED')
  })

  test('asks accounts once for requests that come together, and tells it the address a key comes from', async () => {
    const key = `csn_live_${'b'.repeat(30)}`
    fixture.accounts.apiKeys.set(key, { id: 'k', scopes: [], requestsPerMinute: null })
    await Promise.all(Array.from({ length: 10 }, () => outcome(OPEN, { apiKey: key })))
    expect(fixture.accounts.resolved).toEqual([
      expect.objectContaining({ apiKey: { key, clientAddress: '127.0.0.1' } }),
    ])
  })

  test('has to wait while accounts is away; everybody else goes on', async () => {
    const { token } = await fixture.accounts.signIn('viewer')
    expect(await outcome(ME, { token })).toBe('200')
    fixture.transports['accounts']!.down = true
    fixture.clock.advance(1_000)
    const { status, errors } = await fixture.graphql(ME, { token })
    expect(status).toBe(503)
    expect(errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', retryable: true })
    expect(await outcome(OPEN, {})).toBe('200')
    fixture.transports['accounts']!.down = false
    expect(await outcome(ME, { token })).toBe('200')
  })

  test('gives nothing for roles and scopes that this gateway does not know', async () => {
    const key = `csn_live_${'c'.repeat(30)}`
    const scopes = ['write:games', 'launch:rockets'] as never[]
    fixture.accounts.apiKeys.set(key, { id: 'k', scopes, requestsPerMinute: null })
    const { data } = await fixture.graphql<{ whoAmI: string }>('{ whoAmI }', { apiKey: key })
    expect(JSON.parse(data.whoAmI).principal.scopes).toEqual(['write:games'])
  })
})

describe('the public keys', () => {
  test('are published for others to check our tokens with', async () => {
    const answer = await fetch(`${fixture.url}/.well-known/jwks.json`)
    expect(answer.status).toBe(200)
    const { keys } = (await answer.json()) as { keys: object[] }
    expect(keys).toEqual([expect.objectContaining({ kid: 'fixture', kty: 'OKP', crv: 'Ed25519' })])
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })

  test('cannot be had before accounts has answered once', async () => {
    fixture.transports['accounts']!.down = true
    expect((await fetch(`${fixture.url}/.well-known/jwks.json`)).status).toBe(503)
  })
})
