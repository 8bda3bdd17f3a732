import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from 'jose'
import { createPasswords } from '../passwords/index.ts'
import { type AccountsHarness, CHEAPEST, openAccounts } from '../testing/open-accounts.ts'
import {
  ask,
  join,
  type Member,
  PASSWORD,
  refused,
  SIGN_IN,
  signedIn,
  stranger,
} from '../testing/signed-in.ts'
import { watchHashing } from '../testing/watched-hashing.ts'

const hashing = watchHashing()

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts({ passwords: { cost: CHEAPEST, derive: hashing.derive } })
})
afterAll(() => accounts.close())

const signIn = (login: string, password: string, address?: string) =>
  ask(stranger(accounts, address), SIGN_IN, { login, password })
const wrongPassword = { __typename: 'SignInRefused', code: 'INVALID_CREDENTIALS', retryAfterSeconds: null }

describe('signing in', () => {
  test('works by name and by address, in any case', async () => {
    const anna = await join(accounts)
    for (const login of [
      anna.username,
      anna.email,
      anna.username.toUpperCase(),
      ` ${anna.email.toUpperCase()} `,
    ]) {
      expect(signedIn(await signIn(login, PASSWORD)).me.id).toBe(anna.id)
    }
  })

  test('gives an access token that the published keys verify, for five minutes', async () => {
    const anna = await join(accounts)
    const { accessToken, accessTokenExpiresAt } = signedIn(await signIn(anna.username, PASSWORD))
    const gateway = accounts.as(principals.service('gateway', 'resolve:identity'))
    const { signingKeys } = await gateway.ok<{ signingKeys: string[] }>('{ signingKeys }')
    const keys = createLocalJWKSet({ keys: signingKeys.map((text) => JSON.parse(text) as JWK) })
    const { payload } = await jwtVerify(accessToken, keys, {
      algorithms: ['EdDSA'],
      issuer: 'courtside',
      audience: 'courtside',
      typ: 'at+jwt',
      subject: anna.id,
      currentDate: accounts.clock.now(),
    })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(300)
    expect(new Date(accessTokenExpiresAt)).toEqual(new Date(Number(payload.exp) * 1000))
    expect(Object.keys(payload).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub'])
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
  })

  test('notes when it was', async () => {
    const anna = await join(accounts)
    accounts.clock.advance(60_000)
    signedIn(await signIn(anna.username, PASSWORD))
    const { me } = await anna.ok<{ me: { lastLoginAt: string } }>('{ me { lastLoginAt } }')
    expect(new Date(me.lastLoginAt)).toEqual(accounts.clock.now())
  })

  test('with a wrong password, an unknown name or an unknown address gets the same answer for the same work', async () => {
    const anna = await join(accounts)
    hashing.counted()
    const answers = [
      await signIn(anna.username, 'not the password'),
      await signIn('nobody.at.all', PASSWORD),
      await signIn('nobody@example.com', PASSWORD),
    ]
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject(wrongPassword)
    expect(hashing.counted()).toBe(3)
  })

  test('into an account that has no password gets the same answer for the same work', async () => {
    const outsider = await accounts.person('outsider')
    hashing.counted()
    expect(await signIn(outsider.username, PASSWORD)).toMatchObject(wrongPassword)
    expect(hashing.counted()).toBe(1)
  })

  test('into an account that is switched off is told so only with the right password', async () => {
    const anna = await join(accounts)
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [anna.id])
    expect(await signIn(anna.username, 'not the password')).toMatchObject(wrongPassword)
    expect(await signIn(anna.username, PASSWORD)).toMatchObject({ code: 'ACCOUNT_DISABLED' })
  })

  test.each([
    ['an empty name', { login: '', password: PASSWORD }],
    ['a name with a null byte', { login: 'anna\u0000', password: PASSWORD }],
    ['a password of a megabyte', { login: 'anna', password: 'x'.repeat(1_000_000) }],
  ])('with %s is refused before any work', async (_what, input) => {
    hashing.counted()
    expect((await stranger(accounts).refusal(SIGN_IN, { input })).code).toBe('BAD_USER_INPUT')
    expect(hashing.counted()).toBe(0)
  })

  test('hashes a password again at today’s cost, once', async () => {
    const anna = await join(accounts)
    const old = await createPasswords({ cost: { ...CHEAPEST, passes: 9 }, derive: hashing.derive }).hash(
      PASSWORD,
    )
    await accounts.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [anna.id, old])
    const storedHash = async () =>
      (
        await accounts.sql<{ hash: string }>('SELECT password_hash AS hash FROM users WHERE id = $1', [
          anna.id,
        ])
      )[0]?.hash
    signedIn(await signIn(anna.username, PASSWORD))
    const renewed = await storedHash()
    expect([old, renewed].map((hash) => /t=(\d)/.exec(hash ?? '')?.[1])).toEqual(['9', '1'])
    signedIn(await signIn(anna.username, PASSWORD))
    expect(await storedHash()).toBe(renewed)
  })

  test('with a password that is changed meanwhile lets nobody in', async () => {
    const anna = await join(accounts)
    const renewed = await createPasswords({ cost: CHEAPEST, derive: hashing.derive }).hash(
      'roof over the court',
    )
    hashing.meanwhile(() =>
      accounts.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [anna.id, renewed]),
    )
    expect(await signIn(anna.username, PASSWORD)).toMatchObject(wrongPassword)
    signedIn(await signIn(anna.username, 'roof over the court'))
  })

  test('into an account that is switched off meanwhile lets nobody in', async () => {
    const anna = await join(accounts)
    hashing.meanwhile(() => accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [anna.id]))
    expect(await signIn(anna.username, PASSWORD)).toMatchObject({ code: 'ACCOUNT_DISABLED' })
  })
})

