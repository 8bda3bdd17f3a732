import { createHmac } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { isDomainError } from '@courtside/kernel'
import { silentLogger } from '@courtside/logger'
import { createTestClock, type TestClock } from '@courtside/testing'
import { exportSPKI, importJWK } from 'jose'
import {
  type Algorithm,
  type IssuedClaims,
  type IssuerFixture,
  startIssuer,
} from '../fixtures/issuer-fixture.ts'
import { fetchJwks } from './jwks-endpoint.ts'
import { createKeySet } from './key-set.ts'
import { createTokenVerifier, externalIdentity, type TokenVerifier } from './token-verifier.ts'

const noon = new Date('2026-11-20T12:00:00Z')

let issuer: IssuerFixture
let clock: TestClock
let verifier: TokenVerifier

beforeEach(async () => {
  issuer = await startIssuer()
  clock = createTestClock(noon)
  verifier = verifierFor(issuer)
})
afterEach(() => issuer.stop())

function verifierFor({ issuer: name, jwksUrl }: IssuerFixture): TokenVerifier {
  const keys = createKeySet({
    issuer: name,
    fetchKeys: () => fetchJwks(jwksUrl),
    clock,
    log: silentLogger,
  })
  const authorizedParties = ['https://app.example', 'https://tv.example']
  const audiences = ['courtside']
  return createTokenVerifier(
    [{ issuer: name, keys, authorizedParties, audiences, identityOf: externalIdentity(name) }],
    clock,
  )
}

const good = (): IssuedClaims => ({ issuedAt: clock.now(), audience: 'courtside' })

async function outcomeOf(token: string): Promise<string> {
  try {
    await verifier.verify(token)
    return 'accepted'
  } catch (error) {
    if (isDomainError(error)) return `${error.code}: ${error.message}`
    throw error
  }
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token that was checked before', () => {
  test('says the same without being checked again', async () => {
    const token = await issuer.sign({ ...good(), expiresIn: 60 })
    const first = await verifier.verify(token)
    clock.advance(59_000)
    expect(await verifier.verify(token)).toBe(first)
  })

  test('ends when it ends', async () => {
    const token = await issuer.sign({ ...good(), expiresIn: 60 })
    expect(await outcomeOf(token)).toBe('accepted')
    clock.advance(64_999)
    expect(await outcomeOf(token)).toBe('accepted')
    clock.advance(1)
    expect(await outcomeOf(token)).toMatch(/expired/)
  })

  test('is no other token, however alike', async () => {
    const token = await issuer.sign(good())
    expect(await outcomeOf(token)).toBe('accepted')
    const [head, , signature] = token.split('.')
    const [, others] = (await issuer.sign({ ...good(), extra: { sid: 'another' } })).split('.')
    expect(await outcomeOf(`${head}.${others}.${signature}`)).toMatch(/signature/)
  })

  test('is checked anew when the clock has gone back', async () => {
    const token = await issuer.sign({ ...good(), extra: { nbf: noon.getTime() / 1000 } })
    expect(await outcomeOf(token)).toBe('accepted')
    clock.advance(-60_000)
    expect(await outcomeOf(token)).toMatch(/not valid yet/)
  })
})

