import { createHash } from 'node:crypto'
import pg from 'pg'
import { hashOfSecret, keyPrefix } from '../../apps/accounts/src/api-keys/index.ts'
import { createPasswords } from '../../apps/accounts/src/passwords/index.ts'
import { createRefreshToken, hashOfToken, sessionIdOf } from '../../apps/accounts/src/sessions/index.ts'
import { creators, demoId, type DemoPerson, fans, holderOf, roleHolders } from './demo-people.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Everybody's in the demo. */
const PASSWORD = 'courtside-demo'

/** The same in every demo, so that a command copied yesterday works today. It opens nothing but demo data. */
const PARTNER_SECRET = createHash('sha256').update('the partner of the Courtside demo').digest('base64url')
const partnerKey = {
  id: demoId('apiKey', 1),
  key: keyPrefix(demoId('apiKey', 1)) + PARTNER_SECRET,
}

/** What to sign in with, and ids that documents, examples and other seeds refer to. */
export const demoAccounts = {
  password: PASSWORD,
  /** Sign in with the user name and the password. */
  logins: roleHolders.map(({ id, role, username }) => ({ id, role, username })),
  partnerKey,
  creatorIds: creators.map(({ id }) => id),
  fanIds: fans.map(({ id }) => id),
} as const

export interface SeedAccountsOptions {
  /** As the process of the accounts subgraph. */
  databaseUrl: string
  now: Date
  /** What people follow, from the seed of stats. */
  teamIds: readonly string[]
  playerIds: readonly string[]
}

/**
 * Demo people: one for each role, creators and their fans. Seeded once; can run again at any time, and then leaves all
 * as people have changed it since.
 */
export async function seedAccounts({
  databaseUrl,
  now,
  teamIds,
  playerIds,
}: SeedAccountsOptions): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(
      `SELECT set_config('app.system', 'on', true), pg_advisory_xact_lock(hashtext('demo people'))`,
    )
    if (!(await isSeeded(client))) {
      // One hash for all of them: it is the only slow thing here.
      const seeded = await insertPeople(client, await createPasswords().hash(PASSWORD), now)
      // Nobody is followed by somebody who is not there.
      const isWhole = (row: object) =>
        Object.values(row).every((value) => !personIds.includes(String(value)) || seeded.has(String(value)))
      const tables = {
        user_roles: rolesAt(now),
        api_keys: keysAt(now),
        follows: followsAt(now, teamIds, playerIds),
        subscriptions: membershipsAt(now),
      }
      for (const [table, rows] of Object.entries(tables)) await insert(client, table, rows.filter(isWhole))
    }
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

const DEMO_DEVICE = 'npm start'
const DEMO_SESSION_MS = DAY_MS

export interface DemoSession {
  role: (typeof roleHolders)[number]['role']
  refreshToken: string
}

/**
 * Signs in everybody who holds a role, in place of the last time's sessions. Without their password: each argon2 hash
 * takes 64 MB and a good part of a second, and a start has eight people to sign in.
 */
export async function openDemoSessions(databaseUrl: string, now: Date): Promise<DemoSession[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(`SELECT set_config('app.system', 'on', true)`)
    const there = await client.query<{ id: string }>(
      'SELECT id FROM users WHERE id = ANY($1) AND is_active AND erased_at IS NULL',
      [idsOf(roleHolders)],
    )
    const present = new Set(there.rows.map(({ id }) => id))
    const sessions = roleHolders
      .filter(({ id }) => present.has(id))
      .map(({ id, role }) => ({ userId: id, role, refreshToken: createRefreshToken() }))
    await client.query('DELETE FROM sessions WHERE user_id = ANY($1) AND device_name = $2', [
      [...present],
      DEMO_DEVICE,
    ])
    const end = new Date(now.getTime() + DEMO_SESSION_MS)
    await insert(
      client,
      'sessions',
      sessions.map(({ userId, refreshToken }) => ({
        id: sessionIdOf(refreshToken),
        user_id: userId,
        token_hash: `\\x${hashOfToken(refreshToken).toString('hex')}`,
        device_name: DEMO_DEVICE,
        created_at: now,
        last_accessed_at: now,
        expires_at: end,
        idle_expires_at: end,
      })),
    )
    await client.query('COMMIT')
    return sessions.map(({ role, refreshToken }) => ({ role, refreshToken }))
  } finally {
    await client.end()
  }
}

/** Whether somebody of the demo is there, whose password is in this file. */
export async function hasDemoPeople(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query(
      'SELECT FROM user_profiles WHERE id = ANY($1) AND is_active LIMIT 1',
      [personIds],
    )
    return rowCount === 1
  } finally {
    await client.end()
  }
}

