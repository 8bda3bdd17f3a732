import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { type AccountsHarness, CHEAPEST, openAccounts } from '../testing/open-accounts.ts'
import { resolve } from '../testing/resolve.ts'
import {
  type Answer,
  ask,
  join,
  type Member,
  PASSWORD,
  refused,
  SIGN_IN,
  SIGN_UP,
  signedIn,
  signInAgain,
  stranger,
} from '../testing/signed-in.ts'
import { watchHashing } from '../testing/watched-hashing.ts'

const hashing = watchHashing()

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts({ passwords: { cost: CHEAPEST, derive: hashing.derive } })
})
afterAll(() => accounts.close())

const CHANGE_EMAIL = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { me { id email } } }'
const CHANGE_PASSWORD =
  'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessionIds } }'
const NEW_PASSWORD = 'cover the short corner'

const signIn = (login: string, password: string): Promise<Answer> =>
  ask(stranger(accounts), SIGN_IN, { login, password })
const isAlive = async ({ id, sessionId }: Member) =>
  (await resolve(accounts, { session: { userId: id, sessionId } })) !== null

describe('changing the password', () => {
  test('takes the old one, ends all other sessions and keeps this one', async () => {
    const anna = await join(accounts)
    const other = await signInAgain(accounts, anna)
    expect(
      await anna.ok(CHANGE_PASSWORD, { input: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD } }),
    ).toEqual({ changePassword: { endedSessionIds: [other.sessionId] } })
    expect([await isAlive(anna), await isAlive(other)]).toEqual([true, false])
    expect(refused(await signIn(anna.username, PASSWORD)).code).toBe('INVALID_CREDENTIALS')
    signedIn(await signIn(anna.username, NEW_PASSWORD))
  })

  test('with a wrong old one changes nothing', async () => {
    const anna = await join(accounts)
    const other = await signInAgain(accounts, anna)
    const input = { currentPassword: 'guess', newPassword: NEW_PASSWORD }
    expect((await anna.refusal(CHANGE_PASSWORD, { input })).code).toBe('ACCOUNTS_WRONG_PASSWORD')
    expect(await isAlive(other)).toBe(true)
    signedIn(await signIn(anna.username, PASSWORD))
  })

  test('to a weak one is refused with the reason', async () => {
    const anna = await join(accounts)
    for (const newPassword of ['short', 'volleyball1', anna.email]) {
      const refusal = await anna.refusal(CHANGE_PASSWORD, {
        input: { currentPassword: PASSWORD, newPassword },
      })
      expect(refusal.code).toBe('ACCOUNTS_PASSWORD_WEAK')
    }
  })

  test('from a found session lets nobody guess the old one, in it or at the door', async () => {
    const anna = await join(accounts)
    const guess = async () =>
      (
        await anna.refusal(CHANGE_PASSWORD, {
          input: { currentPassword: 'guess', newPassword: NEW_PASSWORD },
        })
      ).code
    for (let turn = 0; turn < 6; turn++) expect(await guess()).toBe('ACCOUNTS_WRONG_PASSWORD')
    const refusal = await anna.refusal(CHANGE_PASSWORD, {
      input: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    })
    expect(refusal).toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterSeconds: 1, retryable: true },
    })
    expect(refused(await signIn(anna.username, PASSWORD)).code).toBe('INVALID_CREDENTIALS')
  })

  test('that was changed meanwhile changes nothing', async () => {
    const anna = await join(accounts)
    for (const [document, change] of [
      [CHANGE_PASSWORD, { newPassword: 'the first of them' }],
      [CHANGE_EMAIL, { email: `new.${anna.email}` }],
    ] as const) {
      hashing.meanwhile(() =>
        accounts.sql('UPDATE users SET password_hash = password_hash || $2 WHERE id = $1', [anna.id, '!']),
      )
      const refusal = await anna.refusal(document, { input: { currentPassword: PASSWORD, ...change } })
      expect(refusal.code).toBe('ACCOUNTS_WRONG_PASSWORD')
      await accounts.sql(`UPDATE users SET password_hash = rtrim(password_hash, '!') WHERE id = $1`, [
        anna.id,
      ])
    }
    signedIn(await signIn(anna.email, PASSWORD))
  })

  test('of an account that signs in elsewhere is refused', async () => {
    const outsider = await accounts.person('outsider')
    const refusals = [
      await outsider.refusal(CHANGE_PASSWORD, { input: { currentPassword: '', newPassword: NEW_PASSWORD } }),
      await outsider.refusal(CHANGE_EMAIL, { input: { currentPassword: '', email: 'new@example.com' } }),
    ]
    expect(refusals.map(({ code }) => code)).toEqual(['ACCOUNTS_NO_PASSWORD', 'ACCOUNTS_NO_PASSWORD'])
  })
})

