import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import pg from 'pg'
import { openAccountsDatabase } from './db.ts'
import { type Alice, arrangeAlice } from './testing/alice.ts'
import { type AccountsHarness, openAccounts, type Person } from './testing/open-accounts.ts'
import { rowsNaming, tablesOf } from './testing/table-rows.ts'

/** What each table has of Alice, so that a test that finds nothing knows that there was something to find. */
const TABLES_WITHOUT_ALICE = [
  'follower_counts',
  'revoked_external_sessions',
  'sign_in_throttles',
  'signing_keys',
  'stream_log',
]
/** What is told to others of her, which nobody is shown as a row. */
const TABLES_OF_THE_LOG = ['facts', 'stream_heads', 'stream_log']
const INSUFFICIENT_PRIVILEGE = '42501'
/** Nobody may name it in an update: Postgres would refuse that before it asks for rights. */
const GENERATED = 'facts.id'

let accounts: AccountsHarness
let alice: Alice
let mallory: Person
let tables: string[]
beforeAll(async () => {
  accounts = await openAccounts()
  alice = await arrangeAlice(accounts)
  mallory = await accounts.person('mallory')
  tables = await tablesOf(accounts)
})
afterAll(() => accounts.close())

/** One connection as the application's own role, within a transaction that is never committed. */
let app: pg.Client
beforeEach(async () => {
  app = new pg.Client({ connectionString: accounts.database.appUrl })
  await app.connect()
  await app.query('BEGIN')
})
afterEach(() => app.end())

const actAs = (userId: string) => app.query(`SELECT set_config('app.user_id', $1, true)`, [userId])
const namesAlice = () => [`%${alice.id}%`, `%${alice.ids.erasure}%`]

/** The error code of a statement, or null; the transaction goes on as if it had not been tried. */
async function codeOf(text: string, values: unknown[] = []): Promise<string | null> {
  await app.query('SAVEPOINT before')
  const code = await app.query(text, values).then(
    () => null,
    (error: pg.DatabaseError) => error.code ?? String(error),
  )
  await app.query('ROLLBACK TO SAVEPOINT before')
  return code
}

describe('ACC-17, BUG-08: a transaction that says for nobody', () => {
  test('reads no row of any table', async () => {
    const counts: Record<string, number> = {}
    for (const table of tables) {
      counts[table] = (await app.query(`SELECT FROM "${table}"`)).rowCount ?? -1
    }
    expect(counts).toEqual(Object.fromEntries(tables.map((table) => [table, 0])))
    const withAlice = new Set(
      (await rowsNaming(accounts, alice.id, alice.ids.erasure)).map(({ table }) => table),
    )
    expect(tables.filter((table) => !withAlice.has(table))).toEqual(TABLES_WITHOUT_ALICE)
  })

  test('reads what is public, and nothing else is in the public views', async () => {
    const { rows, fields } = await app.query<{ id: string }>('SELECT * FROM user_profiles')
    expect(rows.map(({ id }) => id)).toContain(alice.id)
    expect(fields.map(({ name }) => name)).toEqual([
      'id',
      'username',
      'display_name',
      'avatar_url',
      'bio',
      'is_verified',
      'is_active',
      'created_at',
      'erased_at',
    ])
    const stats = await app.query('SELECT * FROM user_stats WHERE id = $1', [alice.id])
    expect(stats.rows).toEqual([
      { id: alice.id, followers_count: 1, following_count: 2, subscribers_count: 1 },
    ])
    const views = await accounts.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')`,
    )
    expect(views.map(({ name }) => name).sort()).toEqual(['followed_targets', 'user_profiles', 'user_stats'])
  })

  test('changes and removes nothing, and adds nothing', async () => {
    await expectNoWriteTo(await rowsNaming(accounts, alice.id, alice.ids.erasure))
  })

  test('a user id that is empty says for nobody too', async () => {
    await actAs('')
    for (const table of tables) expect((await app.query(`SELECT FROM "${table}"`)).rowCount).toBe(0)
  })
})

