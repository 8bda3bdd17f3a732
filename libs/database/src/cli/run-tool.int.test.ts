import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Cluster, findRunningCluster, roleName, startCluster } from '../embedded/index.ts'
import { openFolder } from '../embedded/fixtures/cluster-processes.ts'
import {
  copyLeague,
  type League,
  prepareLeagueDatabase,
  run,
  startThrowAwayCluster,
} from '../migrate/fixtures/league.ts'
import { runTool } from './run-tool.ts'

let folder: string
let directory: string
let league: League

beforeAll(async () => {
  folder = await openFolder()
  directory = path.join(folder, 'postgres')
})
beforeEach(async () => {
  league = await copyLeague()
})
afterEach(() => league.remove())
afterAll(() => rm(folder, { recursive: true }))

interface Result {
  exitCode: number
  said: string
  noted: string
}

/** Runs the tool as on a command line; `answer` is what somebody at the terminal answers, if somebody is there. */
async function db(args: string, environment: Record<string, string> = {}, answer?: string): Promise<Result> {
  const [said, noted]: [string[], string[]] = [[], []]
  const exitCode = await runTool(args.split(' '), {
    workspaceRoot: league.root,
    environment: { COURTSIDE_POSTGRES_DIRECTORY: directory, ...environment },
    output: { say: (text) => said.push(text), note: (text) => noted.push(text), ask: async () => answer },
  })
  return { exitCode, said: said.join('\n'), noted: noted.join('\n') }
}

describe('on the embedded Postgres', () => {
  test('one deploys, changes the schema, creates a migration and deploys that', async () => {
    expect(await db('status league')).toMatchObject({
      exitCode: 1,
      said: expect.stringMatching(
        /^league {2}pending: 20260101000000_first, 2026.*\n.*npm run db -- deploy league/,
      ),
    })
    expect(await db('deploy all')).toMatchObject({
      exitCode: 0,
      said: 'league  applied 2 migrations: 20260101000000_first, 20260102000000_appearances_and_notes',
    })
    expect(await db('deploy league')).toMatchObject({ exitCode: 0, said: 'league  up to date' })
    expect(await db('drift league')).toMatchObject({ exitCode: 0, said: 'league  no drift' })
    expect(await db('create league nothing')).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('nothing to create'),
    })

    await league.editSchema('  name   String\n', '  name   String\n  height Int?\n')
    expect(await db('drift league')).toMatchObject({
      exitCode: 1,
      said: expect.stringContaining('npm run db -- create league'),
    })
    expect(await db('create league add_height')).toMatchObject({
      exitCode: 0,
      said: expect.stringMatching(/created .*_add_height\n/),
    })
    expect(await db('status all')).toMatchObject({ exitCode: 1, said: expect.stringContaining('add_height') })
    expect(await db('deploy all')).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining('applied 1 migration: '),
    })
    expect(await db('drift all')).toMatchObject({ exitCode: 0 })
  })

  test('one that is running is used, and left running', async () => {
    const cluster = await startCluster({ directory })
    try {
      expect(await db('reset league --yes')).toMatchObject({ exitCode: 0 })
      expect(await run(cluster.roleUrl('app', 'league'), 'SELECT count(*)::int AS clubs FROM club')).toEqual([
        { clubs: 0 },
      ])
      await run(cluster.adminUrl('league'), 'CREATE INDEX sneaked_in ON club (name)')
      expect(await db('drift league')).toMatchObject({
        exitCode: 1,
        said: expect.stringMatching(
          /drift: 1 difference[^]*\+ index public\.sneaked_in is in no migration: CREATE INDEX/,
        ),
      })
      expect(await findRunningCluster(directory)).toBeDefined()
    } finally {
      await cluster.stop()
    }
  })

  test('one that fails does not keep the others from their turn', async () => {
    await addSecondSubgraph()
    await league.writeMigration('20260103000000_broken', 'SELECT no_such_function()')
    const deployed = await db('deploy all')
    expect(deployed.exitCode).toBe(1)
    expect(deployed.said).toMatch(
      /^cup {5}applied 2 migrations[^]*^league {2}The migration 20260103000000_broken of league failed: function no_such_function\(\)/m,
    )

    const found = await db('status all')
    expect(found.exitCode).toBe(1)
    expect(found.said).toMatch(
      /^cup {5}up to date\nleague {2}failed: 20260103000000_broken: ERROR: function no_such_function\(\) does not exist[^]*deploy league.*resolve league 20260103000000_broken/m,
    )

    expect(await db('resolve league 20260103000000_broken')).toMatchObject({ exitCode: 0 })
    expect(await db('status all')).toMatchObject({ exitCode: 0 })
  })

  test('an unknown subgraph is answered with those there are', async () => {
    expect(await db('deploy nothing')).toEqual({
      exitCode: 1,
      said: '',
      noted: 'There is no subgraph "nothing" with a database.\nThere are: league.',
    })
  })

  test('help names every command', async () => {
    expect(await db('--help')).toMatchObject({
      exitCode: 0,
      said: expect.stringMatching(/deploy[^]*create[^]*status[^]*drift[^]*reset[^]*resolve/),
    })
  })
})

