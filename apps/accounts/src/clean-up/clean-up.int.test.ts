import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHttpEdge, createMetrics, type Metrics } from '@courtside/http'
import { createRecordedLog, type RecordedLog } from '@courtside/testing'
import pg from 'pg'
import { type Database, openAccountsDatabase } from '../db.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { join, type Member } from '../testing/signed-in.ts'
import { type CleanUp, createCleanUp } from './clean-up.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let accounts: AccountsHarness
let db: Database
let metrics: Metrics
let log: RecordedLog
let job: CleanUp
beforeEach(async () => {
  accounts = await openAccounts()
  log = createRecordedLog()
  metrics = createMetrics()
  db = openAccountsDatabase(accounts.database.appUrl, log)
  job = createCleanUp({ db, clock: accounts.clock, log, metrics })
})
afterEach(async () => {
  await db.close()
  await accounts.close()
})

const cleanUp = (signal = new AbortController().signal) => job(signal)
const left = async (table: string) => (await accounts.sql(`SELECT FROM ${table}`)).length
const at = (milliseconds: number) => new Date(accounts.clock.now().getTime() + milliseconds)
async function metricText(): Promise<string> {
  const edge = createHttpEdge({ log, routes: [metrics.route] })
  const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
  const response = await fetch(`${url}/metrics`, { headers: { connection: 'close' } })
  const said = await response.text()
  await edge.drain(1_000)
  return said
}