describe('a token of an external issuer', () => {
  test.each<Algorithm>(['RS256', 'ES256', 'EdDSA'])(
    'signed with %s says who somebody is',
    async (algorithm) => {
      await issuer.rotate('second', algorithm)
      const extra = {
        sid: 'sess_1',
        email: 'ada@example.com',
        email_verified: true,
        name: 'Ada',
        picture: 'https://img.example/ada.png',
      }
      expect((await verifier.verify(await issuer.sign({ ...good(), extra }))).identity).toEqual({
        external: {
          issuer: issuer.issuer,
          subject: 'user_2abc',
          sessionId: 'sess_1',
          email: 'ada@example.com',
          name: 'Ada',
          avatarUrl: 'https://img.example/ada.png',
        },
      })
    },
  )

  test('tells nothing that is not worth believing', async () => {
    const extra = {
      sid: 7,
      email: 'boss@example.com',
      email_verified: false,
      name: 'a\0b',
      picture: 'javascript:alert(1)',
    }
    expect((await verifier.verify(await issuer.sign({ ...good(), extra }))).identity).toEqual({
      external: {
        issuer: issuer.issuer,
        subject: 'user_2abc',
        sessionId: null,
        email: null,
        name: null,
        avatarUrl: null,
      },
    })
  })

  const audience = 'courtside'
  test.each<[string, Omit<IssuedClaims, 'issuedAt'>, string]>([
    ['another issuer', { audience, issuer: 'https://evil.example' }, 'an issuer that is not accepted'],
    ['an issuer with a slash more', { audience, issuer: 'SELF/' }, 'an issuer that is not accepted'],
    ['another audience', { audience: 'elsewhere' }, 'made for another service'],
    ['no audience', {}, 'made for another service'],
    [
      'another application',
      { audience, authorizedParty: 'https://evil.example' },
      'made for another application',
    ],
    ['no application', { audience, authorizedParty: null }, 'made for another application'],
    ['an empty subject', { audience, subject: '' }, 'no usable subject'],
    ['a subject with NUL', { audience, subject: 'a\0' }, 'no usable subject'],
  ])('for %s is refused', async (_, claims, message) => {
    const named = claims.issuer?.replace('SELF', issuer.issuer)
    const token = await issuer.sign({ issuedAt: clock.now(), ...claims, ...(named && { issuer: named }) })
    expect(await outcomeOf(token)).toMatch(new RegExp(`^UNAUTHENTICATED: .*${message}`))
  })

  test.each([
    [4, 'accepted'],
    [6, 'UNAUTHENTICATED: The token has expired. Refresh it and try again.'],
  ])('expired %i s ago: %s', async (seconds, outcome) => {
    const token = await issuer.sign({ ...good(), expiresIn: 10 })
    clock.advance((10 + seconds) * 1000)
    expect(await outcomeOf(token)).toBe(outcome)
  })

  test.each([
    [4, 'accepted'],
    [6, 'UNAUTHENTICATED: The token is not valid yet.'],
  ])('valid only in %i s: %s', async (seconds, outcome) => {
    expect(await outcomeOf(await issuer.sign({ ...good(), notBeforeIn: seconds }))).toBe(outcome)
  })
})

describe('a forged token', () => {
  const payload = () => {
    const now = Math.floor(clock.now().getTime() / 1000)
    return { iss: issuer.issuer, aud: 'courtside', azp: 'https://app.example', sub: 'admin', exp: now + 60 }
  }

  test('without a signature is refused', async () => {
    const token = `${part({ alg: 'none', kid: 'first' })}.${part(payload())}.`
    expect(await outcomeOf(token)).toMatch(/^UNAUTHENTICATED/)
  })

  test('signed with the public key as if it were a shared secret is refused', async () => {
    const [jwk] = issuer.publicKeys
    const key = await importJWK(jwk!, 'RS256', { extractable: true })
    if (key instanceof Uint8Array) throw new Error('no public key')
    const signed = `${part({ alg: 'HS256', kid: 'first', typ: 'JWT' })}.${part(payload())}`
    for (const secret of [await exportSPKI(key), JSON.stringify(jwk), jwk!.n!]) {
      const signature = createHmac('sha256', secret).update(signed).digest('base64url')
      expect(await outcomeOf(`${signed}.${signature}`)).toBe(
        'UNAUTHENTICATED: The token is signed in a way that is not accepted here.',
      )
    }
  })

  test('with other claims under a good signature is refused', async () => {
    const [header, , signature] = (await issuer.sign(good())).split('.')
    expect(await outcomeOf(`${header}.${part(payload())}.${signature}`)).toBe(
      'UNAUTHENTICATED: The signature of the token is not valid.',
    )
  })

  test('that brings its own key, or says where to fetch it, is refused', async () => {
    const forger = await startIssuer()
    try {
      const token = await forger.sign({ ...good(), issuer: issuer.issuer })
      const [, claims, signature] = token.split('.')
      const header = part({ alg: 'RS256', kid: 'first', jku: forger.jwksUrl, jwk: forger.publicKeys[0] })
      expect(await outcomeOf(`${header}.${claims}.${signature}`)).toMatch(/^UNAUTHENTICATED/)
      expect(forger.fetches()).toBe(0)
    } finally {
      await forger.stop()
    }
  })

  test.each(['', 'x', 'a.b', 'a.b.c', '..', `${'e30.'.repeat(4)}e30`, 'eyJhbGciOiJub25lIn0.e30.'])(
    '%j is refused',
    async (token) => {
      expect(await outcomeOf(token)).toMatch(/^UNAUTHENTICATED/)
    },
  )
})

