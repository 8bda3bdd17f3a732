import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ROLES, scopesOf } from '@courtside/auth'
import { principals, type SubgraphClient } from '@courtside/testing'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'
import { resolve } from '../testing/resolve.ts'
import { join } from '../testing/signed-in.ts'

let accounts: AccountsHarness
let manager: SubgraphClient
beforeAll(async () => {
  accounts = await openAccounts()
  manager = accounts.as(principals.userWithScopes('manage:roles'), { 'x-request-id': 'request-1' })
})
afterAll(() => accounts.close())

const GRANT = 'mutation ($input: GrantRoleInput!) { grantRole(input: $input) { account { id roles } } }'
const REVOKE = 'mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) { account { id roles } } }'

interface Payload {
  account: { id: string; roles: string[] }
}
const grant = async (userId: string, role: string, asker: SubgraphClient = manager) =>
  (await asker.ok<{ grantRole: Payload }>(GRANT, { input: { userId, role } })).grantRole.account.roles
const revoke = async (userId: string, role: string, asker: SubgraphClient = manager) =>
  (await asker.ok<{ revokeRole: Payload }>(REVOKE, { input: { userId, role } })).revokeRole.account.roles
const audited = (userId: string) =>
  accounts.sql('SELECT action, before, after, request_id FROM audit_log WHERE entity_id = $1 ORDER BY id', [
    userId,
  ])

describe('ACC-06: the roles', () => {
  test('are told to everybody, with what they open', async () => {
    const { roles } = await accounts
      .as(principals.anonymous)
      .ok<{ roles: { role: string; scopes: string[]; isGrantable: boolean }[] }>(
        '{ roles { role description scopes isGrantable } }',
      )
    expect(roles.map(({ role, scopes }) => [role, scopes])).toEqual(
      ROLES.map((role) => [role.toUpperCase(), scopesOf([role])]),
    )
    expect(roles.filter(({ isGrantable }) => isGrantable).map(({ role }) => role)).toEqual([
      'MODERATOR',
      'SCOREKEEPER',
      'PRODUCER',
      'EDITOR',
      'ADMIN',
    ])
  })

  test('that are given and taken hold at the next question of the gateway, and are written down', async () => {
    const anna = await join(accounts)
    const rolesNow = async () =>
      (await resolve(accounts, { session: { userId: anna.id, sessionId: anna.sessionId } }))?.roles
    expect(await grant(anna.id, 'SCOREKEEPER')).toEqual(['VIEWER', 'SCOREKEEPER'])
    expect(await rolesNow()).toEqual(['viewer', 'scorekeeper'])
    expect(await revoke(anna.id, 'SCOREKEEPER')).toEqual(['VIEWER'])
    expect(await rolesNow()).toEqual(['viewer'])
    expect(await audited(anna.id)).toEqual([
      { action: 'roles.grant', before: null, after: { role: 'scorekeeper' }, request_id: 'request-1' },
      { action: 'roles.revoke', before: { role: 'scorekeeper' }, after: null, request_id: 'request-1' },
    ])
  })

  test('that are given or taken twice are so once', async () => {
    const anna = await accounts.person('anna')
    await grant(anna.id, 'EDITOR')
    expect(await grant(anna.id, 'EDITOR')).toEqual(['VIEWER', 'EDITOR'])
    await revoke(anna.id, 'EDITOR')
    expect(await revoke(anna.id, 'EDITOR')).toEqual(['VIEWER'])
    expect(await audited(anna.id)).toHaveLength(2)
  })

  test.each(['VIEWER', 'MEMBER', 'PARTNER', 'SERVICE'])(
    'that nobody gives (%s) are refused',
    async (role) => {
      const anna = await accounts.person('anna')
      for (const document of [GRANT, REVOKE]) {
        const refusal = await manager.refusal(document, { input: { userId: anna.id, role } })
        expect([refusal.code, refusal.message]).toEqual([
          'BAD_USER_INPUT',
          `Nobody gives or takes the role ${role}. Choose one of MODERATOR, SCOREKEEPER, PRODUCER, EDITOR, ADMIN.`,
        ])
      }
    },
  )

  test('cannot be given to nobody, nor to somebody who was erased', async () => {
    const gone = await accounts.person('gone')
    await accounts.sql('UPDATE users SET is_active = false, erased_at = now() WHERE id = $1', [gone.id])
    for (const userId of [gone.id, randomUUID(), 'not-an-id']) {
      for (const document of [GRANT, REVOKE]) {
        const refusal = await manager.refusal(document, { input: { userId, role: 'EDITOR' } })
        expect(refusal.code).toBe('ACCOUNTS_USER_NOT_FOUND')
      }
    }
  })

  test('are given by those who manage roles alone, who do not see an address for it', async () => {
    const anna = await accounts.person('anna')
    const input = { userId: anna.id, role: 'ADMIN' }
    expect((await anna.refusal(GRANT, { input })).code).toBe('FORBIDDEN')
    expect(
      (await accounts.as(principals.userWithScopes('manage:users')).refusal(GRANT, { input })).code,
    ).toBe('FORBIDDEN')
    const { data, errors } = await manager.run<{ grantRole: { account: { email: null } } }>(
      'mutation ($input: GrantRoleInput!) { grantRole(input: $input) { account { email } } }',
      { input: { ...input, role: 'EDITOR' } },
    )
    expect([data?.grantRole.account.email, errors[0]?.code]).toEqual([null, 'FORBIDDEN'])
  })
})

