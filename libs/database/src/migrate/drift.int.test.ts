import { randomUUID } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Cluster } from '../embedded/index.ts'
import { readCatalogue } from './catalogue.ts'
import { compareCatalogues } from './drift.ts'
import {
  copyLeague,
  type League,
  prepareLeagueDatabase,
  run,
  startThrowAwayCluster,
} from './fixtures/league.ts'
import { create, deploy, drift, pending } from './index.ts'

let cluster: Cluster
let league: League
let deployed: string

beforeAll(async () => {
  cluster = await startThrowAwayCluster()
})
beforeEach(async () => {
  league = await copyLeague()
})
afterEach(() => league.remove())
afterAll(() => cluster.stop())

const none = { schema: '', catalogue: [], versions: { live: 18, migrated: 18 } }

/** A copy of the deployed fixture, changed by hand: its owner's URL. */
async function changedCopy(sql: string): Promise<string> {
  const database = `league_${randomUUID().slice(0, 8)}`
  await run(
    cluster.adminUrl(),
    `CREATE DATABASE "${database}" TEMPLATE "${deployed}" STRATEGY FILE_COPY OWNER league_owner`,
  )
  // As the superuser, who may change what the owner may not.
  await run(cluster.adminUrl(database), sql)
  return cluster.roleUrl('owner', 'league', database)
}

const driftAfter = async (sql: string) => drift(league.subgraph, await changedCopy(sql), cluster)

describe('drift', () => {
  beforeAll(async () => {
    const fixture = await copyLeague()
    const { owner } = await prepareLeagueDatabase(cluster)
    await deploy(fixture.subgraph, owner)
    deployed = new URL(owner).pathname.slice(1)
    await fixture.remove()
  })

  test('is none right after a deploy', async () => {
    expect(await driftAfter('SELECT 1')).toEqual(none)
  })

  test('is none when partitions came and went, and rows did', async () => {
    expect(
      await driftAfter(`
        CREATE TABLE appearance_2026_01 PARTITION OF appearance FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        DROP TABLE appearance_default;
        INSERT INTO club (id, name) VALUES (gen_random_uuid(), 'VBC');
        ANALYZE`),
    ).toEqual(none)
  })

  test.each([
    ['row-level security', 'public.note', 'ALTER TABLE note DISABLE ROW LEVEL SECURITY'],
    ['row-level security', 'public.note', 'ALTER TABLE note NO FORCE ROW LEVEL SECURITY'],
    ['policy', 'public.note.note_is_its_writers', 'DROP POLICY note_is_its_writers ON note'],
    ['policy', 'public.note.note_is_its_writers', 'ALTER POLICY note_is_its_writers ON note USING (true)'],
    ['policy', 'public.note.note_is_its_writers', 'ALTER POLICY note_is_its_writers ON note TO league_app'],
    ['policy', 'public.note.all', 'CREATE POLICY "all" ON note FOR SELECT USING (true)'],
    [
      'partitioning',
      'public.appearance',
      'DROP TABLE appearance; CREATE TABLE appearance (player_id uuid, played_at timestamptz(3), minutes int, PRIMARY KEY (player_id, played_at))',
    ],
    ['column', 'public.club.city', 'ALTER TABLE club ADD COLUMN city text'],
    ['column', 'public.club.name', 'ALTER TABLE club ALTER COLUMN name DROP NOT NULL'],
    ['column', 'public.club.kind', 'ALTER TABLE club ALTER COLUMN kind DROP DEFAULT'],
    ['column', 'public.club.name', 'ALTER TABLE club ALTER COLUMN name TYPE varchar(40)'],
    ['column', 'public.club.name', 'ALTER TABLE club ALTER COLUMN name TYPE text COLLATE "C"'],
    ['column', 'public.player.search', 'ALTER TABLE player ALTER COLUMN search DROP EXPRESSION'],
    ['constraint', 'public.club.club_name_not_blank', 'ALTER TABLE club DROP CONSTRAINT club_name_not_blank'],
    [
      'constraint',
      'public.player.player_club_id_fkey',
      'ALTER TABLE player DROP CONSTRAINT player_club_id_fkey; ALTER TABLE player ADD CONSTRAINT player_club_id_fkey FOREIGN KEY (club_id) REFERENCES club NOT VALID',
    ],
    ['index', 'public.player_club_id_idx', 'DROP INDEX player_club_id_idx'],
    ['index', 'public.club_name_idx', "CREATE INDEX club_name_idx ON club (lower(name)) WHERE name > ''"],
    [
      'index',
      'public.player_club_id_idx',
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'player_club_id_idx'::regclass`,
    ],
    [
      'view',
      'public.club_size',
      'DROP MATERIALIZED VIEW club_size; CREATE MATERIALIZED VIEW club_size AS SELECT club_id, 0::bigint AS players FROM player; CREATE UNIQUE INDEX club_size_club_id_key ON club_size (club_id)',
    ],
    [
      'function',
      'public.trim_name()',
      `CREATE OR REPLACE FUNCTION trim_name() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    ],
    ['function', 'public.trim_name()', 'ALTER FUNCTION trim_name() SECURITY DEFINER'],
    ['trigger', 'public.club.club_trim_name', 'ALTER TABLE club DISABLE TRIGGER club_trim_name'],
    ['trigger', 'public.club.club_trim_name', 'DROP TRIGGER club_trim_name ON club'],
    ['rule', 'public.club.no_delete', 'CREATE RULE no_delete AS ON DELETE TO club DO INSTEAD NOTHING'],
    ['type', 'public.club_kind', `ALTER TYPE club_kind ADD VALUE 'YOUTH'`],
    ['type', 'public.short', 'CREATE DOMAIN short AS text CHECK (length(VALUE) < 9)'],
    ['type', 'public.place', 'CREATE TYPE place AS (city text)'],
    ['sequence', 'public.counter', 'CREATE SEQUENCE counter'],
    ['statistics', 'public.both', 'CREATE STATISTICS "both" ON name, kind FROM club'],
    ['extension', 'pg_trgm', 'CREATE EXTENSION pg_trgm'],
    ['schema', 'side', 'CREATE SCHEMA side'],
    ['table', 'public.note', 'ALTER TABLE note SET UNLOGGED'],
    ['table', 'public.club', 'ALTER TABLE club SET (fillfactor = 50)'],
    ['owner', 'public.club', 'ALTER TABLE club OWNER TO postgres'],
    ['owner', 'public.trim_name()', 'ALTER FUNCTION trim_name() OWNER TO postgres'],
    ['grant', 'public.note', 'GRANT DELETE ON note TO league_app'],
    ['grant', 'public.club', 'REVOKE UPDATE ON club FROM league_app'],
    ['grant', 'public.note.user_id', 'GRANT UPDATE (user_id) ON note TO league_app'],
    ['grant', 'public.trim_name()', 'GRANT EXECUTE ON FUNCTION trim_name() TO PUBLIC'],
    ['grant', 'schema public', 'GRANT CREATE ON SCHEMA public TO league_app'],
    ['grant', 'type public.club_kind', 'REVOKE USAGE ON TYPE public.club_kind FROM PUBLIC'],
    [
      'default grant',
      'the owner on r in public',
      'ALTER DEFAULT PRIVILEGES FOR ROLE league_owner IN SCHEMA public GRANT SELECT ON TABLES TO league_app',
    ],
  ])('is seen in a %s, %s, after: %s', async (kind, name, sql) => {
    const before = await readCatalogue(cluster.roleUrl('owner', 'league', deployed))
    const after = await readCatalogue(await changedCopy(sql))
    expect(compareCatalogues(before, before)).toEqual([])
    expect(compareCatalogues(after, before)).toContainEqual(expect.objectContaining({ kind, name }))
  })

  test('tells what is missing, what is new and what differs', async () => {
    const { catalogue } = await driftAfter(`
      DROP INDEX player_search_idx;
      CREATE INDEX note_body_idx ON note (body);
      ALTER TABLE club ALTER COLUMN name SET DEFAULT 'x'`)
    expect(catalogue).toEqual([
      {
        kind: 'column',
        name: 'public.club.name',
        live: `text not null default 'x'::text`,
        migrated: 'text not null',
      },
      {
        kind: 'index',
        name: 'public.note_body_idx',
        live: 'CREATE INDEX note_body_idx ON public.note USING btree (body)',
        migrated: undefined,
      },
      {
        kind: 'index',
        name: 'public.player_search_idx',
        live: undefined,
        migrated: 'CREATE INDEX player_search_idx ON public.player USING gin (search)',
      },
    ])
  })

  test('shows in the words of Prisma where schema.prisma says something else', async () => {
    const { schema } = await driftAfter('ALTER TABLE club ADD COLUMN city text')
    expect(schema).toMatch(/Changed the `club` table[^]*Removed column `city`/)
  })

  test('leaves no shadow database behind, not even when a migration fails in it', async () => {
    await league.writeMigration('20260103000000_broken', 'SELECT 1 / 0')
    await expect(driftAfter('SELECT 1')).rejects.toThrow(
      /20260103000000_broken of league failed: division by zero/,
    )
    expect(
      await run(cluster.adminUrl(), `SELECT datname FROM pg_database WHERE datname LIKE '%shadow%'`),
    ).toEqual([])
  })
})