describe('the keys of an issuer', () => {
  test('are fetched once for any number of tokens', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.sign(good())))
    await Promise.all(tokens.map((token) => verifier.verify(token)))
    expect(issuer.fetches()).toBe(1)
  })

  test('are fetched again for a key that is new', async () => {
    await verifier.verify(await issuer.sign(good()))
    await issuer.rotate('second')
    clock.advance(60_000)
    expect(await outcomeOf(await issuer.sign(good()))).toBe('accepted')
    expect(issuer.fetches()).toBe(2)
  })

  test('are asked for at most once a minute, whatever keys tokens name', async () => {
    await verifier.verify(await issuer.sign(good()))
    const [, claims, signature] = (await issuer.sign(good())).split('.')
    const flood = async () => {
      for (let n = 0; n < 50; n += 1) {
        const forged = `${part({ alg: 'RS256', kid: `unknown-${n}` })}.${claims}.${signature}`
        expect(await outcomeOf(forged)).toMatch(/a key that its issuer does not publish/)
      }
    }
    await flood()
    expect(issuer.fetches()).toBe(1)
    clock.advance(60_000)
    await flood()
    expect(issuer.fetches()).toBe(2)
    clock.advance(59_999)
    await flood()
    expect(issuer.fetches()).toBe(2)
  })

  test('that were withdrawn stop counting within the hour', async () => {
    const token = await issuer.sign({ ...good(), expiresIn: 10_000 })
    expect(await outcomeOf(token)).toBe('accepted')
    issuer.withdraw('first')
    clock.advance(3_600_000)
    // The old keys serve until the new ones have come.
    let outcome = 'accepted'
    while (outcome === 'accepted') {
      await setImmediate()
      outcome = await outcomeOf(token)
    }
    expect(outcome).toMatch(/a key that its issuer does not publish/)
  })

  test('serve for a day while the issuer is down, and no longer', async () => {
    const token = await issuer.sign({ ...good(), expiresIn: 200_000 })
    expect(await outcomeOf(token)).toBe('accepted')
    issuer.answer('fault')
    clock.advance(24 * 3_600_000 - 1)
    expect(await outcomeOf(token)).toBe('accepted')
    clock.advance(60_000)
    expect(await outcomeOf(token)).toMatch(/^UNAVAILABLE/)
    issuer.answer('keys')
    clock.advance(60_000)
    expect(await outcomeOf(token)).toBe('accepted')
  })

  test.each(['fault', 'nonsense', 'flood'] as const)(
    'that cannot be had (%s) make a sign-in wait',
    async (how) => {
      issuer.answer(how)
      expect(await outcomeOf(await issuer.sign(good()))).toMatch(/^UNAVAILABLE: .*Try again/)
      issuer.answer('keys')
      clock.advance(5_000)
      expect(await outcomeOf(await issuer.sign(good()))).toBe('accepted')
    },
  )
})
