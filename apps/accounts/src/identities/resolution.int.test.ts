import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, statementsDuring } from '@courtside/testing'
import { startAnother } from '../testing/another-process.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { resolve, RESOLVE } from '../testing/resolve.ts'
import { join } from '../testing/signed-in.ts'

const MINUTE_MS = 60_000

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

const bySession = ({ id, sessionId }: { id: string; sessionId: string }) =>
  resolve(accounts, { session: { userId: id, sessionId } })

describe('ACC-05: a session of our own', () => {
  test('stands for its person, with what they may do at this moment', async () => {
    const anna = await join(accounts)
    const viewer = {
      kind: 'user',
      userId: anna.id,
      sessionId: anna.sessionId,
      apiKeyId: null,
      roles: ['viewer'],
      scopes: ['write:chat'],
      requestsPerMinute: null,
      costPerMinute: null,
      allowedOperations: null,
    }
    expect(await bySession(anna)).toEqual(viewer)
    await accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'scorekeeper')`, [anna.id])
    expect(await bySession(anna)).toEqual({
      ...viewer,
      roles: ['viewer', 'scorekeeper'],
      scopes: ['score:games', 'write:chat'],
    })
    await accounts.sql('DELETE FROM user_roles WHERE user_id = $1', [anna.id])
    expect(await bySession(anna)).toEqual(viewer)
  })

  test('of somebody whose membership lasts is that of a member', async () => {
    const [anna, creator] = [await join(accounts), await accounts.person('creator')]
    const rolesNow = async () => (await bySession(anna))?.roles
    await accounts.sql(
      `INSERT INTO subscriptions (id, subscriber_id, creator_id, created_at, expires_at)
       VALUES ($1, $2, $3, $4::timestamptz, $4::timestamptz + interval '1 minute')`,
      [randomUUID(), anna.id, creator.id, accounts.clock.now()],
    )
    expect(await rolesNow()).toEqual(['viewer', 'member'])
    accounts.clock.advance(MINUTE_MS)
    expect(await rolesNow()).toEqual(['viewer'])
    await accounts.sql('UPDATE subscriptions SET expires_at = NULL WHERE subscriber_id = $1', [anna.id])
    expect(await rolesNow()).toEqual(['viewer', 'member'])
    await accounts.sql(
      'UPDATE subscriptions SET is_active = false, ended_at = now() WHERE subscriber_id = $1',
      [anna.id],
    )
    expect(await rolesNow()).toEqual(['viewer'])
  })

  test.each([
    ['was revoked', 'UPDATE sessions SET revoked_at = now() WHERE user_id = $1'],
    [
      'has ended',
      `UPDATE sessions SET expires_at = '2020-01-01', idle_expires_at = '2020-01-01' WHERE user_id = $1`,
    ],
    ['was not used', `UPDATE sessions SET idle_expires_at = '2020-01-01' WHERE user_id = $1`],
    ['belongs to an account that is switched off', 'UPDATE users SET is_active = false WHERE id = $1'],
    ['belongs to an account that was erased', 'UPDATE users SET erased_at = now() WHERE id = $1'],
    ['is not there', 'DELETE FROM sessions WHERE user_id = $1'],
  ])('that %s stands for nobody', async (_what, change) => {
    const anna = await join(accounts)
    await accounts.sql(change, [anna.id])
    expect(await bySession(anna)).toBeNull()
  })

  test('of one person never stands for another', async () => {
    const [anna, bo] = [await join(accounts), await join(accounts, 'bo')]
    expect(await resolve(accounts, { session: { userId: bo.id, sessionId: anna.sessionId } })).toBeNull()
    expect(await resolve(accounts, { session: { userId: 'x', sessionId: "' OR true --" } })).toBeNull()
  })

  test('costs one statement', async () => {
    const anna = await join(accounts)
    const { statements } = await statementsDuring(() => bySession(anna))
    expect(statements.filter((statement) => !statement.includes('set_config'))).toHaveLength(1)
  })

  test('is noted as used at most once a minute, after the answer', async () => {
    const anna = await join(accounts)
    const lastUsed = async () =>
      (
        await accounts.sql<{ at: Date }>('SELECT last_accessed_at AS at FROM sessions WHERE id = $1', [
          anna.sessionId,
        ])
      )[0]?.at
    const joined = accounts.clock.now()
    // Stopping a process waits for what it still has to note.
    const resolveElsewhere = async () => {
      const other = await startAnother(accounts)
      const input = { session: { userId: anna.id, sessionId: anna.sessionId } }
      await other.ok(principals.service('gateway', 'resolve:identity'), RESOLVE, { input })
      await other.stop()
    }
    accounts.clock.advance(MINUTE_MS - 1)
    await resolveElsewhere()
    expect(await lastUsed()).toEqual(joined)
    accounts.clock.advance(1)
    await resolveElsewhere()
    expect(await lastUsed()).toEqual(accounts.clock.now())
  })

  test('is answered although its use cannot be noted', async () => {
    const anna = await join(accounts)
    accounts.clock.advance(MINUTE_MS)
    await accounts.sql('REVOKE UPDATE ON sessions FROM accounts_app')
    try {
      expect(await bySession(anna)).toMatchObject({ userId: anna.id })
      const other = await startAnother(accounts)
      await other.ok(principals.service('gateway', 'resolve:identity'), RESOLVE, {
        input: { session: { userId: anna.id, sessionId: anna.sessionId } },
      })
      await other.stop()
      expect(accounts.log.lines).toContainEqual(
        expect.objectContaining({ level: 'warn', message: 'The last use could not be noted' }),
      )
    } finally {
      await accounts.sql('GRANT UPDATE ON sessions TO accounts_app')
    }
  })
})

describe('resolving credentials', () => {
  test('is for the gateway alone', async () => {
    const input = { session: { userId: randomUUID(), sessionId: randomUUID() } }
    const codeFor = async (asker: Parameters<AccountsHarness['as']>[0]) =>
      (await accounts.as(asker).refusal(RESOLVE, { input })).code
    expect(await codeFor(principals.anonymous)).toBe('UNAUTHENTICATED')
    expect(await codeFor(principals.user('admin'))).toBe('FORBIDDEN')
    expect(await codeFor(principals.service('payments', 'manage:memberships'))).toBe('FORBIDDEN')
  })

  test.each([
    [{}],
    [{ session: null }],
    [{ session: { userId: '1', sessionId: '1' }, apiKey: { key: 'x' } }],
  ])('takes exactly one: %j is refused', async (input) => {
    const gateway = accounts.as(principals.service('gateway', 'resolve:identity'))
    expect((await gateway.refusal(RESOLVE, { input })).code).toBe('BAD_USER_INPUT')
  })
})
