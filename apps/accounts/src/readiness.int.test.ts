import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AccountsHarness, openAccounts } from './testing/open-accounts.ts'

let accounts: AccountsHarness
beforeAll(async () => {
  accounts = await openAccounts()
})
afterAll(() => accounts.close())

test('a database that lets nobody in is told to whoever probes, and why to the log', async () => {
  const name = new URL(accounts.database.adminUrl).pathname.slice(1)
  // Holds for everybody but superusers.
  await accounts.sql(`ALTER DATABASE "${name}" CONNECTION LIMIT 0`)
  await accounts.sql(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND usename = 'accounts_app'`,
    [name],
  )
  expect(await accounts.subgraph.readiness.problems()).toEqual(['the database does not answer'])
  const [line] = accounts.log.lines.filter(({ message }) => message === 'The database does not answer')
  expect(line).toMatchObject({ level: 'warn', fields: { subgraph: 'accounts' } })
  expect(inspect(line?.fields['err'], { depth: null })).toMatch(/too many connections/)
})
