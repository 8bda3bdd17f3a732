import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import type { Cluster } from '../embedded/index.ts'
import {
  copyLeague,
  type League,
  type LeagueDatabase,
  prepareLeagueDatabase,
  run,
  startThrowAwayCluster,
} from './fixtures/league.ts'
import { deploy, isCurrent, markApplied, status } from './index.ts'

const FIRST = '20260101000000_first'
const SECOND = '20260102000000_appearances_and_notes'
const THIRD = '20260103000000_third'

let cluster: Cluster
let league: League
let database: LeagueDatabase

beforeAll(async () => {
  cluster = await startThrowAwayCluster()
})
beforeEach(async () => {
  league = await copyLeague()
  database = await prepareLeagueDatabase(cluster)
})
afterEach(() => league.remove())
afterAll(() => cluster.stop())

const tablesOf = async (url: string) =>
  (
    await run<{ name: string }>(
      url,
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    )
  ).map(({ name }) => name)

describe('deploying', () => {
  test('applies every migration in order, and after that none', async () => {
    expect(await deploy(league.subgraph, database.owner)).toMatchObject({ applied: [FIRST, SECOND] })
    expect(await deploy(league.subgraph, database.owner)).toMatchObject({ applied: [] })
    expect(await status(league.subgraph, database.owner)).toEqual({
      pending: [],
      failed: [],
      edited: [],
      unknown: [],
    })
  })

  test('leaves everything to the owner, whole with functions and partitions', async () => {
    await deploy(league.subgraph, database.owner)
    await run(database.owner, `INSERT INTO club (id, name) VALUES (gen_random_uuid(), '  VBC  ')`)
    expect(await run(database.owner, 'SELECT name FROM club')).toEqual([{ name: 'VBC' }])
    const owners = await run(
      database.owner,
      `SELECT DISTINCT relowner::regrole::text AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
    )
    expect(owners).toEqual([{ owner: 'league_owner' }])
  })

  test('happens once when many do it at the same time', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () => deploy(league.subgraph, database.owner)),
    )
    expect(results.flatMap(({ applied }) => applied)).toEqual([FIRST, SECOND])
  })

  test('does not lock itself out of building an index concurrently', async () => {
    await league.writeMigration(THIRD, 'CREATE INDEX CONCURRENTLY "club_name_idx" ON "club"("name")')
    const results = await Promise.all([1, 2, 3].map(() => deploy(league.subgraph, database.owner)))
    expect(results.flatMap(({ applied }) => applied)).toEqual([FIRST, SECOND, THIRD])
  })

  test('needs the role that reads the log where a migration names it, and says how it is made', async () => {
    await league.writeMigration(THIRD, 'GRANT SELECT ON club TO league_log_reader;')
    await run(database.admin, 'DROP ROLE IF EXISTS league_log_reader')
    await expect(deploy(league.subgraph, database.owner)).rejects.toThrow(
      /role league_log_reader[^]*CREATE ROLE "league_log_reader"[^]*GRANT CONNECT ON DATABASE "league_\w+" TO "league_log_reader"/,
    )
    expect(await tablesOf(database.owner)).not.toContain('club')
    await run(database.admin, 'CREATE ROLE league_log_reader')
    expect(await deploy(league.subgraph, database.owner)).toMatchObject({ applied: [FIRST, SECOND, THIRD] })
    await run(database.admin, 'DROP OWNED BY league_log_reader; DROP ROLE league_log_reader')
  })

  test('needs the role of the application, and says how an administrator makes it', async () => {
    const { subgraph } = league
    await expect(deploy({ ...subgraph, name: 'cup', database: 'cup' }, database.owner)).rejects.toThrow(
      /role cup_app[^]*CREATE ROLE "cup_app" LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD[^]*GRANT CONNECT ON DATABASE "league_\w+" TO "cup_app"/,
    )
  })

  test('goes on where the database is ahead of the files, and names what it does not know', async () => {
    await league.writeMigration(THIRD, 'CREATE TABLE "third" ()')
    await deploy(league.subgraph, database.owner)
    await rm(path.join(league.subgraph.migrationsFolder, THIRD), { recursive: true })
    expect(await deploy(league.subgraph, database.owner)).toEqual({
      applied: [],
      retried: [],
      unknown: [THIRD],
    })
    expect(await status(league.subgraph, database.app)).toMatchObject({ unknown: [THIRD] })
  })
})

describe('whether a database is current', () => {
  test('can be asked with either role', async () => {
    expect(await isCurrent(league.subgraph, database.app)).toBe(false)
    await deploy(league.subgraph, database.owner)
    expect(await isCurrent(league.subgraph, database.app)).toBe(true)
    expect(await isCurrent(league.subgraph, database.owner)).toBe(true)
    await league.writeMigration(THIRD, 'CREATE TABLE "third" ()')
    expect(await isCurrent(league.subgraph, database.app)).toBe(false)
  })

  test('is for the application to see though no migration lets it', async () => {
    const file = path.join(league.subgraph.migrationsFolder, FIRST, 'migration.sql')
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^GRANT .*$/m, ''))
    await deploy(league.subgraph, database.owner)
    await expect(run(database.app, 'SELECT FROM club')).rejects.toThrow(/permission denied/)
    expect(await isCurrent(league.subgraph, database.app)).toBe(true)
  })

  test('is no when there is no such database, or no such role', async () => {
    expect(await isCurrent(league.subgraph, cluster.adminUrl('nowhere'))).toBe(false)
    expect(await isCurrent(league.subgraph, cluster.roleUrl('app', 'nobody', 'postgres'))).toBe(false)
  })

  test('fails when the server does not answer', async () => {
    await expect(isCurrent(league.subgraph, 'postgres://league_app@127.0.0.1:1/league')).rejects.toThrow()
  })
})

describe('a migration that was edited after it had been applied', () => {
  const file = () => path.join(league.subgraph.migrationsFolder, FIRST, 'migration.sql')

  test('is named, and nothing more is applied', async () => {
    await deploy(league.subgraph, database.owner)
    await writeFile(file(), `${await readFile(file(), 'utf8')}-- edited\n`)
    await league.writeMigration(THIRD, 'CREATE TABLE "third" ()')

    expect(await status(league.subgraph, database.owner)).toMatchObject({ edited: [FIRST], pending: [THIRD] })
    expect(await isCurrent(league.subgraph, database.app)).toBe(false)
    await expect(deploy(league.subgraph, database.owner)).rejects.toThrow(
      new RegExp(`edited after they had been applied: ${FIRST}[^]*npm run db -- create league`),
    )
    expect(await tablesOf(database.owner)).not.toContain('third')
  })

  test('is not one whose line ends a checkout has changed', async () => {
    await deploy(league.subgraph, database.owner)
    await writeFile(file(), (await readFile(file(), 'utf8')).replaceAll('\n', '\r\n'))
    expect(await isCurrent(league.subgraph, database.app)).toBe(true)
  })
})

describe('a migration that fails', () => {
  const BROKEN = 'CREATE TABLE "half" ();\nCREATE TABLE "third" (\n  "a" no_such_type\n);\n'

  test('says what and where, leaves nothing, and is tried again when it is mended', async () => {
    await league.writeMigration(THIRD, BROKEN)
    const failing = deploy(league.subgraph, database.owner)
    await expect(failing).rejects.toThrow(StartupError)
    await expect(failing).rejects.toThrow(
      /20260103000000_third of league failed: type "no_such_type" does not exist\n.*third.migration\.sql:3:7\n {4}"a" no_such_type\nNothing of it has stayed[^]*npm run db -- deploy league/,
    )
    expect(await tablesOf(database.owner)).not.toContain('half')
    expect(await status(league.subgraph, database.owner)).toEqual({
      pending: [],
      failed: [{ name: THIRD, error: 'ERROR: type "no_such_type" does not exist' }],
      edited: [],
      unknown: [],
    })
    expect(await isCurrent(league.subgraph, database.app)).toBe(false)

    await league.writeMigration(THIRD, BROKEN.replace('no_such_type', 'int'))
    expect(await deploy(league.subgraph, database.owner)).toEqual({
      applied: [THIRD],
      retried: [THIRD],
      unknown: [],
    })
    expect(await isCurrent(league.subgraph, database.app)).toBe(true)
  })

  test('keeps those before it, and stops those after it', async () => {
    await league.writeMigration(THIRD, BROKEN)
    await league.writeMigration('20260104000000_fourth', 'CREATE TABLE "fourth" ()')
    await expect(deploy(league.subgraph, database.owner)).rejects.toThrow(THIRD)
    expect(await status(league.subgraph, database.owner)).toMatchObject({
      pending: ['20260104000000_fourth'],
    })
    expect(await tablesOf(database.owner)).toContain('note')
  })

  test('warns that a part may have stayed when it ends transactions itself', async () => {
    await league.writeMigration(THIRD, 'BEGIN; CREATE TABLE "half" (); COMMIT; SELECT 1 / 0')
    await expect(deploy(league.subgraph, database.owner)).rejects.toThrow(
      /division by zero[^]*a part of it may have stayed/,
    )
    expect(await tablesOf(database.owner)).toContain('half')
  })

  test('can be noted as applied when its changes are in place all the same', async () => {
    await league.writeMigration(THIRD, 'CREATE TABLE "third" ()')
    await deploy(league.subgraph, database.owner)
    // A machine that loses its power between the migration and the note of its end.
    await run(
      database.admin,
      `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '${THIRD}'`,
    )
    expect(await status(league.subgraph, database.owner)).toMatchObject({
      failed: [{ name: THIRD, error: undefined }],
    })
    await expect(deploy(league.subgraph, database.owner)).rejects.toThrow(/relation "third" already exists/)

    await markApplied(league.subgraph, database.owner, THIRD)
    expect(await isCurrent(league.subgraph, database.app)).toBe(true)
  })

  test('is the only one that can be noted as applied', async () => {
    await deploy(league.subgraph, database.owner)
    await expect(markApplied(league.subgraph, database.owner, FIRST)).rejects.toThrow(
      /is not a failed migration of league/,
    )
  })
})