describe('ACC-17, BUG-08: a transaction on behalf of somebody else', () => {
  test('finds Alice in no row of any table', async () => {
    await actAs(mallory.id)
    for (const table of tables) {
      const { rows } = await app.query(
        `SELECT to_jsonb(entry) FROM "${table}" AS entry WHERE to_jsonb(entry)::text LIKE ANY($1)`,
        [namesAlice()],
      )
      expect({ table, rows }).toEqual({ table, rows: [] })
    }
  })

  test('sees itself, so the wall is no empty room', async () => {
    await actAs(mallory.id)
    expect((await app.query('SELECT id FROM users')).rows).toEqual([{ id: mallory.id }])
    await actAs(alice.id)
    const hidden = new Set([...TABLES_WITHOUT_ALICE, ...TABLES_OF_THE_LOG])
    for (const table of tables.filter((name) => !hidden.has(name))) {
      expect({ table, rows: (await app.query(`SELECT FROM "${table}"`)).rowCount }).not.toEqual({
        table,
        rows: 0,
      })
    }
  })

  test('reads no fact, not even those about itself, and the system reads them all', async () => {
    const seen = async () => {
      const found: string[] = []
      for (const table of TABLES_OF_THE_LOG) {
        if ((await app.query(`SELECT FROM ${table}`)).rowCount) found.push(table)
      }
      return found
    }
    await actAs(alice.id)
    expect(await seen()).toEqual([])
    await app.query(`SELECT set_config('app.system', 'on', true)`)
    expect(await seen()).toEqual(TABLES_OF_THE_LOG)
  })

  test('changes and removes nothing of Alice, and adds nothing to her', async () => {
    await actAs(mallory.id)
    await expectNoWriteTo(await rowsNaming(accounts, alice.id, alice.ids.erasure))
  })

  test('learns from a block only that it may not follow', async () => {
    await actAs(alice.blocked.id)
    expect((await app.query('SELECT FROM user_blocks')).rowCount).toBe(0)
    const follow = 'INSERT INTO follows (id, follower_id, following_id) VALUES (gen_random_uuid(), $1, $2)'
    expect(await codeOf(follow, [alice.blocked.id, alice.id])).toBe(INSUFFICIENT_PRIVILEGE)
    expect(await codeOf(follow, [alice.blocked.id, mallory.id])).toBeNull()
  })

  test('may end what is its own of two sides, and no more', async () => {
    await actAs(alice.creator.id)
    const end = 'UPDATE subscriptions SET is_active = false, ended_at = now() WHERE id = $1'
    expect((await app.query(end, [alice.ids.membership])).rowCount).toBe(0)
    await actAs(alice.id)
    const upgrade = `UPDATE subscriptions SET subscription_type = 'pro' WHERE id = $1`
    expect(await codeOf(upgrade, [alice.ids.membership])).toBe(INSUFFICIENT_PRIVILEGE)
    expect((await app.query(end, [alice.ids.membership])).rowCount).toBe(1)
    // Nor can history be written anew.
    expect((await app.query(upgrade, [alice.ids.membership])).rowCount).toBe(0)
  })

  test('cannot leave a trace under the name of Alice', async () => {
    await actAs(mallory.id)
    const trace = `INSERT INTO audit_log (action, entity_type, entity_id, actor_kind, actor_user_id, request_id)
      VALUES ('users.erase', 'User', $1, 'user', $2, 'forged')`
    expect(await codeOf(trace, [mallory.id, alice.id])).toBe(INSUFFICIENT_PRIVILEGE)
    expect(await codeOf(trace, [alice.id, mallory.id])).toBeNull()
  })
})

describe('ACC-17, BUG-08: the name of whom one acts for', () => {
  test('is gone when the transaction is, also on the same connection, also when it failed', async () => {
    const named = async () =>
      (
        await app.query<{ name: string | null }>(
          `SELECT nullif(current_setting('app.user_id', true), '') AS name`,
        )
      ).rows[0]?.name
    await actAs(alice.id)
    expect(await named()).toBe(alice.id)
    await app.query('COMMIT')
    expect(await named()).toBeNull()
    expect((await app.query('SELECT FROM users')).rowCount).toBe(0)

    await app.query('BEGIN')
    await actAs(alice.id)
    await app.query('SELECT 1 / 0').catch((error: pg.DatabaseError) => expect(error.code).toBe('22012'))
    await app.query('ROLLBACK')
    expect(await named()).toBeNull()
  })

  test('is never mixed up among many who share the connections', async () => {
    const db = openAccountsDatabase(accounts.database.appUrl, silentLogger)
    const people = [alice, mallory, alice.friend, alice.creator]
    try {
      const seen = await Promise.all(
        Array.from({ length: 40 }, async (_, turn) => {
          const { id } = people[turn % people.length]!
          const rows = await db.as({ userId: id }, (tx) => tx.user.findMany({ select: { id: true } }))
          return rows.length === 1 && rows[0]?.id === id
        }),
      )
      expect(seen).toEqual(seen.map(() => true))
      // By now each connection has been used on somebody's behalf; on nobody's, it shows nobody.
      const unsaid = await Promise.all(
        Array.from({ length: 40 }, () => db.read((client) => client.user.count())),
      )
      expect(unsaid).toEqual(unsaid.map(() => 0))
    } finally {
      await db.close()
    }
  })
})

