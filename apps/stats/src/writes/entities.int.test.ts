import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { conferenceEntity } from '../conferences/index.ts'
import { gameEntity } from '../games/index.ts'
import { playerEntity } from '../players/index.ts'
import { rosterEntryEntity } from '../rosters/index.ts'
import { ruleSetEntity } from '../rule-sets/index.ts'
import { seasonEntryEntity } from '../season-entries/index.ts'
import { seasonEntity } from '../seasons/index.ts'
import { sportEntity } from '../sports/index.ts'
import { teamEntity } from '../teams/index.ts'
import { openStats, type StatsHarness } from '../testing/open-stats.ts'
import { venueEntity } from '../venues/index.ts'

const entities = [
  sportEntity,
  seasonEntity,
  conferenceEntity,
  venueEntity,
  teamEntity,
  seasonEntryEntity,
  playerEntity,
  rosterEntryEntity,
  ruleSetEntity,
  gameEntity,
]

let stats: StatsHarness
beforeAll(async () => {
  stats = await openStats()
})
afterAll(() => stats.close())

describe('what the code knows of the database', () => {
  test('a refusal to delete can name everything that may refer to a row', async () => {
    // The sport of a composite key only keeps others of another sport out.
    const inDatabase = await stats.sql<{ reference: string }>(`
      SELECT DISTINCT confrelid::regclass || ' <- ' || conrelid::regclass || '.' || attname AS reference
      FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)
      WHERE contype = 'f' AND (cardinality(conkey) = 1 OR attname NOT IN ('sport_id', 'sport_kind') OR confrelid = 'sports'::regclass)
        AND attname <> 'sport_kind'
      ORDER BY 1`)
    const inCode = entities.flatMap(({ table, referrers }) =>
      referrers.flatMap((referrer) =>
        Object.keys(referrer.columns).map((column) => `${table} <- ${referrer.table}.${column}`),
      ),
    )
    expect([...new Set(inCode)].toSorted()).toEqual(inDatabase.map(({ reference }) => reference).toSorted())
  })

  test('every unique index has a refusal of its own, but for those of ids', async () => {
    const inDatabase = await stats.sql<{ name: string }>(
      `
      SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
      WHERE indisunique AND relnamespace = 'public'::regnamespace AND relname = ANY($1)
        AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0] AND attname = 'id')`,
      [entities.map(({ table }) => table)],
    )
    const inCode = entities.flatMap(({ conflicts }) => Object.keys(conflicts))
    expect(inCode.toSorted()).toEqual(inDatabase.map(({ name }) => name).toSorted())
  })

  test('every table with an updated_at keeps it by the trigger', async () => {
    const tables = await stats.sql<{ name: string; kept: boolean }>(`
      SELECT attrelid::regclass::text AS name, EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = attrelid AND tgfoid = 'set_updated_at'::regproc
      ) AS kept
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE attname = 'updated_at' AND relkind = 'r' AND relnamespace = 'public'::regnamespace
        -- Keeps it by itself: its one writer is a feed.
        AND relname <> 'feed_offsets'`)
    expect(tables.length).toBe(entities.length)
    expect(tables.filter(({ kept }) => !kept)).toEqual([])
  })

  test('GW-13: a change moves updated_at, and nothing else does', async () => {
    const id = await stats.make.venue()
    const read = async () => {
      const [row] = await stats.sql<{ created_at: Date; updated_at: Date }>(
        'SELECT * FROM venues WHERE id = $1',
        [id],
      )
      return row!
    }
    const before = await read()
    await stats.mutate('updateVenue', { id }, 'venue { id }')
    expect((await read()).updated_at).toEqual(before.updated_at)
    await stats.mutate('updateVenue', { id, name: 'Renamed' }, 'venue { id }')
    const after = await read()
    expect(after.updated_at.getTime()).toBeGreaterThan(before.updated_at.getTime())
    expect(after.created_at).toEqual(before.created_at)
  })
})
