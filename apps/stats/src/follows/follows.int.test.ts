import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHttpEdge, createMetrics, type Metrics } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { openStatsDatabase } from '../db.ts'
import { type Followers, openFollowers } from '../testing/followers.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { FOLLOWS_FEED } from './follows.feed.ts'
import { teamFollowers } from './team-followers.repository.ts'

let followers: Followers
let stats: StatsHarness
beforeEach(async () => {
  followers = await openFollowers()
})
afterEach(async () => {
  await stats.close()
  await followers.close()
})

const start = async (metrics = createMetrics()) => {
  stats = await openStats({ accountsLogUrl: followers.accountsLogUrl, metrics })
}

const teamsOf = async (userId: string): Promise<string[] | null> => {
  const [row] = await stats.sql<{ team_ids: string[] }>(
    'SELECT team_ids FROM team_followers WHERE user_id = $1',
    [userId],
  )
  return row?.team_ids ?? null
}

/** Asks until it is so; the test's own time limit is the limit. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) continue
}
const untilTeams = (userId: string, ...teamIds: readonly string[]) =>
  until(
    async () => JSON.stringify((await teamsOf(userId))?.toSorted()) === JSON.stringify(teamIds.toSorted()),
  )

const changesTold = async (whose: string) =>
  (await stats.sql('SELECT seq FROM facts WHERE stream = $1', [`followed-teams:${whose}`])).length

describe('who follows which teams', () => {
  test('was so before stats first began, and is known here then', async () => {
    const [anna, bert] = [await followers.person(), await followers.person()]
    const [lions, bears] = [randomUUID(), randomUUID()]
    await followers.follow(anna, lions, bears)
    await followers.follow(bert, bears)
    await start()
    await untilTeams(anna, lions, bears)
    await untilTeams(bert, bears)
  })

  test('is taken in whatever an id looks like that accounts took: it cannot know which teams there are', async () => {
    await start()
    const anna = await followers.person()
    const invented = '00000000-0000-0000-0000-000000000001'
    await followers.follow(anna, invented)
    await untilTeams(anna, invented)
  })

  test('changes with every follow and unfollow, and ends with the account', async () => {
    await start()
    const anna = await followers.person()
    const [lions, bears] = [randomUUID(), randomUUID()]
    await followers.follow(anna, lions)
    await untilTeams(anna, lions)
    await followers.follow(anna, bears)
    await untilTeams(anna, lions, bears)
    await followers.unfollow(anna, lions)
    await untilTeams(anna, bears)
    const told = await changesTold(anna)
    await followers.remove(anna)
    await until(async () => (await teamsOf(anna)) === null)
    // So that a subscription of theirs leaves their teams.
    expect(await changesTold(anna)).toBe(told + 1)
  })

  test('is kept of nobody who follows none', async () => {
    await start()
    const anna = await followers.person()
    const lions = randomUUID()
    await followers.follow(anna, lions)
    await untilTeams(anna, lions)
    await followers.unfollow(anna, lions)
    await until(async () => (await teamsOf(anna)) === null)
    await followers.follow(anna, lions)
    await untilTeams(anna, lions)
  })

  test('holds both of two that are followed at the same moment', async () => {
    const anna = await followers.person()
    const [lions, bears] = [randomUUID(), randomUUID()]
    const two = await Promise.all([followers.connect(), followers.connect()])
    const insert = 'INSERT INTO follows (id, follower_id, team_id) VALUES (gen_random_uuid(), $1, $2)'
    await two[0].query('BEGIN')
    await two[0].query(insert, [anna, lions])
    const second = two[1].query(insert, [anna, bears])
    await until(async () => (await followers.sql(WAITING)).length > 0)
    await two[0].query('COMMIT')
    await second
    await Promise.all(two.map((client) => client.end()))
    await start()
    await untilTeams(anna, lions, bears)
  })

  test('has no part in a follow that was rolled back', async () => {
    const anna = await followers.person()
    await followers.sql('BEGIN')
    await followers.follow(anna, randomUUID())
    await followers.sql('ROLLBACK')
    expect(await followers.sql('SELECT FROM facts')).toEqual([])
    const lions = randomUUID()
    await followers.follow(anna, lions)
    await start()
    await untilTeams(anna, lions)
    expect(await changesTold(anna)).toBe(1)
  })
})

describe('the feed', () => {
  test('takes each fact once, also when its connections are cut again and again', async () => {
    await start()
    const people: string[] = []
    const team = randomUUID()
    for (let count = 0; count < 5; count++) {
      const person = await followers.person()
      people.push(person)
      await followers.follow(person, team)
      await untilTeams(person, team)
      // Its lock, and whatever it does at this moment.
      await stats.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'courtside%'`,
      )
      await followers.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = 'accounts_log_reader'`,
      )
    }
    const last = await followers.person()
    await followers.follow(last, team)
    await untilTeams(last, team)
    for (const person of people) expect(await changesTold(person)).toBe(1)
  })

  test('begins anew when the log of accounts was restored, and keeps nothing that is no longer there', async () => {
    const [anna, bert] = [await followers.person(), await followers.person()]
    const [lions, bears] = [randomUUID(), randomUUID()]
    await followers.follow(anna, lions)
    await followers.follow(bert, bears)
    await start()
    await untilTeams(anna, lions)
    await untilTeams(bert, bears)
    // As a restore from before Bert would leave it.
    await followers.sql('DELETE FROM facts WHERE stream = $1', [`follows:${bert}`])
    await followers.sql('DELETE FROM stream_heads WHERE stream = $1', [`follows:${bert}`])
    await followers.sql('SELECT bump_stream_epoch()')
    await until(async () => (await teamsOf(bert)) === null)
    await untilTeams(anna, lions)
    expect(await changesTold('all')).toBe(1)
  })

  test('puts aside what it cannot read, and goes on with the rest', async () => {
    await start()
    const [anna, bert] = [await followers.person(), await followers.person()]
    await followers.sql(
      `SELECT append_facts(jsonb_build_array(jsonb_build_object('stream', 'follows:' || $1::text, 'key',
         gen_random_uuid(), 'type', 'teams-followed', 'payload', '{"teamIds": "all"}'::jsonb, 'payloadVersion', 1,
         'occurredAt', now())))`,
      [anna],
    )
    const lions = randomUUID()
    await followers.follow(bert, lions)
    await untilTeams(bert, lions)
    const letters = await stats.sql('SELECT feed, stream, attempts FROM feed_dead_letters')
    expect(letters).toEqual([{ feed: FOLLOWS_FEED, stream: `follows:${anna}`, attempts: 5 }])
    await followers.follow(anna, lions)
    await untilTeams(anna, lions)
  })

  test('puts nothing aside any longer of somebody who follows none: tried again, it would bring them back', async () => {
    await start()
    const [anna, bert, lions] = [await followers.person(), await followers.person(), randomUUID()]
    const unreadable = (userId: string) =>
      followers.sql(
        `SELECT append_facts(jsonb_build_array(jsonb_build_object('stream', 'follows:' || $1::text, 'key',
           gen_random_uuid(), 'type', 'teams-followed', 'payload', '{"teamIds": "all"}'::jsonb, 'payloadVersion', 1,
           'occurredAt', now())))`,
        [userId],
      )
    const streamsAside = () => stats.sql('SELECT stream FROM feed_dead_letters ORDER BY failed_at')
    await unreadable(bert)
    await unreadable(anna)
    await until(async () => (await streamsAside()).length === 2)
    await followers.follow(anna, lions)
    await untilTeams(anna, lions)
    await followers.remove(anna)
    await until(async () => (await teamsOf(anna)) === null)
    expect(await streamsAside()).toEqual([{ stream: `follows:${bert}` }])
  })

  test('is not set back by what is told again later', async () => {
    await start()
    const database = openStatsDatabase(stats.database.appUrl, silentLogger)
    const [userId, lions, bears] = [randomUUID(), randomUUID(), randomUUID()]
    const put = (seq: number, teamIds: string[], epoch = 1) =>
      database.transaction((tx) => teamFollowers.put(tx, { userId, teamIds, epoch, seq }))
    try {
      expect(await put(2, [lions])).toBe(true)
      expect(await put(1, [bears])).toBe(false)
      expect(await put(2, [bears])).toBe(false)
      expect(await teamsOf(userId)).toEqual([lions])
      expect(await put(1, [bears], 2)).toBe(true)
      expect(await teamsOf(userId)).toEqual([bears])
      expect(await put(1, [], 2)).toBe(false)
      expect(await put(2, [])).toBe(false)
      expect(await teamsOf(userId)).toEqual([bears])
      expect(await put(2, [], 2)).toBe(true)
      expect(await teamsOf(userId)).toBeNull()
      expect(await put(3, [], 2)).toBe(false)
      expect(await teamsOf(userId)).toBeNull()
    } finally {
      await database.close()
    }
  })

  test('tells how far it has come', async () => {
    const metrics = createMetrics()
    await start(metrics)
    const [anna, lions] = [await followers.person(), randomUUID()]
    await followers.follow(anna, lions)
    await untilTeams(anna, lions)
    const about = (name: string) => `${name}{feed="${FOLLOWS_FEED}"}`
    await until(async () => (await textOf(metrics)).includes(`${about('courtside_feeds_facts_total')} 1`))
    const text = await textOf(metrics)
    expect(text).toContain(`${about('courtside_feeds_active')} 1`)
    expect(text).toContain(about('courtside_feeds_lag_seconds'))
  })

  test('passes by what accounts tells of other things', async () => {
    await start()
    await followers.sql(
      `SELECT append_facts(jsonb_build_array(jsonb_build_object('stream', 'access:all', 'key', gen_random_uuid(),
         'type', 'access-changed', 'payload', '{}'::jsonb, 'payloadVersion', 1, 'occurredAt', now())))`,
    )
    const [anna, lions] = [await followers.person(), randomUUID()]
    await followers.follow(anna, lions)
    await untilTeams(anna, lions)
    expect(await stats.sql('SELECT FROM feed_dead_letters')).toEqual([])
  })
})

const WAITING = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

async function textOf({ route }: Metrics): Promise<string> {
  const edge = createHttpEdge({ log: silentLogger, routes: [route] })
  const { url } = await edge.listen({ host: '127.0.0.1', port: 0 })
  const response = await fetch(`${url}/metrics`, { headers: { connection: 'close' } })
  const text = await response.text()
  await edge.drain(1_000)
  return text
}
