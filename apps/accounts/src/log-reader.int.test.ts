import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createFactPages } from '@courtside/events'
import { silentLogger } from '@courtside/logger'
import pg from 'pg'
import { openAccountsDatabase } from './db.ts'
import { arrangeAlice } from './testing/alice.ts'
import { type AccountsHarness, openAccounts } from './testing/open-accounts.ts'

const INSUFFICIENT_PRIVILEGE = '42501'

let accounts: AccountsHarness
let reader: pg.Client
let tables: string[]
beforeAll(async () => {
  accounts = await openAccounts()
  const alice = await arrangeAlice(accounts)
  await alice.ok('mutation ($teamId: ID!) { follow(input: { teamId: $teamId }) { followedAt } }', {
    teamId: '0197b1de-0000-7000-8000-000000000001',
  })
  const names = await accounts.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')`,
  )
  tables = names.map(({ name }) => name)
  reader = new pg.Client({ connectionString: accounts.database.logReaderUrl })
  await reader.connect()
  // What any session may say of itself. It must open nothing.
  await reader.query(`SELECT set_config('app.system', 'on', false), set_config('app.user_id', $1, false)`, [
    alice.id,
  ])
})
afterAll(async () => {
  await reader.end()
  await accounts.close()
})

const codeOf = (text: string, values: unknown[] = []) =>
  reader.query(text, values).then(
    () => null,
    (error: pg.DatabaseError) => error.code ?? String(error),
  )

describe('who reads the log of accounts for another subgraph', () => {
  test('reads its facts page by page, as a feed does', async () => {
    const db = openAccountsDatabase(accounts.database.logReaderUrl, silentLogger)
    try {
      const { facts, epoch } = await createFactPages(db).page({ txId: 0n, id: 0n }, 100)
      expect(epoch).toBe(1)
      expect(facts.map(({ fact }) => fact.type)).toContain('teams-followed')
    } finally {
      await db.close()
    }
  })

  test('reads no other table, and of a fact neither who acted nor in which request', async () => {
    const open: string[] = []
    for (const table of tables) if ((await codeOf(`SELECT * FROM "${table}"`)) === null) open.push(table)
    expect(tables.length).toBeGreaterThan(15)
    expect(open).toEqual([])
    for (const column of ['actor_user_id', 'actor_api_key_id', 'request_id', 'trace_id', 'key']) {
      expect(await codeOf(`SELECT ${column} FROM facts`)).toBe(INSUFFICIENT_PRIVILEGE)
    }
    expect(await codeOf('SELECT payload FROM facts')).toBeNull()
  })

  test.each([
    `INSERT INTO facts (stream) VALUES ('access:all')`,
    'UPDATE facts SET payload = payload',
    'DELETE FROM facts',
    'UPDATE stream_heads SET floor = 0',
    `SELECT append_facts('[]')`,
    `SELECT remove_facts('access:all', now(), 1)`,
    'SELECT bump_stream_epoch()',
    `SELECT append_follows('{}')`,
    `SELECT user_id_of('alice')`,
    `SELECT is_block_between_caller_and('0197b1de-0000-7000-8000-000000000001')`,
    'SELECT verify_audit_log()',
    'SELECT id FROM users',
    'CREATE TABLE mine ()',
    'CREATE TEMPORARY TABLE mine ()',
    'SET ROLE accounts_owner',
    'SET ROLE accounts_app',
  ])('may not: %s', async (statement) => {
    expect(await codeOf(statement)).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test('is an ordinary role', async () => {
    const [role] = await accounts.sql(
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles
       WHERE rolname = 'accounts_log_reader'`,
    )
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
    })
  })
})
