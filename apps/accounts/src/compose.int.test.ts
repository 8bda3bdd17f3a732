import { createIdentityVerifier, generateIdentityKeys } from '@courtside/auth'
import { type StreamSettings, throwAwayStreamSettings } from '@courtside/events'
import { createMetrics } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { cloneDatabase } from '@courtside/testing'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import { composeAccounts } from './compose.ts'
import { TEST_SECRET } from './testing/open-accounts.ts'

type Observe = NonNullable<StreamSettings['metrics']>['observe']
type LogFigures = Parameters<Observe>[1]

let database: Awaited<ReturnType<typeof cloneDatabase>>
beforeAll(async () => {
  database = await cloneDatabase('accounts')
})
afterAll(() => database.drop())

/** On a connection of its own: by then another that was begun before it has been made too. */
async function sessionsOfAccounts(): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.adminUrl })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
  await client.end()
  return rows.map(({ name }) => name)
}

test('what cannot be composed leaves nothing open, however late it fails', async () => {
  const { publicKey } = await generateIdentityKeys()
  const metrics = createMetrics()
  // There cannot be two of a name, so what comes last throws.
  metrics.counter('courtside_accounts_clean_up_rows_total', 'Taken', [])
  let figures: LogFigures | undefined
  const streams = {
    ...throwAwayStreamSettings(),
    metrics: { observe: (_name: string, given: LogFigures) => void (figures = given) },
  }
  const composing = composeAccounts({
    databaseUrl: database.appUrl,
    identity: await createIdentityVerifier(publicKey, 'accounts'),
    secret: TEST_SECRET,
    log: silentLogger,
    introspection: false,
    metrics,
    streams,
  })
  await expect(composing).rejects.toThrow('two metrics named')
  // Time enough for a session that listens to have been made.
  for (let times = 0; times < 5; times++) await sessionsOfAccounts()
  expect(figures?.bus().status).toBe('down')
  while ((await sessionsOfAccounts()).length > 0) continue
})
