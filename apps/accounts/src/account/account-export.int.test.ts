import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { type Alice, arrangeAlice, PRIVATE } from '../testing/alice.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { rowsNaming } from '../testing/table-rows.ts'

let accounts: AccountsHarness
let alice: Alice
beforeAll(async () => {
  accounts = await openAccounts()
  alice = await arrangeAlice(accounts)
})
afterAll(() => accounts.close())

const EXPORT = `mutation ($input: ExportAccountInput!) {
  exportAccount(input: $input) { export { generatedAt content shortenedParts } }
}`
type Item = Record<string, unknown>
interface Export {
  generatedAt: string
  content: { profile: Item } & Record<string, Item[]>
  shortenedParts: string[]
}
const exportOf = async (person: Pick<Alice, 'ok'>, input: object = {}) =>
  (await person.ok<{ exportAccount: { export: Export } }>(EXPORT, { input })).exportAccount.export

/** Which part of an export a table goes to, and which of its columns stay behind. */
const WITHHELD: Record<string, { part: string; columns: string[] }> = {
  // Whether there is a password is told; roles are a part of their own.
  users: { part: 'profile', columns: ['password_hash'] },
  user_roles: { part: 'roles', columns: ['user_id', 'granted_by'] },
  sessions: {
    part: 'sessions',
    columns: ['user_id', 'token_hash', 'previous_token_hash', 'rotated_at', 'idle_expires_at'],
  },
  auth_identities: { part: 'identities', columns: ['user_id'] },
  api_keys: {
    part: 'apiKeys',
    columns: ['owner_id', 'secret_hash', 'previous_secret_hash', 'previous_valid_until', 'updated_at'],
  },
  follows: { part: 'follows', columns: ['follower_id'] },
  subscriptions: { part: 'memberships', columns: ['subscriber_id', 'is_active', 'updated_at', 'grant_key'] },
  user_blocks: { part: 'blocks', columns: ['blocker_id'] },
  user_mutes: { part: 'mutes', columns: ['muter_id'] },
  invitations: { part: 'invitations', columns: ['token_hash', 'expires_at', 'accepted_by'] },
  audit_log: {
    part: 'actions',
    columns: [
      'actor_kind',
      'actor_user_id',
      'actor_api_key_id',
      'actor_service',
      'request_id',
      'before',
      'after',
      'hash',
    ],
  },
}
/** Only there once the account is gone, and nobody is left who could ask. */
/** Facts say to other subgraphs what the tables say too. */
const NOT_EXPORTED = ['erasures', 'erasure_receipts', 'facts', 'stream_heads']
const RENAMED: Record<string, string> = { subscription_type: 'tier' }
const toFieldName = (column: string) =>
  RENAMED[column] ?? column.replace(/_(.)/g, (_, first: string) => first.toUpperCase())