describe('a reset', () => {
  const clubs = async () => {
    const cluster = await startCluster({ directory })
    try {
      return await run(cluster.adminUrl('league'), 'SELECT name FROM club')
    } finally {
      await cluster.stop()
    }
  }

  beforeEach(async () => {
    await db('reset all --yes')
    const cluster = await startCluster({ directory })
    await run(cluster.adminUrl('league'), `INSERT INTO club (id, name) VALUES (gen_random_uuid(), 'VBC')`)
    await cluster.stop()
  })

  test('is not done when nobody is there to ask, nor when the answer is no', async () => {
    expect(await db('reset league')).toMatchObject({
      exitCode: 1,
      noted: expect.stringContaining('Add --yes'),
    })
    expect(await db('reset all', {}, 'n')).toEqual({ exitCode: 1, said: '', noted: 'Nothing was deleted.' })
    expect(await clubs()).toEqual([{ name: 'VBC' }])
  })

  test('of one subgraph empties its database', async () => {
    expect(await db('reset league', {}, 'y')).toMatchObject({
      exitCode: 0,
      said: 'league  empty again, with 2 migrations',
    })
    expect(await clubs()).toEqual([])
  })

  test('of all mends a data folder that cannot be started any more', async () => {
    await rm(path.join(directory, 'data', 'PG_VERSION'))
    expect(await db('status all')).toMatchObject({
      exitCode: 1,
      said: expect.stringMatching(/is damaged[^]*npm run db -- reset all/),
    })
    expect(await db('reset all --yes')).toMatchObject({ exitCode: 0 })
    expect(await clubs()).toEqual([])
  })
})