describe('ACC-17: the role of the application', () => {
  test('is an ordinary one, and owns nothing', async () => {
    const [role] = await accounts.sql(
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         (SELECT count(*)::int FROM pg_auth_members WHERE member = pg_roles.oid) AS memberships,
         (SELECT count(*)::int FROM pg_class WHERE relowner = pg_roles.oid) AS owned
       FROM pg_roles WHERE rolname = 'accounts_app'`,
    )
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      memberships: 0,
      owned: 0,
    })
  })

  test('meets row-level security on every table, and the owner meets it too', async () => {
    const rows = await accounts.sql<{ table: string }>(
      `SELECT relname AS table, relrowsecurity AS enabled, relforcerowsecurity AS forced
       FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY($1)`,
      [tables],
    )
    expect(rows).toHaveLength(tables.length)
    for (const row of rows) expect(row).toEqual({ table: row.table, enabled: true, forced: true })

    const owner = new pg.Client({ connectionString: accounts.database.ownerUrl })
    await owner.connect()
    try {
      expect((await owner.query('SELECT FROM sessions')).rowCount).toBe(0)
      expect((await owner.query('UPDATE users SET bio = NULL')).rowCount).toBe(0)
    } finally {
      await owner.end()
    }
  })

  test.each([
    'ALTER TABLE users DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE users NO FORCE ROW LEVEL SECURITY',
    'DROP POLICY own_read ON users',
    'CREATE POLICY all_mine ON users USING (true)',
    'ALTER ROLE accounts_app BYPASSRLS',
    'SET ROLE accounts_owner',
    'SET ROLE postgres',
    'SET SESSION AUTHORIZATION accounts_owner',
    'GRANT accounts_owner TO accounts_app',
    'TRUNCATE users CASCADE',
    'DROP TABLE sessions',
    'ALTER TABLE audit_log DISABLE TRIGGER audit_log_chain',
    'UPDATE audit_log SET action = action',
    'DELETE FROM audit_log',
    'CREATE TABLE mine ()',
    'CREATE TEMP TABLE users AS SELECT 1',
    'CREATE VIEW everybody AS SELECT 1',
    'CREATE SCHEMA mine',
    `CREATE FUNCTION app_is_system() RETURNS boolean LANGUAGE sql AS 'SELECT true'`,
    `CREATE OR REPLACE FUNCTION app_user_id() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'`,
    'CREATE EXTENSION dblink',
    'SELECT * FROM pg_authid',
    `SELECT pg_read_file('/etc/passwd')`,
    `COPY users TO PROGRAM 'cat'`,
    `INSERT INTO user_profiles (id, username) VALUES (gen_random_uuid(), 'x')`,
    `UPDATE user_profiles SET bio = ''`,
    'DELETE FROM user_profiles',
    'UPDATE facts SET payload = payload',
    'DELETE FROM facts',
    'UPDATE stream_heads SET seq = 0',
    'SELECT bump_stream_epoch()',
    `SELECT append_follows('{}')`,
    'UPDATE follower_counts SET followers = 0',
    'UPDATE followed_targets SET followers = 0',
    `SELECT add_to_follower_counts('{}', '{}')`,
    `SELECT take_from_follower_counts('{}', '{}')`,
    'SELECT verify_follower_counts()',
  ])('may not: %s', async (statement) => {
    expect(await codeOf(statement)).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test('is refused, not shown all, when it turns row security off', async () => {
    await app.query('SET LOCAL row_security = off')
    expect(await codeOf('SELECT * FROM users')).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test('cannot make the functions of the owner read a table of its own', async () => {
    // They name their schema; a search path of the caller's must not decide what `user_blocks` is.
    await app.query(`SET LOCAL search_path = pg_temp, public`)
    await actAs(alice.id)
    const { rows } = await app.query('SELECT public.is_block_between_caller_and($1) AS blocked', [
      alice.blocked.id,
    ])
    expect(rows).toEqual([{ blocked: true }])
  })
})

/** Tries every verb on every one of these rows; each must be refused, or find nothing to do. */
async function expectNoWriteTo(rows: Awaited<ReturnType<typeof rowsNaming>>): Promise<void> {
  expect(rows.length).toBeGreaterThan(10)
  const succeeded: object[] = []
  for (const { table, row } of rows) {
    const columns = Object.keys(row).filter((column) => `${table}.${column}` !== GENERATED)
    const same = columns.map((column) => `"${column}" = entry."${column}"`)
    const statements = {
      update: `UPDATE "${table}" AS entry SET ${same.join(', ')} WHERE to_jsonb(entry) = $1::jsonb`,
      delete: `DELETE FROM "${table}" AS entry WHERE to_jsonb(entry) = $1::jsonb`,
      insert: `INSERT INTO "${table}" OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::"${table}", $1::jsonb)`,
    }
    for (const [verb, text] of Object.entries(statements)) {
      await app.query('SAVEPOINT before')
      const outcome = await app.query(text, [JSON.stringify(row)]).then(
        ({ rowCount }) => rowCount,
        (error: pg.DatabaseError) => error.code,
      )
      await app.query('ROLLBACK TO SAVEPOINT before')
      const refused = outcome === INSUFFICIENT_PRIVILEGE || (outcome === 0 && verb !== 'insert')
      if (!refused) succeeded.push({ verb, table, row, outcome })
    }
  }
  expect(succeeded).toEqual([])
}
