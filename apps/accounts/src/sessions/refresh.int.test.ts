import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { resolve } from '../testing/resolve.ts'
import { ask, join, REFRESH, refused, sessionIdOf, signedIn, stranger } from '../testing/signed-in.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const refresh = (refreshToken: string) => ask(stranger(accounts, '203.0.113.9'), REFRESH, { refreshToken })
const over = { __typename: 'SessionOver', code: 'SESSION_OVER' }
const isAlive = async ({ id, sessionId }: { id: string; sessionId: string }) =>
  (await resolve(accounts, { session: { userId: id, sessionId } })) !== null

describe('ACC-03: refreshing a session', () => {
  test('gives new tokens for the same session', async () => {
    const anna = await join(accounts)
    accounts.clock.advance(4 * 60_000)
    const renewed = signedIn(await refresh(anna.refreshToken))
    expect(sessionIdOf(renewed)).toBe(anna.sessionId)
    expect(renewed.me.id).toBe(anna.id)
    expect(renewed.refreshToken).not.toBe(anna.refreshToken)
    expect(renewed.accessToken).not.toBe(anna.accessToken)
    signedIn(await refresh(renewed.refreshToken))
  })

  test('whose answer was lost is repeated within half a minute, and nobody is signed out', async () => {
    const anna = await join(accounts)
    const lost = signedIn(await refresh(anna.refreshToken))
    accounts.clock.advance(30_000)
    const repeated = signedIn(await refresh(anna.refreshToken))
    expect(repeated.refreshToken).toBe(lost.refreshToken)
    expect(sessionIdOf(repeated)).toBe(anna.sessionId)
    signedIn(await refresh(repeated.refreshToken))
  })

  test('by ten tabs at once leaves each of them with a token that works', async () => {
    const anna = await join(accounts)
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(anna.refreshToken)))
    const tokens = new Set(answers.map((answer) => signedIn(answer).refreshToken))
    expect(tokens.size).toBe(1)
    const [token] = tokens
    signedIn(await refresh(token ?? ''))
  })

  test('with a token that was used before ends the session for both who hold it, and says so in log and audit', async () => {
    const anna = await join(accounts)
    const thief = signedIn(await refresh(anna.refreshToken))
    accounts.clock.advance(30_001)
    expect(await refresh(anna.refreshToken)).toMatchObject(over)
    expect(await refresh(thief.refreshToken)).toMatchObject(over)
    expect(await isAlive(anna)).toBe(false)
    const warning = accounts.log.lines.find((line) => line.fields['session.id'] === anna.sessionId)
    expect(warning).toMatchObject({ level: 'warn', fields: { 'client.address': '203.0.113.9' } })
    const entries = await accounts.sql('SELECT action, after FROM audit_log WHERE entity_id = $1', [
      anna.sessionId,
    ])
    expect(entries).toEqual([{ action: 'sessions.end-stolen', after: { userId: anna.id } }])
  })

  test('repeatedly does not stretch the time in which it may be repeated', async () => {
    const anna = await join(accounts)
    signedIn(await refresh(anna.refreshToken))
    accounts.clock.advance(20_000)
    signedIn(await refresh(anna.refreshToken))
    accounts.clock.advance(20_000)
    expect(await refresh(anna.refreshToken)).toMatchObject(over)
    expect(await isAlive(anna)).toBe(false)
  })

  test.each([1, 2, 7])(
    'with a token %d generations older than the one before ends the session, however quick the thief was',
    async (generations) => {
      const anna = await join(accounts)
      let thief = signedIn(await refresh(anna.refreshToken))
      for (let turn = 0; turn < generations; turn++) thief = signedIn(await refresh(thief.refreshToken))
      expect(await refresh(anna.refreshToken)).toMatchObject(over)
      expect(await refresh(thief.refreshToken)).toMatchObject(over)
      expect(await isAlive(anna)).toBe(false)
      const entries = await accounts.sql('SELECT action, after FROM audit_log WHERE entity_id = $1', [
        anna.sessionId,
      ])
      expect(entries).toEqual([{ action: 'sessions.end-stolen', after: { userId: anna.id } }])
    },
  )

  test('with a token made up from the id of a session does nothing to it', async () => {
    const anna = await join(accounts)
    const id = Buffer.from(anna.sessionId.replaceAll('-', ''), 'hex')
    const guess = Buffer.concat([id, Buffer.alloc(32)]).toString('base64url')
    expect(await refresh(guess)).toMatchObject(over)
    signedIn(await refresh(anna.refreshToken))
  })

  test('is over after 30 days without use, and after 90 days in any case', async () => {
    const idle = await join(accounts)
    const busy = await join(accounts)
    let token = busy.refreshToken
    for (let days = 25; days < 90; days += 25) {
      accounts.clock.advance(25 * DAY_MS)
      const renewed = signedIn(await refresh(token))
      token = renewed.refreshToken
    }
    expect(await refresh(idle.refreshToken)).toMatchObject(over)
    accounts.clock.advance(15 * DAY_MS)
    expect(await refresh(token)).toMatchObject(over)
  })

  test('of an account that was switched off is over', async () => {
    const anna = await join(accounts)
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [anna.id])
    expect(await refresh(anna.refreshToken)).toMatchObject(over)
  })

  test.each(['', 'guess', 'x'.repeat(43), 'x'.repeat(64), 'x'.repeat(100_000), "' OR true --"])(
    'with %.20j is over',
    async (token) => {
      expect(refused(await refresh(token))).toMatchObject(over)
    },
  )
})