describe('guessing passwords', () => {
  const failures = async (login: string, count: number, address?: string) => {
    for (let turn = 0; turn < count; turn++) refused(await signIn(login, `guess ${turn}`, address))
  }
  const locked = (seconds: number) => ({
    __typename: 'SignInRefused',
    code: 'TOO_MANY_ATTEMPTS',
    retryAfterSeconds: seconds,
  })
  let anna: Member
  beforeEach(async () => {
    anna = await join(accounts)
    hashing.counted()
  })

  test('is free five times, and then waits twice as long each time', async () => {
    await failures(anna.username, 5)
    for (const seconds of [1, 2, 4]) {
      expect(await signIn(anna.username, 'guess')).toMatchObject(wrongPassword)
      expect(await signIn(anna.username, PASSWORD)).toMatchObject(locked(seconds))
      accounts.clock.advance(seconds * 1000 - 1)
      expect(await signIn(anna.username, PASSWORD)).toMatchObject(locked(1))
      accounts.clock.advance(1)
    }
    expect(signedIn(await signIn(anna.username, PASSWORD)).me.id).toBe(anna.id)
  })

  test('counts for an unknown name just the same', async () => {
    const nobody = `nobody-${randomUUID()}`
    await failures(nobody, 6)
    expect(await signIn(nobody, 'guess')).toMatchObject(locked(1))
  })

  test('counts name and address of an account together: no right password is let in by either', async () => {
    for (const login of [anna.username, anna.email]) await failures(login, 3)
    for (const login of [anna.username, anna.email])
      expect(await signIn(login, PASSWORD)).toMatchObject(wrongPassword)
    accounts.clock.advance(1_000)
    signedIn(await signIn(anna.email, PASSWORD))
  })

  test('shows a lock to the name that earned it, and not which address is of the same account', async () => {
    await failures(anna.username, 6)
    hashing.counted()
    const nobody = `nobody-${randomUUID()}@example.com`
    for (let turn = 0; turn < 6; turn++) {
      const answers = [await signIn(anna.email, PASSWORD), await signIn(nobody, PASSWORD)]
      for (const answer of answers) expect(answer).toMatchObject(wrongPassword)
    }
    expect(hashing.counted()).toBe(12)
    for (const login of [anna.username, anna.email, nobody])
      expect(await signIn(login.toUpperCase(), PASSWORD)).toMatchObject(locked(1))
  })

  test('while locked computes no hash', async () => {
    await failures(anna.username, 6)
    hashing.counted()
    for (let turn = 0; turn < 20; turn++) {
      expect(await signIn(anna.username, PASSWORD)).toMatchObject(locked(1))
    }
    expect(hashing.counted()).toBe(0)
  })

  test('a hundred times at once gets six guesses', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, turn) => signIn(anna.username, `guess ${turn}`)),
    )
    const codes = answers.map((answer) => refused(answer).code)
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(6)
    expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(94)
    expect(hashing.counted()).toBe(6)
  })

  test('is forgiven by the right password', async () => {
    await failures(anna.username, 5)
    signedIn(await signIn(anna.username, PASSWORD))
    await failures(anna.username, 5)
    signedIn(await signIn(anna.username, PASSWORD))
  })

  test('is forgotten after a day', async () => {
    await failures(anna.username, 5)
    accounts.clock.advance(24 * 60 * 60 * 1000 + 1)
    await failures(anna.username, 5)
    signedIn(await signIn(anna.username, PASSWORD))
  })

  test('from one address is locked after fifty, whichever accounts it tries', async () => {
    const address = '2001:db8:7::1'
    for (let turn = 0; turn < 51; turn++) await failures(`nobody-${randomUUID()}`, 1, address)
    expect(await signIn(anna.username, PASSWORD, address)).toMatchObject(locked(1))
    expect(await signIn(anna.username, PASSWORD, '2001:db8:7::ffff')).toMatchObject(locked(1))
    signedIn(await signIn(anna.username, PASSWORD, '2001:db8:8::1'))
  })

  test('from an address is not forgiven because somebody there signed in', async () => {
    const address = '198.51.100.9'
    for (let turn = 0; turn < 50; turn++) await failures(`nobody-${randomUUID()}`, 1, address)
    signedIn(await signIn(anna.username, PASSWORD, address))
    await failures(`nobody-${randomUUID()}`, 1, address)
    expect(await signIn(anna.username, PASSWORD, address)).toMatchObject(locked(1))
  })

  test('is counted without keeping who was tried, or from where', async () => {
    const address = '198.51.100.77'
    await failures(anna.email, 1, address)
    const rows = JSON.stringify(await accounts.sql('SELECT to_jsonb(t) FROM sign_in_throttles t'))
    const traces = [anna.email, anna.id, address].flatMap((text) => [text, Buffer.from(text).toString('hex')])
    expect(traces.filter((trace) => rows.includes(trace))).toEqual([])
  })
})

test('ACC-03: the session of an access token is the one that was opened', async () => {
  const anna = await join(accounts)
  const { accessToken } = signedIn(await signIn(anna.username, PASSWORD))
  const rows = await accounts.sql('SELECT user_id FROM sessions WHERE id = $1', [
    decodeJwt(accessToken)['sid'],
  ])
  expect(rows).toEqual([{ user_id: anna.id }])
})