describe('creating a migration', () => {
  const clock = (time: string) => ({ now: () => new Date(time) })
  const addHeight = () => league.editSchema('  name   String\n', '  name   String\n  height Int?\n')

  test('writes the SQL of what changed in schema.prisma, and then nothing', async () => {
    expect(await pending(league.subgraph, cluster)).toBe('')
    await addHeight()
    const folder = await create(league.subgraph, 'Add the height!', cluster, clock('2026-05-06T07:08:09Z'))
    expect(folder).toBe(path.join(league.subgraph.migrationsFolder, '20260506070809_add_the_height'))
    expect(await readFile(path.join(folder!, 'migration.sql'), 'utf8')).toBe(
      '-- AlterTable\nALTER TABLE "player" ADD COLUMN     "height" INTEGER;\n',
    )
    expect(await create(league.subgraph, 'again', cluster)).toBeUndefined()

    const { owner } = await prepareLeagueDatabase(cluster)
    await deploy(league.subgraph, owner)
    expect(await drift(league.subgraph, owner, cluster)).toEqual(none)
  })

  test('puts it after the others, whatever the clock says', async () => {
    await addHeight()
    const folder = await create(league.subgraph, 'height', cluster, clock('2020-01-01T00:00:00Z'))
    expect(path.basename(folder!)).toBe('20260102000001_height')
  })

  test('begins with the first when there is none', async () => {
    await rm(league.subgraph.migrationsFolder, { recursive: true })
    const folder = await create(league.subgraph, 'init', cluster, clock('2026-01-01T00:00:00Z'))
    expect(await readFile(path.join(folder!, 'migration.sql'), 'utf8')).toContain('CREATE TABLE "club"')
    expect((await readdir(league.subgraph.migrationsFolder)).sort()).toEqual([
      '20260101000000_init',
      'migration_lock.toml',
    ])
  })

  test('wants a label with letters', async () => {
    await expect(create(league.subgraph, ' /../ ', cluster)).rejects.toThrow(/needs a label/)
  })
})