describe('ACC-06: the last admin', () => {
  const SET_ACTIVE =
    'mutation ($input: SetUserActiveInput!) { setUserActive(input: $input) { account { isActive } } }'
  const asAdmin = ({ id }: Person) => accounts.as(principals.user('admin', id))
  const adminsLeft = async () =>
    Number(
      (
        await accounts.sql(
          `SELECT count(*) FROM user_roles JOIN users ON users.id = user_id WHERE role = 'admin' AND is_active`,
        )
      )[0]?.['count'],
    )
  let one: Person
  let two: Person
  beforeEach(async () => {
    await accounts.sql(`DELETE FROM user_roles WHERE role = 'admin'`)
    ;[one, two] = await accounts.people('one', 'two')
    await grant(one.id, 'ADMIN')
    await grant(two.id, 'ADMIN')
  })

  test('stays one, whoever asks', async () => {
    expect(await revoke(two.id, 'ADMIN')).toEqual(['VIEWER'])
    const refusal = await asAdmin(one).refusal(REVOKE, { input: { userId: one.id, role: 'ADMIN' } })
    expect([refusal.code, await adminsLeft()]).toEqual(['ACCOUNTS_LAST_ADMIN', 1])
  })

  test('cannot be switched off', async () => {
    await revoke(two.id, 'ADMIN')
    const refusal = await asAdmin(one).refusal(SET_ACTIVE, { input: { userId: one.id, isActive: false } })
    expect([refusal.code, await adminsLeft()]).toEqual(['ACCOUNTS_LAST_ADMIN', 1])
  })

  test('does not count somebody who is switched off', async () => {
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [two.id])
    const refusal = await manager.refusal(REVOKE, { input: { userId: one.id, role: 'ADMIN' } })
    expect(refusal.code).toBe('ACCOUNTS_LAST_ADMIN')
  })

  test('stays although two admins remove each other at the same moment, time after time', async () => {
    for (let turn = 0; turn < 5; turn++) {
      await grant(one.id, 'ADMIN')
      await grant(two.id, 'ADMIN')
      const results = await Promise.allSettled([
        revoke(two.id, 'ADMIN', asAdmin(one)),
        revoke(one.id, 'ADMIN', asAdmin(two)),
      ])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await adminsLeft()).toBe(1)
    }
  })

  test('stays although one is removed while the other is switched off', async () => {
    const results = await Promise.allSettled([
      revoke(two.id, 'ADMIN', asAdmin(one)),
      asAdmin(two).ok(SET_ACTIVE, { input: { userId: one.id, isActive: false } }),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await adminsLeft()).toBe(1)
  })
})
