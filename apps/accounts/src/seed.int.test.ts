import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { demoAccounts, seedAccounts } from '../../../prisma/accounts/seed.ts'
import { type AccountsHarness, openAccounts } from './testing/open-accounts.ts'
import { tablesOf } from './testing/table-rows.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const stub = (kind: string) =>
  Array.from({ length: 30 }, (_, n) => `${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`)
const [teamIds, playerIds] = [stub('5eed0004'), stub('5eed0006')]

let accounts: AccountsHarness
const seed = () => seedAccounts({ databaseUrl: accounts.database.appUrl, now: NOW, teamIds, playerIds })
/** The whole content of the database. */
const dump = async () => {
  const rows = await Promise.all(
    (await tablesOf(accounts)).map(async (table) => [
      table,
      await accounts.sql(
        `SELECT to_jsonb(entry) AS row FROM "${table}" AS entry ORDER BY to_jsonb(entry)::text`,
      ),
    ]),
  )
  return Object.fromEntries(rows) as Record<string, { row: Record<string, unknown> }[]>
}

beforeAll(async () => {
  accounts = await openAccounts()
  await seed()
})
afterAll(() => accounts.close())

const SIGN_IN = `mutation ($login: String!, $password: String!) {
  signIn(input: { login: $login, password: $password }) { __typename ... on SignedIn { me { id roles } } }
}`

describe('the demo people', () => {
  test.each(demoAccounts.logins.map(({ role, username }) => [role, username]))(
    'somebody is %s and signs in as %s',
    async (role, login) => {
      const { signIn } = await accounts
        .as(principals.anonymous)
        .ok<{ signIn: { __typename: string; me: { roles: string[] } } }>(SIGN_IN, {
          login,
          password: demoAccounts.password,
        })
      expect(signIn.__typename).toBe('SignedIn')
      expect(signIn.me.roles).toContain(role.toUpperCase())
    },
  )

  test('the partner has a key that is accepted', async () => {
    const gateway = accounts.as(principals.service('gateway', 'resolve:identity'))
    const resolved = await gateway.ok(
      `query ($key: String!) { resolveCredential(input: { apiKey: { key: $key } }) { kind apiKeyId scopes } }`,
      { key: demoAccounts.partnerKey.key },
    )
    expect(resolved).toEqual({
      resolveCredential: { kind: 'partner', apiKeyId: demoAccounts.partnerKey.id, scopes: ['write:games'] },
    })
  })

  test('fans follow teams, players and creators, and creators have members', async () => {
    const [fanId] = demoAccounts.fanIds
    const fan = accounts.as(principals.user('viewer', fanId))
    const { me } = await fan.ok<{ me: { follows: { edges: { node: { __typename: string } }[] } } }>(
      '{ me { follows { edges { node { __typename } } } } }',
    )
    const kinds = me.follows.edges.map(({ node }) => node.__typename)
    expect(kinds.sort()).toEqual(['Player', 'Player', 'Player', 'Team', 'Team', 'User', 'User'])
    const [creatorId] = demoAccounts.creatorIds
    const { user } = await fan.ok<{ user: { stats: { followersCount: number; membersCount: number } } }>(
      'query ($id: ID!) { user(id: $id) { stats { followersCount membersCount } } }',
      { id: creatorId },
    )
    expect(user.stats.membersCount).toBe(5)
    expect(user.stats.followersCount).toBeGreaterThan(5)
  })

  test('the member may see what premium opens', async () => {
    const member = demoAccounts.logins.find(({ role }) => role === 'member')
    const [creatorId] = demoAccounts.creatorIds
    const answer = await accounts
      .as(principals.user('viewer', member?.id))
      .ok('query ($id: ID!) { me { entitlement(creatorId: $id) { levels } } }', { id: creatorId })
    expect(answer).toEqual({ me: { entitlement: { levels: ['FREE', 'SUBSCRIBER_ONLY', 'PREMIUM'] } } })
  })
})

describe('seeding again', () => {
  test('changes nothing, also when several do it at once', async () => {
    const before = await dump()
    await Promise.all([seed(), seed(), seed()])
    expect(await dump()).toEqual(before)
  })

  test('leaves what people have changed since', async () => {
    const fan = accounts.as(principals.user('viewer', demoAccounts.fanIds[0]))
    await fan.ok('mutation ($id: ID!) { unfollow(input: { teamId: $id }) { me { id } } }', { id: teamIds[7] })
    await fan.ok('mutation { updateProfile(input: { displayName: "Somebody else" }) { me { id } } }')
    const before = await dump()
    await seed()
    expect(await dump()).toEqual(before)
  })

  test('finds its place beside somebody who has one of the names already', async () => {
    const other = await openAccounts()
    try {
      await other.sql(
        `INSERT INTO users (id, username, email) VALUES (gen_random_uuid(), 'DEMO-admin', 'first@example.com')`,
      )
      await seedAccounts({ databaseUrl: other.database.appUrl, now: NOW, teamIds, playerIds })
      const names = await other.sql<{ username: string }>(
        `SELECT username FROM users WHERE username LIKE 'demo-%'`,
      )
      expect(names.map(({ username }) => username)).toContain('demo-producer')
      expect(names.map(({ username }) => username)).not.toContain('demo-admin')
    } finally {
      await other.close()
    }
  })
})
