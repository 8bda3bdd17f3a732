import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals, statementsDuring, type SubgraphClient } from '@courtside/testing'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { resolve } from '../testing/resolve.ts'
import { ask, join, REFRESH, refused, stranger } from '../testing/signed-in.ts'

let accounts: AccountsHarness
let admin: SubgraphClient
beforeAll(async () => {
  accounts = await openAccounts()
  admin = accounts.as(principals.userWithScopes('manage:users'), { 'x-request-id': 'request-1' })
})
afterAll(() => accounts.close())

const ACCOUNT = 'id username email roles isActive isVerified erasedAt user { id username isVerified }'
const ONE = `query ($id: ID!) { account(id: $id) { ${ACCOUNT} } }`
const LIST = `query ($search: String, $state: AccountState, $role: Role, $first: Int, $after: String) {
  accounts(search: $search, state: $state, role: $role, first: $first, after: $after) {
    edges { cursor node { ${ACCOUNT} } } pageInfo { hasNextPage } totalCount
  }
}`
const SET_ACTIVE = `mutation ($input: SetUserActiveInput!) { setUserActive(input: $input) { account { ${ACCOUNT} } } }`
const SET_VERIFIED = `mutation ($input: SetUserVerifiedInput!) { setUserVerified(input: $input) { account { ${ACCOUNT} } } }`

interface Account {
  id: string
  username: string
  email: string | null
  roles: string[]
  isActive: boolean
  isVerified: boolean
}
interface List {
  accounts: {
    edges: { cursor: string; node: Account }[]
    pageInfo: { hasNextPage: boolean }
    totalCount: number
  }
}
const list = async (variables: object) => (await admin.ok<List>(LIST, variables)).accounts
const ids = ({ edges }: List['accounts']) => edges.map(({ node }) => node.id)
const account = async (id: string) => (await admin.ok<{ account: Account | null }>(ONE, { id })).account
const setActive = async (userId: string, isActive: boolean) =>
  (await admin.ok<{ setUserActive: { account: Account } }>(SET_ACTIVE, { input: { userId, isActive } }))
    .setUserActive.account
const audited = (userId: string) =>
  accounts.sql('SELECT action, before, after, request_id FROM audit_log WHERE entity_id = $1 ORDER BY id', [
    userId,
  ])