describe('on a server of the operator', () => {
  let server: Cluster
  let environment: Record<string, string>

  beforeAll(async () => {
    server = await startThrowAwayCluster()
  })
  beforeEach(async () => {
    const { app, owner } = await prepareLeagueDatabase(server)
    environment = { LEAGUE_DATABASE_URL: app, LEAGUE_DATABASE_OWNER_URL: owner }
  })
  afterAll(() => server.stop())

  test('everything happens there, and no data folder is made', async () => {
    const elsewhere = path.join(folder, 'never')
    const there = { ...environment, COURTSIDE_POSTGRES_DIRECTORY: elsewhere }
    expect(await db('deploy league', there)).toMatchObject({ exitCode: 0, noted: '' })
    expect(await db('status league', there)).toMatchObject({ exitCode: 0 })
    expect(await db('drift league', there)).toMatchObject({ exitCode: 0, said: 'league  no drift' })
    expect(await readdir(folder)).not.toContain('never')
    expect(await run(environment['LEAGUE_DATABASE_URL']!, 'SELECT FROM club')).toEqual([])
  })

  test('a reset wants to be forced', async () => {
    expect(await db('reset league --yes', environment)).toMatchObject({
      exitCode: 1,
      noted: expect.stringContaining('--force'),
    })
    expect(await db('reset league --yes --force', environment)).toMatchObject({ exitCode: 0 })
    expect(await db('status league', environment)).toMatchObject({ exitCode: 0 })
  })

  test('a reset of all leaves the embedded data alone', async () => {
    await db('deploy all')
    expect(await db('reset all --yes --force', environment)).toMatchObject({ exitCode: 0 })
    expect(await readdir(directory)).toContain('data')
  })

  test('a missing owner is pointed out', async () => {
    const { LEAGUE_DATABASE_OWNER_URL: owner = '' } = environment
    const { noted } = await db('deploy league', { LEAGUE_DATABASE_URL: owner })
    expect(noted).toMatch(/LEAGUE_DATABASE_OWNER_URL is not set/)
    expect(await db('deploy league', { LEAGUE_DATABASE_OWNER_URL: owner })).toMatchObject({
      exitCode: 1,
      noted: expect.stringMatching(/LEAGUE_DATABASE_OWNER_URL is set and LEAGUE_DATABASE_URL is not/),
    })
  })

  test('an administrator has the database and its roles made, with the passwords of their addresses', async () => {
    const url = (user: string, password: string) =>
      `postgres://${user}:${password}@127.0.0.1:${server.port}/league_of_another_name`
    const fresh = {
      LEAGUE_DATABASE_ADMIN_URL: server.adminUrl(),
      LEAGUE_DATABASE_OWNER_URL: url('league_owner', 'owner%21'),
      LEAGUE_DATABASE_URL: url('league_app', 'first'),
      LEAGUE_LOG_URL: url('league_log_reader', 'reader'),
    }
    expect(await db('deploy league', fresh)).toMatchObject({ exitCode: 0, noted: '' })
    expect(await run(fresh.LEAGUE_DATABASE_URL, 'SELECT FROM club')).toEqual([])
    const asReader = run(fresh.LEAGUE_LOG_URL, 'SELECT FROM club')
    await expect(asReader).rejects.toThrow('permission denied for table club')

    const changed = { ...fresh, LEAGUE_DATABASE_URL: url('league_app', 'second') }
    expect(await db('deploy league', changed)).toMatchObject({ exitCode: 0, said: 'league  up to date' })
    expect(await run(changed.LEAGUE_DATABASE_URL, 'SELECT FROM club')).toEqual([])
    await expect(run(fresh.LEAGUE_DATABASE_URL, 'SELECT FROM club')).rejects.toThrow(
      'password authentication',
    )
  })

  test('an administrator makes no other roles than those that are known', async () => {
    const asOther = new URL(environment['LEAGUE_DATABASE_URL']!)
    asOther.username = 'somebody'
    expect(
      await db('deploy league', {
        ...environment,
        LEAGUE_DATABASE_ADMIN_URL: server.adminUrl(),
        LEAGUE_DATABASE_URL: asOther.href,
      }),
    ).toMatchObject({
      exitCode: 1,
      said: expect.stringMatching(/LEAGUE_DATABASE_URL does not log in to \S+ as league_app with a password/),
    })
  })

  test('a server that does not answer, or does not let in, is named', async () => {
    const wrong = new URL(environment['LEAGUE_DATABASE_OWNER_URL']!)
    wrong.password = 'wrong'
    expect(
      await db('status league', { ...environment, LEAGUE_DATABASE_OWNER_URL: wrong.href }),
    ).toMatchObject({
      exitCode: 1,
      said: expect.stringMatching(
        /does not let league_owner in: password authentication failed[^]*LEAGUE_DATABASE_OWNER_URL/,
      ),
    })
    wrong.port = '1'
    expect(
      await db('status league', { ...environment, LEAGUE_DATABASE_OWNER_URL: wrong.href }),
    ).toMatchObject({
      exitCode: 1,
      said: expect.stringMatching(/on 127\.0\.0\.1:1 does not let[^]*ECONNREFUSED/),
    })
  })
})

/** The league once more, under another name. */
async function addSecondSubgraph(): Promise<void> {
  const prisma = path.join(league.root, 'prisma')
  await cp(path.join(prisma, 'league'), path.join(prisma, 'cup'), { recursive: true })
  for (const name of ['20260101000000_first', '20260102000000_appearances_and_notes']) {
    const file = path.join(prisma, 'cup', 'migrations', name, 'migration.sql')
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replaceAll(roleName('app', 'league'), roleName('app', 'cup')),
    )
  }
}
