import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Cluster } from '../embedded/index.ts'
import {
  copyLeague,
  type League,
  type LeagueDatabase,
  prepareLeagueDatabase,
  run,
  startThrowAwayCluster,
} from './fixtures/league.ts'
import {
  deploy,
  emptyDatabase,
  isCurrent,
  prepareDatabase,
  recreateDatabase,
  unindexedForeignKeys,
} from './index.ts'

const ANNA = '00000000-0000-4000-8000-00000000000a'
const BERT = '00000000-0000-4000-8000-00000000000b'

let cluster: Cluster
let league: League
let database: LeagueDatabase

beforeAll(async () => {
  cluster = await startThrowAwayCluster()
  league = await copyLeague()
  database = await prepareLeagueDatabase(cluster)
  await deploy(league.subgraph, database.owner)
  await run(
    database.admin,
    `INSERT INTO note VALUES (gen_random_uuid(), '${ANNA}', 'of Anna'), (gen_random_uuid(), '${BERT}', 'of Bert')`,
  )
})
afterAll(async () => {
  await cluster.stop()
  await league.remove()
})

const asUser = (id: string, sql: string) =>
  run(database.app, `BEGIN; SELECT set_config('app.user_id', '${id}', true); ${sql}`)

describe('the application', () => {
  test.each([
    ['create a table', 'CREATE TABLE mine ()', /permission denied for schema public/],
    [
      'create a temporary table',
      'CREATE TEMPORARY TABLE mine ()',
      /permission denied to create temporary tables/,
    ],
    ['alter a table', 'ALTER TABLE club ADD COLUMN mine int', /must be owner of table club/],
    [
      'switch row-level security off',
      'ALTER TABLE note DISABLE ROW LEVEL SECURITY',
      /must be owner of table note/,
    ],
    ['truncate', 'TRUNCATE club', /permission denied/],
    ['update a column that it was not granted', 'UPDATE note SET user_id = id', /permission denied/],
    [
      'call a function that it was not granted',
      'SELECT trim_name()',
      /permission denied for function trim_name/,
    ],
    ['rewrite the history of migrations', 'DELETE FROM _prisma_migrations', /permission denied/],
    ['become the owner', 'SET ROLE league_owner', /permission denied to set role/],
    ['make a role', 'CREATE ROLE mine', /permission denied to create role/],
    ['make a database', 'CREATE DATABASE mine', /permission denied to create database/],
  ])('cannot %s', async (_, sql, refusal) => {
    await expect(run(database.app, sql)).rejects.toThrow(refusal)
  })

  test('sees the rows of its user only, and without a user none', async () => {
    expect(await asUser(ANNA, 'SELECT body FROM note')).toEqual([{ body: 'of Anna' }])
    expect(await run(database.app, 'SELECT body FROM note')).toEqual([])
    await expect(
      asUser(ANNA, `INSERT INTO note VALUES (gen_random_uuid(), '${BERT}', 'forged')`),
    ).rejects.toThrow(/violates row-level security policy/)
  })

  test('may do what the migrations grant', async () => {
    await run(database.app, `INSERT INTO appearance VALUES ('${ANNA}', now())`)
    await run(database.app, `DELETE FROM club`)
    expect(await asUser(ANNA, `UPDATE note SET body = 'changed' RETURNING body`)).toEqual([
      { body: 'changed' },
    ])
  })

  test('GW-05: is not who reads the log, and neither enters a database of another subgraph', async () => {
    const passwords = {
      ownerPassword: 'o',
      appPassword: 'a',
      logReaderPassword: cluster.rolePassword('log_reader', 'reserve'),
    }
    await prepareDatabase(cluster.adminUrl(), 'reserve', passwords)
    const reader = (name?: string) => cluster.roleUrl('log_reader', 'reserve', name)
    expect(await run(reader(), 'SELECT current_user')).toEqual([{ current_user: 'reserve_log_reader' }])
    await expect(run(reader(), 'CREATE TABLE mine ()')).rejects.toThrow(/permission denied for schema public/)
    await expect(run(reader(), 'SET ROLE reserve_app')).rejects.toThrow(/permission denied to set role/)
    await expect(run(reader(new URL(database.app).pathname.slice(1)), 'SELECT 1')).rejects.toThrow(
      /permission denied for database/,
    )
    expect(
      await run(
        cluster.adminUrl(),
        `SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = 'reserve_log_reader'`,
      ),
    ).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false }])
  })

  test('GW-05: cannot enter a database of another subgraph', async () => {
    await prepareDatabase(cluster.adminUrl(), 'cup', { ownerPassword: 'o', appPassword: 'a' })
    await expect(run(cluster.roleUrl('app', 'league', 'cup'), 'SELECT 1')).rejects.toThrow(
      /permission denied for database/,
    )
  })
})