describe('ACC-21: exporting an account', () => {
  test('holds what the person has in every part', async () => {
    const { content, shortenedParts, generatedAt } = await exportOf(alice)
    expect(Date.parse(generatedAt)).not.toBeNaN()
    expect(shortenedParts).toEqual([])
    expect(content).toMatchObject({
      profile: { id: alice.id, username: alice.username, email: alice.email, hasPassword: true },
      roles: [{ role: 'moderator' }],
      sessions: [{ id: alice.ids.session, deviceName: `${PRIVATE}-device`, ipAddress: '203.0.113.77' }],
      identities: [{ id: alice.ids.identity, subject: `${PRIVATE}-subject` }],
      apiKeys: [{ id: alice.ids.apiKey, name: `${PRIVATE}-key`, scopes: ['write:games'] }],
      memberships: [{ id: alice.ids.membership, creatorId: alice.creator.id, tier: 'pro' }],
      members: [{ id: alice.ids.member, tier: 'basic' }],
      blocks: [{ blockedId: alice.blocked.id }],
      mutes: [{ mutedId: alice.muted.id }],
      invitations: [{ id: alice.ids.invitation, email: alice.email }],
    })
    expect(content['follows']?.map(({ followingId, teamId }) => followingId ?? teamId).sort()).toEqual(
      [alice.friend.id, alice.ids.team].sort(),
    )
    expect(content['actions']?.[0]).toMatchObject({ action: 'users.export', entityId: alice.id })
  })

  test('holds no secret, and nobody who did not choose to be in it', async () => {
    const text = JSON.stringify(await exportOf(alice))
    for (const encoding of ['hex', 'base64', 'base64url', 'utf8'] as const) {
      expect(text).not.toContain(Buffer.from(`${PRIVATE}-token`).toString(encoding))
    }
    for (const secret of [`${PRIVATE}-hash`, `${PRIVATE}-grant`, alice.fan.id])
      expect(text).not.toContain(secret)
  })

  test('every column of every table is exported, or withheld on purpose', async () => {
    const { content } = await exportOf(alice)
    const tables = new Set((await rowsNaming(accounts, alice.id)).map(({ table }) => table))
    expect([...tables].filter((table) => !(table in WITHHELD) && !NOT_EXPORTED.includes(table))).toEqual([])
    for (const [table, { part, columns }] of Object.entries(WITHHELD)) {
      const found = await accounts.sql<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name = $1`,
        [table],
      )
      const exported = [content[part]].flat()[0] ?? {}
      const undecided = found
        .map(({ name }) => name)
        .filter((name) => !(toFieldName(name) in exported) && !columns.includes(name))
      expect({ table, undecided }).toEqual({ table, undecided: [] })
    }
  })

  test('can be asked for in parts', async () => {
    const { content } = await exportOf(alice, { parts: ['API_KEYS', 'MUTES'] })
    expect(Object.keys(content)).toEqual(['profile', 'apiKeys', 'mutes'])
    expect(Object.keys((await exportOf(alice, { parts: [] })).content)).toEqual(['profile'])
    expect((await alice.refusal(EXPORT, { input: { parts: ['PASSWORDS'] } })).code).toBe('BAD_USER_INPUT')
  })

  test('is whole beyond one page, and says so where it is cut short', async () => {
    const fan = await accounts.person('fan')
    await accounts.sql(
      `INSERT INTO follows (id, follower_id, team_id)
       SELECT gen_random_uuid(), $1, gen_random_uuid() FROM generate_series(1, 1200)`,
      [fan.id],
    )
    await accounts.sql(
      `INSERT INTO sessions (id, user_id, token_hash, expires_at, idle_expires_at)
       SELECT gen_random_uuid(), $1::uuid, sha256(convert_to(n::text || $1::uuid::text, 'UTF8')), now(), now()
       FROM generate_series(1, 10001) AS n`,
      [fan.id],
    )
    const { content, shortenedParts } = await exportOf(fan, { parts: ['FOLLOWS', 'SESSIONS'] })
    expect(new Set(content['follows']?.map(({ teamId }) => teamId)).size).toBe(1_200)
    expect(new Set(content['sessions']?.map(({ id }) => id)).size).toBe(10_000)
    expect(shortenedParts).toEqual(['SESSIONS'])
  })

  test('is written down', async () => {
    const fan = await accounts.person('fan')
    await exportOf(fan, { parts: ['FOLLOWS'] })
    expect(await accounts.sql('SELECT * FROM audit_log WHERE actor_user_id = $1', [fan.id])).toMatchObject([
      { action: 'users.export', entity_type: 'User', entity_id: fan.id, after: { parts: ['FOLLOWS'] } },
    ])
  })

  test('is for people', async () => {
    const key = accounts.as(principals.partner('write:games'))
    expect((await key.refusal(EXPORT, { input: {} })).code).toBe('FORBIDDEN')
    expect((await accounts.as(principals.anonymous).refusal(EXPORT, { input: {} })).code).toBe(
      'UNAUTHENTICATED',
    )
  })
})