const people: readonly DemoPerson[] = [...roleHolders, ...creators, ...fans]
const idsOf = (some: readonly DemoPerson[]) => some.map(({ id }) => id)
const personIds = idsOf(people)

async function isSeeded(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM users WHERE id = ANY($1) LIMIT 1', [personIds])
  return rowCount === 1
}

/** Tells who is there now: somebody may have taken one of the names before. */
async function insertPeople(
  client: pg.Client,
  passwordHash: string,
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = people.map(({ id, username, email, displayName, bio, isVerified }, index) => ({
    id,
    username,
    email,
    bio,
    display_name: displayName,
    is_verified: isVerified,
    is_active: true,
    password_hash: passwordHash,
    created_at: before(now, (people.length - index) * DAY_MS),
    updated_at: now,
  }))
  await insert(client, 'users', rows)
  const found = await client.query<{ id: string }>('SELECT id FROM users WHERE id = ANY($1)', [personIds])
  return new Set(found.rows.map(({ id }) => id))
}

/** Everybody is a viewer, and a membership makes a member: those two are given to nobody. */
function rolesAt(now: Date) {
  return roleHolders
    .filter(({ role }) => role !== 'viewer' && role !== 'member')
    .map(({ id, role }) => ({ user_id: id, role, granted_at: now }))
}

function keysAt(now: Date) {
  return [
    {
      id: partnerKey.id,
      owner_id: holderOf('admin').id,
      name: 'Demo partner',
      secret_hash: `\\x${hashOfSecret(PARTNER_SECRET).toString('hex')}`,
      scopes: ['write:games'],
      requests_per_minute: 600,
      allowed_addresses: [],
      created_at: now,
      updated_at: now,
    },
  ]
}

/** Each fan and each holder of a role follows two teams, three players and two creators; creators follow one another. */
function followsAt(now: Date, teamIds: readonly string[], playerIds: readonly string[]) {
  const followers = [...roleHolders, ...fans]
  const follows = followers.flatMap(({ id }, place) => [
    ...pick(teamIds, 2, place).map((team_id) => ({ follower_id: id, team_id })),
    ...pick(playerIds, 3, place * 5).map((player_id) => ({ follower_id: id, player_id })),
    ...pick(idsOf(creators), 2, place).map((following_id) => ({ follower_id: id, following_id })),
  ])
  const amongCreators = creators.map(({ id }, place) => ({
    follower_id: id,
    following_id: creators[(place + 1) % creators.length]?.id,
  }))
  return [...follows, ...amongCreators].map((follow: FollowRow, index) => ({
    ...follow,
    id: demoId('follow', index + 1),
    created_at: before(now, (index + 1) * HOUR_MS),
  }))
}

interface FollowRow {
  follower_id: string
  following_id?: string | undefined
  team_id?: string
  player_id?: string
}

/** Every tier, with and without an end, and one that is over. */
function membershipsAt(now: Date) {
  const [first, second, third, fourth] = idsOf(creators)
  const inAYear = new Date(now.getTime() + 365 * DAY_MS)
  const of = (subscriber_id: string, creator_id: string | undefined, subscription_type: string) => ({
    subscriber_id,
    creator_id,
    subscription_type,
  })
  const lasting = [
    of(holderOf('member').id, first, 'premium'),
    { ...of(holderOf('member').id, second, 'basic'), expires_at: inAYear },
    ...fans.slice(0, 4).map(({ id }) => of(id, first, 'basic')),
    ...fans.slice(2, 5).map(({ id }) => ({ ...of(id, second, 'pro'), expires_at: inAYear })),
    ...fans.slice(5, 7).map(({ id }) => of(id, third, 'premium')),
  ]
  const over = {
    ...of(holderOf('viewer').id, fourth, 'basic'),
    is_active: false,
    ended_at: before(now, DAY_MS),
  }
  return [...lasting.map((row) => ({ ...row, is_active: true })), over].map((row, index) => ({
    ...row,
    id: demoId('membership', index + 1),
    created_at: before(now, (index + 2) * DAY_MS),
    updated_at: now,
  }))
}

/** `count` different ones, starting at `place` and coming round. */
function pick(ids: readonly string[], count: number, place: number): string[] {
  return Array.from(
    { length: Math.min(count, ids.length) },
    (_, step) => ids[(place + step) % ids.length] ?? '',
  )
}

const before = (now: Date, milliseconds: number) => new Date(now.getTime() - milliseconds)

/** All rows in one statement. Rows that are there, or in the way of one, are left alone. */
async function insert(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ')
  await client.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  )
}