describe('the owner', () => {
  test('is an ordinary role too', async () => {
    const [role] = await run(
      database.owner,
      'SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user',
    )
    expect(role).toEqual({ rolsuper: false, rolcreatedb: false, rolcreaterole: false, rolbypassrls: false })
    // The policy is forced.
    expect(await run(database.owner, 'SELECT body FROM note')).toEqual([])
  })
})

describe('preparing a database', () => {
  test('can be done by many at the same time, and again', async () => {
    const passwords = { ownerPassword: 'o', appPassword: `quoted ' and "` }
    await Promise.all(
      Array.from({ length: 6 }, () => prepareDatabase(cluster.adminUrl(), 'crowd', passwords)),
    )
    await prepareDatabase(cluster.adminUrl(), 'crowd', passwords)
    const url = new URL(cluster.roleUrl('app', 'crowd'))
    url.password = encodeURIComponent(passwords.appPassword)
    expect(await run(url.href, 'SELECT current_user')).toEqual([{ current_user: 'crowd_app' }])
  })
})

describe('deleting the data', () => {
  test('of an embedded database makes it anew, whoever is connected', async () => {
    await recreateDatabase(league.subgraph, cluster)
    const [owner, app] = [cluster.roleUrl('owner', 'league'), cluster.roleUrl('app', 'league')]
    await deploy(league.subgraph, owner)
    const held = run(app, 'SELECT pg_sleep(60)')
    held.catch(() => {})
    await recreateDatabase(league.subgraph, cluster)
    await expect(held).rejects.toThrow()
    expect(await isCurrent(league.subgraph, app)).toBe(false)
    expect(await deploy(league.subgraph, owner)).toMatchObject({
      applied: [expect.anything(), expect.anything()],
    })
  })

  test('of any other database empties it as its owner, who can deploy again', async () => {
    const other = await prepareLeagueDatabase(cluster)
    await deploy(league.subgraph, other.owner)
    await emptyDatabase(other.owner)
    expect(
      await run(other.owner, `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
    ).toEqual([])
    await deploy(league.subgraph, other.owner)
    expect(await isCurrent(league.subgraph, other.app)).toBe(true)
  })
})

describe('references without an index', () => {
  test('are none in the fixture', async () => {
    expect(await unindexedForeignKeys(database.owner)).toEqual([])
  })

  test('are found, with the line that mends them', async () => {
    const other = await prepareLeagueDatabase(cluster)
    await run(
      other.owner,
      `CREATE TABLE season (id uuid PRIMARY KEY, sport text NOT NULL, UNIQUE (id, sport));
       CREATE TABLE pair (a int, b int, UNIQUE (a, b));
       CREATE TABLE game (
         id uuid PRIMARY KEY, season_id uuid, sport text, home_team_id uuid, venue_id uuid, left_id uuid, a int, b int,
         FOREIGN KEY (season_id, sport) REFERENCES season (id, sport), FOREIGN KEY (a, b) REFERENCES pair (a, b));
       CREATE TABLE facts (stream text, actor_user_id uuid);
       CREATE INDEX ON game (season_id);
       CREATE INDEX ON game (a);
       CREATE INDEX ON game (id, home_team_id);
       CREATE INDEX ON game (venue_id) WHERE venue_id IS NOT NULL;
       CREATE INDEX ON game (left_id) WHERE a > 0`,
    )
    expect(await unindexedForeignKeys(other.owner)).toEqual([
      { table: 'game', columns: ['home_team_id'], kind: 'reference', mend: '@@index([homeTeamId])' },
      { table: 'game', columns: ['left_id'], kind: 'reference', mend: '@@index([leftId])' },
      { table: 'game', columns: ['a', 'b'], kind: 'foreign key', mend: '@@index([a, b])' },
    ])
    await run(
      other.owner,
      'CREATE INDEX ON game (b, a); CREATE INDEX ON game (home_team_id, id); CREATE INDEX ON game (left_id)',
    )
    expect(await unindexedForeignKeys(other.owner)).toEqual([])
  })
})
