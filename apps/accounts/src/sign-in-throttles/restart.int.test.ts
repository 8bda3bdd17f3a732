import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { anonymous } from '@courtside/auth'
import { startAnother } from '../testing/another-process.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { type Answer, ask, join, PASSWORD, refused, SIGN_IN, stranger } from '../testing/signed-in.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

test('a restart forgives no failed sign-in, and another process counts on', async () => {
  const anna = await join(accounts)
  const guess = { login: anna.username, password: 'guess' }
  for (let turn = 0; turn < 5; turn++) {
    expect(refused(await ask(stranger(accounts), SIGN_IN, guess)).code).toBe('INVALID_CREDENTIALS')
  }
  const another = await startAnother(accounts)
  try {
    const signIn = async (password: string) =>
      (await another.ok<{ result: Answer }>(anonymous, SIGN_IN, { input: { ...guess, password } })).result
    expect(refused(await signIn('guess')).code).toBe('INVALID_CREDENTIALS')
    expect(refused(await signIn(PASSWORD))).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: 1 })
    expect(refused(await ask(stranger(accounts), SIGN_IN, { ...guess, password: PASSWORD })).code).toBe(
      'TOO_MANY_ATTEMPTS',
    )
  } finally {
    await another.stop()
  }
})
