import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { whileHeld } from '../testing/held.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { ask, join, PASSWORD, refused, SIGN_IN, SIGN_UP, signedIn, stranger } from '../testing/signed-in.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const fresh = (name = 'anna') => {
  const username = `${name}-${randomUUID().slice(0, 8)}`
  return { username, email: `${username}@example.com`, password: PASSWORD }
}
const signUp = (input: object, address?: string) => ask(stranger(accounts, address), SIGN_UP, input)

describe('ACC-01: signing up', () => {
  test('makes an account and signs in to it', async () => {
    const anna = fresh()
    const { me } = signedIn(await signUp({ ...anna, displayName: 'Anna' }))
    expect(me).toMatchObject({ email: anna.email, roles: ['VIEWER'], user: { username: anna.username } })
    signedIn(await ask(stranger(accounts), SIGN_IN, { login: anna.email.toUpperCase(), password: PASSWORD }))
  })

  test('stores the password as an argon2id hash and no token at all', async () => {
    const { me, refreshToken } = signedIn(await signUp(fresh()))
    const [user] = await accounts.sql<{ password_hash: string }>('SELECT * FROM users WHERE id = $1', [me.id])
    expect(user?.password_hash).toMatch(/^\$argon2id\$v=19\$/)
    const rows = await accounts.sql<{ row: object }>(
      'SELECT to_jsonb(s) AS row FROM sessions s WHERE user_id = $1',
      [me.id],
    )
    const token = Buffer.from(refreshToken).toString('hex')
    const raw = Buffer.from(refreshToken, 'base64url').toString('hex')
    const stored = JSON.stringify(rows)
    expect([refreshToken, token, raw].filter((text) => stored.includes(text))).toEqual([])
  })

  test.each([
    ['a name that is none', { username: 'a b' }, 'USERNAME_INVALID', 'USERNAME'],
    ['a reserved name', { username: 'Adm1n' }, 'USERNAME_INVALID', 'USERNAME'],
    ['an address that is none', { email: 'anna@home' }, 'EMAIL_INVALID', 'EMAIL'],
    ['an address that reaches nobody', { email: 'anna@accounts.invalid' }, 'EMAIL_INVALID', 'EMAIL'],
    ['a short password', { password: 'short' }, 'PASSWORD_WEAK', 'PASSWORD'],
    ['a common password', { password: 'volleyball1' }, 'PASSWORD_WEAK', 'PASSWORD'],
  ])('refuses %s, and says which field', async (_what, wrong, code, field) => {
    const input = { ...fresh(), ...wrong }
    expect(refused(await signUp(input))).toMatchObject({ __typename: 'SignUpRefused', code, field })
    expect(await accounts.sql('SELECT FROM users WHERE email = $1', [input.email])).toHaveLength(0)
  })

  test('refuses a name or an address that somebody has, in any case', async () => {
    const anna = await join(accounts)
    const taken = async (wrong: object) => refused(await signUp({ ...fresh(), ...wrong }))
    expect(await taken({ username: anna.username.toUpperCase() })).toMatchObject({
      code: 'USERNAME_TAKEN',
      field: 'USERNAME',
    })
    expect(await taken({ email: anna.email.toUpperCase() })).toMatchObject({
      code: 'EMAIL_TAKEN',
      field: 'EMAIL',
    })
  })

  test.each([
    ['name', 'USERNAME_TAKEN'],
    ['address', 'EMAIL_TAKEN'],
  ])('with a %s that somebody takes at the same moment says so', async (what, code) => {
    const anna = fresh()
    const quicker = {
      text: 'INSERT INTO users (id, username, email) VALUES ($1, $2, $3)',
      values: [
        randomUUID(),
        what === 'name' ? anna.username : fresh().username,
        what === 'address' ? anna.email : fresh().email,
      ],
    }
    const [answer] = await whileHeld(accounts, quicker, [() => signUp(anna)])
    expect(answer).toMatchObject({ __typename: 'SignUpRefused', code })
  })

  test('slows down who asks for many addresses that have an account', async () => {
    const anna = await join(accounts)
    const probe = async () => refused(await signUp({ ...fresh(), email: anna.email }, '203.0.113.50'))
    for (let turn = 0; turn < 51; turn++) expect((await probe()).code).toBe('EMAIL_TAKEN')
    expect(await probe()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', field: null, retryAfterSeconds: 1 })
    signedIn(await signUp(fresh(), '203.0.113.51'))
  })

  test('is free for a class that shares an address, and not for a flood', async () => {
    const address = '203.0.113.52'
    for (let turn = 0; turn < 20; turn++) signedIn(await signUp(fresh(), address))
    accounts.clock.advance(20 * 60_000)
    expect(refused(await signUp(fresh(), address))).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      field: null,
      retryAfterSeconds: 40 * 60,
    })
    signedIn(await signUp(fresh(), '203.0.113.53'))
    accounts.clock.advance(40 * 60_000)
    signedIn(await signUp(fresh(), address))
  })

  test('eighty times at once makes no more accounts than one after the other', async () => {
    const name = `flood-${randomUUID().slice(0, 8)}`
    const answers = await Promise.all(Array.from({ length: 80 }, () => signUp(fresh(name), '2001:db8:80::1')))
    const made = await accounts.sql('SELECT FROM users WHERE username LIKE $1', [`${name}-%`])
    expect(made).toHaveLength(20)
    const rest = answers.filter((answer) => answer.__typename !== 'SignedIn')
    expect(new Set(rest.map((answer) => refused(answer).code))).toEqual(new Set(['TOO_MANY_ATTEMPTS']))
  })

  test('that is refused does not use up what an address may make', async () => {
    const address = '203.0.113.54'
    const anna = await join(accounts)
    for (let turn = 0; turn < 25; turn++)
      refused(await signUp({ ...fresh(), username: anna.username }, address))
    signedIn(await signUp(fresh(), address))
  })
})
