import type { SortKey } from '@courtside/database'
import type { PageArguments } from '@courtside/kernel'
import type { Database, Tx } from '../db.ts'
import { type Day, fromDay, toDay } from '../day.ts'
import { alreadyExists } from '../errors.ts'
import { type CountedConnection, listPlain } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { Season } from './season.ts'

export interface SeasonFilter {
  sportId?: string | null
  teamId?: string | null
  isCurrent?: boolean | null
}

export const seasonEntity: Entity<Season> = {
  name: 'Season',
  table: 'seasons',
  find: async (tx, id) => (await findSeasons(tx, [id])).get(id) ?? null,
  referrers: [
    { table: 'season_entries', columns: { season_id: 'id' }, what: 'season entries' },
    { table: 'roster_entries', columns: { season_id: 'id' }, what: 'roster entries' },
    { table: 'games', columns: { season_id: 'id' }, what: 'games' },
  ],
  remedy: 'Delete those first, or keep the season.',
  conflicts: {
    seasons_sport_id_label_key: () =>
      alreadyExists('label', 'The sport has a season with this label already.'),
  },
}

export async function findSeasons(tx: Tx, ids: readonly string[]): Promise<Map<string, Season>> {
  const rows = await tx.season.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, toSeason(row)]))
}

const LATEST_FIRST: readonly SortKey[] = [
  { field: 'startsOn', order: 'desc', type: 'date' },
  { field: 'id', order: 'desc', type: 'uuid' },
]

export function listSeasons(
  database: Database,
  { sportId, teamId, isCurrent }: SeasonFilter,
  today: Day,
  page: PageArguments,
): Promise<CountedConnection<Season>> {
  const day = fromDay(today)
  const current = { startsOn: { lte: day }, endsOn: { gte: day } }
  const matching = {
    sportId: sportId ?? undefined,
    entries: teamId == null ? undefined : { some: { teamId } },
    ...(isCurrent === true && current),
    NOT: isCurrent === false ? current : undefined,
  }
  return listPlain(database, {
    page,
    order: LATEST_FIRST,
    keyOf: ({ startsOn, id }) => [startsOn, id],
    rows: async (client, { where, ...rest }) =>
      (await client.season.findMany({ where: { ...matching, AND: where }, ...rest })).map(toSeason),
    count: (client) => client.season.count({ where: matching }),
  })
}

type Values = Pick<Season, 'label' | 'startsOn' | 'endsOn'>

export async function insertSeason(
  tx: Tx,
  values: Values & { id?: string; sportId: string },
): Promise<Season> {
  const { startsOn, endsOn } = values
  return toSeason(
    await tx.season.create({ data: { ...values, startsOn: fromDay(startsOn), endsOn: fromDay(endsOn) } }),
  )
}

export async function updateSeason(tx: Tx, id: string, { label, startsOn, endsOn }: Values): Promise<Season> {
  return toSeason(
    await tx.season.update({
      where: { id },
      data: { label, startsOn: fromDay(startsOn), endsOn: fromDay(endsOn) },
    }),
  )
}

/** How many games of the season begin before or after a span of time. */
export async function countGamesOutside(
  tx: Tx,
  seasonId: string,
  span: { from: Date; to: Date },
): Promise<number> {
  return tx.game.count({
    where: { seasonId, OR: [{ startsAt: { lt: span.from } }, { startsAt: { gte: span.to } }] },
  })
}

/** How many roster entries of the season begin or end on another day than those of the season. */
export async function countRosterDaysOutside(
  tx: Tx,
  seasonId: string,
  days: { startsOn: Day; endsOn: Day },
): Promise<number> {
  const [startsOn, endsOn] = [fromDay(days.startsOn), fromDay(days.endsOn)]
  return tx.rosterEntry.count({
    where: {
      seasonId,
      OR: [{ joinedOn: { lt: startsOn } }, { joinedOn: { gt: endsOn } }, { leftOn: { gt: endsOn } }],
    },
  })
}

const toSeason = (row: Omit<Season, 'startsOn' | 'endsOn'> & { startsOn: Date; endsOn: Date }): Season => ({
  ...row,
  startsOn: toDay(row.startsOn),
  endsOn: toDay(row.endsOn),
})

/** A season whose days stay as they are until this transaction ends. */
export async function holdSeason(tx: Tx, id: string): Promise<Season | null> {
  await tx.$queryRaw`SELECT 1 FROM seasons WHERE id = ${id}::uuid FOR SHARE`
  return seasonEntity.find(tx, id)
}
