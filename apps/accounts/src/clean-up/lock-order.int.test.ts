import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import pg from 'pg'
import { type Database, openAccountsDatabase } from '../db.ts'
import { untilWaiting } from '../testing/held.ts'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'
import { createCleanUp } from './clean-up.ts'

const ERASE = 'mutation ($input: EraseAccountInput!) { eraseAccount(input: $input) { erasure { state } } }'

let accounts: AccountsHarness
let db: Database
let another: pg.Client
beforeEach(async () => {
  accounts = await openAccounts()
  db = openAccountsDatabase(accounts.database.appUrl, silentLogger)
  another = new pg.Client({ connectionString: accounts.database.adminUrl })
  await another.connect()
})
afterEach(async () => {
  await another.end()
  await db.close()
  await accounts.close()
})

const cleanUp = () =>
  createCleanUp({ db, clock: accounts.clock, log: silentLogger })(new AbortController().signal)

/** With more than one fact each, all told a month ago. */
async function followersOfOld(count: number): Promise<Person[]> {
  const people: Person[] = []
  for (let place = 0; place < count; place++) {
    const person = await accounts.person()
    for (const teamId of [randomUUID(), randomUUID()]) {
      await accounts.sql(
        'INSERT INTO follows (id, follower_id, team_id) VALUES (gen_random_uuid(), $1, $2)',
        [person.id, teamId],
      )
    }
    people.push(person)
  }
  await accounts.sql(`UPDATE facts SET recorded_at = now() - (100 - seq) * interval '1 day'`)
  return people.toSorted((one, two) => (one.id < two.id ? -1 : 1))
}

describe('cleaning up what people followed', () => {
  test('holds one person up at a time, and never the whole log while it waits', async () => {
    const [first, second] = (await followersOfOld(2)) as [Person, Person]
    await another.query('BEGIN')
    await another.query('SELECT FROM stream_heads WHERE stream = $1 FOR UPDATE', [`follows:${second.id}`])
    const cleaning = cleanUp()
    await untilWaiting(accounts, 1)
    const free = await accounts.sql(
      `SELECT (SELECT count(*)::int FROM (SELECT FROM stream_log FOR UPDATE SKIP LOCKED) AS log) AS log,
         (SELECT count(*)::int FROM (SELECT FROM stream_heads WHERE stream = $1 FOR UPDATE SKIP LOCKED) AS head) AS head`,
      [`follows:${first.id}`],
    )
    await another.query('COMMIT')
    expect(free).toEqual([{ log: 1, head: 1 }])
    expect((await cleaning)['facts']).toBe(2)
  })

  test('waits in no circle with an erasure and with the retention of access changes', async () => {
    const [, erased] = (await followersOfOld(2)) as [Person, Person]
    // A change of access from long ago, which retention removes.
    await accounts.sql(
      `SELECT append_facts(jsonb_build_array(jsonb_build_object('stream', 'access:all', 'key', gen_random_uuid(),
         'type', 'access-changed', 'payload', '{}'::jsonb, 'payloadVersion', 1, 'occurredAt', now())))`,
    )
    await accounts.sql(
      `UPDATE facts SET recorded_at = now() - interval '30 days' WHERE stream = 'access:all'`,
    )
    await another.query('BEGIN')
    await another.query(`SELECT FROM stream_heads WHERE stream = 'access:all' FOR UPDATE`)
    // The erasure has told of the follows that it removed, and waits to tell of the access.
    const erasing = erased.ok(ERASE, { input: { confirm: erased.username } })
    await untilWaiting(accounts, 1)
    const cleaning = cleanUp()
    await untilWaiting(accounts, 2)
    // Sooner than Postgres would break the circle by failing one of the three.
    await another.query(`SET LOCAL lock_timeout = '500ms'`)
    const { rows } = await another.query(`SELECT remove_facts('access:all', now(), 10) AS removed`)
    await another.query('COMMIT')
    expect(rows).toEqual([{ removed: 1 }])
    await erasing
    expect((await cleaning)['facts']).toBeGreaterThan(0)
  })
})