describe('ACC-04: cleaning up', () => {
  test('removes sessions that ran out or were revoked a month ago, and no others', async () => {
    const alive = await join(accounts)
    const expired = await join(accounts, 'expired')
    const idle = await join(accounts, 'idle')
    const revokedNow = await join(accounts, 'now')
    const revokedLong = await join(accounts, 'long')
    const set = ({ sessionId }: Member, column: string, value: Date) =>
      accounts.sql(`UPDATE sessions SET ${column} = $2 WHERE id = $1`, [sessionId, value])
    await set(idle, 'idle_expires_at', at(0))
    await set(expired, 'idle_expires_at', at(-1))
    await set(expired, 'expires_at', at(0))
    await set(revokedNow, 'revoked_at', at(-30 * DAY_MS + 1))
    await set(revokedLong, 'revoked_at', at(-30 * DAY_MS))
    expect((await cleanUp())['sessions']).toBe(3)
    const rows = await accounts.sql<{ id: string }>('SELECT id FROM sessions')
    expect(rows.map(({ id }) => id).sort()).toEqual([alive.sessionId, revokedNow.sessionId].sort())
  })

  test('forgets failed sign-ins after a day', async () => {
    const count = 'INSERT INTO sign_in_throttles (key, failures, last_failure_at) VALUES ($1, 1, $2)'
    await accounts.sql(count, [Buffer.from('old'), at(-DAY_MS)])
    await accounts.sql(count, [Buffer.from('new'), at(-DAY_MS + 1)])
    expect([(await cleanUp())['sign_in_throttles'], await left('sign_in_throttles')]).toEqual([1, 1])
  })

  test('removes invitations a day after they ran out, or a month after they were accepted', async () => {
    const add = (expires: number, accepted: number | null) =>
      accounts.sql(
        `INSERT INTO invitations (id, token_hash, roles, expires_at, accepted_at) VALUES ($1, $2, '{admin}', $3, $4)`,
        [randomUUID(), Buffer.from(randomUUID()), at(expires), accepted === null ? null : at(accepted)],
      )
    await add(-DAY_MS, null)
    await add(-DAY_MS + 1, null)
    await add(-60 * DAY_MS, -30 * DAY_MS)
    await add(-60 * DAY_MS, -30 * DAY_MS + 1)
    expect([(await cleanUp())['invitations'], await left('invitations')]).toEqual([2, 2])
  })

  test('removes keys that verify nothing any more', async () => {
    await join(accounts)
    expect((await cleanUp())['signing_keys']).toBe(0)
    accounts.clock.advance(60 * DAY_MS)
    expect([(await cleanUp())['signing_keys'], await left('signing_keys')]).toEqual([1, 0])
  })

  test('forgets sessions of other issuers after a year', async () => {
    const revoke =
      'INSERT INTO revoked_external_sessions (provider, session_id, revoked_at) VALUES ($1, $2, $3)'
    await accounts.sql(revoke, ['https://issuer.example', 'old', at(-365 * DAY_MS)])
    await accounts.sql(revoke, ['https://issuer.example', 'new', at(-365 * DAY_MS + 1)])
    expect((await cleanUp())['revoked_external_sessions']).toBe(1)
  })

  test('forgets what people followed once, a week after they changed it, and never what they follow', async () => {
    const member = await join(accounts)
    const quiet = await join(accounts, 'quiet')
    const follow = (userId: string) =>
      accounts.sql('INSERT INTO follows (id, follower_id, team_id) VALUES (gen_random_uuid(), $1, $2)', [
        userId,
        randomUUID(),
      ])
    await follow(quiet.id)
    for (const days of [9, 8, 7, 6, 0]) {
      await follow(member.id)
      await accounts.sql(
        `UPDATE facts SET recorded_at = $2 WHERE stream = $1 AND seq = (SELECT max(seq) FROM facts WHERE stream = $1)`,
        [`follows:${member.id}`, at(-days * DAY_MS - 1)],
      )
    }
    await accounts.sql('UPDATE facts SET recorded_at = $2 WHERE stream = $1', [
      `follows:${quiet.id}`,
      at(-100 * DAY_MS),
    ])
    expect((await cleanUp())['facts']).toBe(3)
    const kept = await accounts.sql<{ teams: number }>(
      `SELECT jsonb_array_length(payload -> 'teamIds') AS teams FROM facts WHERE stream = $1 ORDER BY seq`,
      [`follows:${member.id}`],
    )
    expect(kept.map(({ teams }) => teams)).toEqual([4, 5])
    accounts.clock.advance(60 * DAY_MS)
    expect((await cleanUp())['facts']).toBe(1)
    expect(await accounts.sql(`SELECT FROM facts WHERE stream LIKE 'follows:%'`)).toHaveLength(2)
  })

  test('forgets whoever follows no team any more altogether, a week after they were erased', async () => {
    const [erased, stays] = [await join(accounts), await join(accounts, 'stays')]
    const team = randomUUID()
    for (const { id } of [erased, stays]) {
      await accounts.sql(
        'INSERT INTO follows (id, follower_id, team_id) VALUES (gen_random_uuid(), $1, $2)',
        [id, team],
      )
    }
    await accounts.sql('DELETE FROM follows WHERE follower_id = $1', [erased.id])
    const recorded = (time: Date) =>
      accounts.sql(`UPDATE facts SET recorded_at = $1 WHERE stream LIKE 'follows:%'`, [time])
    await recorded(at(-7 * DAY_MS + 1))
    expect(await cleanUp()).not.toHaveProperty('facts')
    await recorded(at(-7 * DAY_MS - 1))
    expect((await cleanUp())['facts']).toBe(2)
    expect(await accounts.sql(`SELECT stream FROM facts WHERE stream LIKE 'follows:%'`)).toEqual([
      { stream: `follows:${stays.id}` },
    ])
    // Their numbers are never given again.
    expect(
      await accounts.sql('SELECT seq::int, floor::int FROM stream_heads WHERE stream = $1', [
        `follows:${erased.id}`,
      ]),
    ).toEqual([{ seq: 2, floor: 2 }])
  })

  test('forgets it of however many people, and of whoever changed it how often', async () => {
    const change = (person: string, times: number) =>
      accounts.sql(
        `SELECT append_facts(jsonb_agg(jsonb_build_object('stream', 'follows:' || person, 'key', gen_random_uuid(),
           'type', 'teams-followed', 'payload', '{}'::jsonb, 'payloadVersion', 1, 'occurredAt', now())))
         FROM ${person} AS people(person), generate_series(1, $1)`,
        [times],
      )
    await change('generate_series(1, 1001)', 3)
    await change("(SELECT 'keen')", 120)
    await accounts.sql(`UPDATE facts SET recorded_at = $1::timestamptz + seq * interval '1 s'`, [
      at(-8 * DAY_MS),
    ])
    expect((await cleanUp())['facts']).toBe(1001 * 2 + 119)
    expect(await left('facts')).toBe(1002)
  })

  test('removes many thousands batch by batch, counts them and tells', async () => {
    await accounts.sql(
      `INSERT INTO sign_in_throttles (key, failures, last_failure_at)
       SELECT decode(md5(n::text), 'hex'), 1, $1::timestamptz FROM generate_series(1, 2500) AS n`,
      [at(-2 * DAY_MS)],
    )
    expect((await cleanUp())['sign_in_throttles']).toBe(2_500)
    expect(await metricText()).toContain(
      'courtside_accounts_clean_up_rows_total{table="sign_in_throttles"} 2500',
    )
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'info',
        message: 'Removed what has ended',
        fields: { rows: expect.objectContaining({ sign_in_throttles: 2_500, sessions: 0 }) },
      }),
    )
  })

  test('is left to the process that does it already', async () => {
    await accounts.sql(
      `INSERT INTO sign_in_throttles (key, failures, last_failure_at) VALUES ('old', 1, $1)`,
      [at(-2 * DAY_MS)],
    )
    const other = new pg.Client({ connectionString: accounts.database.appUrl })
    await other.connect()
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('clean-up', 0))`)
    expect([await cleanUp(), await left('sign_in_throttles')]).toEqual([{}, 1])
    await other.query('COMMIT')
    await other.end()
    expect((await cleanUp())['sign_in_throttles']).toBe(1)
  })

  test('stops when it is told to', async () => {
    expect(await cleanUp(AbortSignal.abort())).toEqual({})
  })
})