describe('changing the address', () => {
  test('takes the password, and lets one sign in with the new one', async () => {
    const anna = await join(accounts)
    const email = `new.${anna.email}`
    const changed = await anna.ok(CHANGE_EMAIL, {
      input: { email: email.toUpperCase(), currentPassword: PASSWORD },
    })
    expect(changed).toEqual({ changeEmail: { me: { id: anna.id, email } } })
    signedIn(await signIn(email, PASSWORD))
    expect(refused(await signIn(anna.email, PASSWORD)).code).toBe('INVALID_CREDENTIALS')
  })

  test.each([
    ['one that somebody has', 'ACCOUNTS_EMAIL_TAKEN'],
    ['one that is none', 'BAD_USER_INPUT'],
    ['one that reaches nobody', 'BAD_USER_INPUT'],
  ])('to %s is refused', async (what, code) => {
    const [anna, bo] = [await join(accounts), await join(accounts, 'bo')]
    const email = what.endsWith('has')
      ? bo.email.toUpperCase()
      : what.endsWith('none')
        ? 'bo@home'
        : 'bo@x.invalid'
    expect((await anna.refusal(CHANGE_EMAIL, { input: { email, currentPassword: PASSWORD } })).code).toBe(
      code,
    )
  })

  test('slows down who asks for many addresses that have an account, like signing up', async () => {
    const [anna, bo] = [await join(accounts), await join(accounts, 'bo')]
    const from = { 'x-courtside-client-address': '203.0.113.60' }
    const client = accounts.as({ ...principals.user('viewer', anna.id), sessionId: anna.sessionId }, from)
    const change = (email: string) => ({ input: { email, currentPassword: PASSWORD } })
    for (let turn = 0; turn < 50; turn++) await client.ok(CHANGE_EMAIL, change(`${turn}.${anna.email}`))
    for (let turn = 0; turn < 51; turn++)
      expect((await client.refusal(CHANGE_EMAIL, change(bo.email))).code).toBe('ACCOUNTS_EMAIL_TAKEN')
    expect(await client.refusal(CHANGE_EMAIL, change(bo.email))).toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterSeconds: 1 },
    })
    const again = { username: `eva-${anna.username}`.slice(0, 20), email: bo.email, password: PASSWORD }
    expect(refused(await ask(stranger(accounts, '203.0.113.60'), SIGN_UP, again)).code).toBe(
      'TOO_MANY_ATTEMPTS',
    )
  })

  test('with a wrong password is refused', async () => {
    const anna = await join(accounts)
    const input = { email: `new.${anna.email}`, currentPassword: 'guess' }
    expect((await anna.refusal(CHANGE_EMAIL, { input })).code).toBe('ACCOUNTS_WRONG_PASSWORD')
  })

  test('is for people', async () => {
    const input = { email: 'new@example.com', currentPassword: PASSWORD }
    expect((await accounts.as(principals.anonymous).refusal(CHANGE_EMAIL, { input })).code).toBe(
      'UNAUTHENTICATED',
    )
    expect((await accounts.as(principals.partner()).refusal(CHANGE_EMAIL, { input })).code).toBe('FORBIDDEN')
  })
})
