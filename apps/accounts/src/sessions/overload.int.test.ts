import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AccountsHarness, CHEAPEST, openAccounts } from '../testing/open-accounts.ts'
import {
  ask,
  join,
  type Member,
  PASSWORD,
  SIGN_IN,
  SIGN_UP,
  signedIn,
  stranger,
} from '../testing/signed-in.ts'
import { watchHashing } from '../testing/watched-hashing.ts'

const hashing = watchHashing()

let accounts: AccountsHarness
let anna: Member
beforeAll(async () => {
  const queue = { atOnce: 1, waiting: 0 }
  accounts = await openAccounts({ passwords: { cost: CHEAPEST, derive: hashing.derive, queue } })
  anna = await join(accounts)
})
afterAll(() => accounts.close())

const signIn = () => ({ input: { login: anna.username, password: PASSWORD } })
const failures = () => accounts.sql<{ failures: number }>('SELECT failures FROM sign_in_throttles')

test('a sign-in for which there is no time now is told when to come again, and counts as no failure', async () => {
  const CHANGE = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { me { id } } }'
  const busy = { code: 'RATE_LIMITED', extensions: { retryAfterSeconds: 2, retryable: true } }
  hashing.meanwhile(async () => {
    expect(await stranger(accounts, '203.0.113.1').refusal(SIGN_IN, signIn())).toMatchObject(busy)
    const input = { email: 'new@example.com', currentPassword: PASSWORD }
    expect(await anna.refusal(CHANGE, { input })).toMatchObject(busy)
    // Only the one that is being checked counts for now: against the account and the name.
    expect((await failures()).map((row) => row.failures).sort()).toEqual([0, 1, 1])
  })
  signedIn(await ask(stranger(accounts), SIGN_IN, signIn().input))
  expect((await failures()).map((row) => row.failures)).toEqual([0])
})

test('a sign-up for which there is no time now is told when to come again, and counts as no account', async () => {
  const input = { username: 'bo-is-late', email: 'bo@example.com', password: PASSWORD }
  const bo = stranger(accounts, '203.0.113.2')
  hashing.meanwhile(async () => {
    for (let turn = 0; turn < 20; turn++)
      expect((await bo.refusal(SIGN_UP, { input })).code).toBe('RATE_LIMITED')
  })
  signedIn(await ask(stranger(accounts), SIGN_IN, signIn().input))
  signedIn(await ask(bo, SIGN_UP, input))
})