describe('accounts for those who manage users', () => {
  test('show the address and the roles, of people who left as well', async () => {
    const anna = await accounts.person('anna')
    await accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'editor')`, [anna.id])
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [anna.id])
    expect(await account(anna.id)).toMatchObject({
      username: anna.username,
      email: anna.email,
      roles: ['VIEWER', 'EDITOR'],
      isActive: false,
    })
    expect([await account(randomUUID()), await account('not-an-id')]).toEqual([null, null])
  })

  test('are found by parts of name and address, by state and by role', async () => {
    const tag = `tag${randomUUID().slice(0, 8)}`
    const [on, off, gone] = await accounts.people(`${tag}-on`, `${tag}-off`, `${tag}-gone`)
    await accounts.sql('UPDATE users SET is_active = false WHERE id = ANY($1)', [[off.id, gone.id]])
    await accounts.sql('UPDATE users SET erased_at = now() WHERE id = $1', [gone.id])
    await accounts.sql(`INSERT INTO user_roles (user_id, role) VALUES ($1, 'producer')`, [off.id])
    expect(ids(await list({ search: `${tag.toUpperCase()}-ON` }))).toEqual([on.id])
    expect(ids(await list({ search: on.email }))).toEqual([on.id])
    expect(ids(await list({ search: tag, state: 'ACTIVE' }))).toEqual([on.id])
    expect(ids(await list({ search: tag, state: 'INACTIVE' }))).toEqual([off.id])
    expect(ids(await list({ search: tag, state: 'ERASED' }))).toEqual([gone.id])
    expect(ids(await list({ search: tag, role: 'PRODUCER' }))).toEqual([off.id])
    expect((await list({ search: tag })).totalCount).toBe(3)
  })

  test('are listed newest first, page by page, in as many statements for one as for many', async () => {
    const tag = `page${randomUUID().slice(0, 8)}`
    const people = await accounts.people(`${tag}-1`, `${tag}-2`, `${tag}-3`)
    for (const [age, { id }] of people.entries()) {
      await accounts.sql(
        `UPDATE users SET created_at = '2026-01-01'::timestamptz + $2 * interval '1 day' WHERE id = $1`,
        [id, age],
      )
    }
    const first = await list({ search: tag, first: 2 })
    expect(ids(first)).toEqual([people[2].id, people[1].id])
    expect(ids(await list({ search: tag, first: 2, after: first.edges[1]?.cursor }))).toEqual([people[0].id])
    const counted = async (count: number) =>
      (await statementsDuring(() => list({ search: tag, first: count }))).statements.length
    expect(await counted(1)).toBe(await counted(3))
  })

  test('are nobody else’s business', async () => {
    const anna = await accounts.person('anna')
    for (const [asker, code] of [
      [accounts.as(principals.anonymous), 'UNAUTHENTICATED'],
      [anna, 'FORBIDDEN'],
      [accounts.as(principals.userWithScopes('manage:roles')), 'FORBIDDEN'],
      [accounts.as(principals.partner('write:games')), 'FORBIDDEN'],
    ] as const) {
      expect((await asker.refusal(LIST)).code).toBe(code)
      expect((await asker.refusal(ONE, { id: anna.id })).code).toBe(code)
      const input = { userId: anna.id, isActive: false }
      expect((await asker.refusal(SET_ACTIVE, { input })).code).toBe(code)
    }
  })
})

describe('switching an account off', () => {
  test('ends its sessions for good, and is written down', async () => {
    const anna = await join(accounts)
    const bySession = () => resolve(accounts, { session: { userId: anna.id, sessionId: anna.sessionId } })
    expect((await setActive(anna.id, false)).isActive).toBe(false)
    expect(await bySession()).toBeNull()
    expect((await setActive(anna.id, true)).isActive).toBe(true)
    expect(await bySession()).toBeNull()
    expect(refused(await ask(stranger(accounts), REFRESH, { refreshToken: anna.refreshToken })).code).toBe(
      'SESSION_OVER',
    )
    expect(await audited(anna.id)).toEqual([
      {
        action: 'users.deactivate',
        before: { isActive: true },
        after: { isActive: false },
        request_id: 'request-1',
      },
      {
        action: 'users.activate',
        before: { isActive: false },
        after: { isActive: true },
        request_id: 'request-1',
      },
    ])
  })

  test('that is off already changes nothing, and leaves no trace', async () => {
    const anna = await accounts.person('anna')
    await setActive(anna.id, true)
    expect(await audited(anna.id)).toEqual([])
  })

  test('that does not exist or was erased finds none', async () => {
    const gone = await accounts.person('gone')
    await accounts.sql('UPDATE users SET is_active = false, erased_at = now() WHERE id = $1', [gone.id])
    for (const userId of [gone.id, randomUUID(), 'not-an-id']) {
      const refusal = await admin.refusal(SET_ACTIVE, { input: { userId, isActive: true } })
      expect(refusal.code).toBe('ACCOUNTS_USER_NOT_FOUND')
    }
  })
})

test('confirming who somebody is shows to everybody, and is written down', async () => {
  const anna = await accounts.person('anna')
  const { setUserVerified } = await admin.ok<{ setUserVerified: { account: Account } }>(SET_VERIFIED, {
    input: { userId: anna.id, isVerified: true },
  })
  expect(setUserVerified.account).toMatchObject({ isVerified: true, user: { isVerified: true } })
  expect(await audited(anna.id)).toEqual([
    {
      action: 'users.verify',
      before: { isVerified: false },
      after: { isVerified: true },
      request_id: 'request-1',
    },
  ])
})
