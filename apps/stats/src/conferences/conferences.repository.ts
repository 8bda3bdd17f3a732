import type { SortKey } from '@courtside/database'
import type { PageArguments } from '@courtside/kernel'
import type { Database, Tx } from '../db.ts'
import { alreadyExists } from '../errors.ts'
import { type CountedConnection, listPlain } from '../lists/index.ts'
import type { Entity } from '../writes/index.ts'
import type { Conference } from './conference.ts'

export interface ConferenceFilter {
  sportId?: string | null
  seasonId?: string | null
}

export const conferenceEntity: Entity<Conference> = {
  name: 'Conference',
  table: 'conferences',
  find: async (tx, id) => (await findConferences(tx, [id])).get(id) ?? null,
  referrers: [
    { table: 'season_entries', columns: { conference_id: 'id' }, what: 'season entries' },
    { table: 'games', columns: { conference_id: 'id' }, what: 'games' },
  ],
  remedy: 'Move those to another conference first, or keep this one.',
  conflicts: {
    conferences_sport_id_name_key: () =>
      alreadyExists('name', 'The sport has a conference with this name already.'),
  },
}

export async function findConferences(tx: Tx, ids: readonly string[]): Promise<Map<string, Conference>> {
  const rows = await tx.conference.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

const BY_NAME: readonly SortKey[] = [
  { field: 'name', order: 'asc', type: 'text' },
  { field: 'id', order: 'asc', type: 'uuid' },
]

export function listConferences(
  database: Database,
  { sportId, seasonId }: ConferenceFilter,
  page: PageArguments,
): Promise<CountedConnection<Conference>> {
  const matching = {
    sportId: sportId ?? undefined,
    entries: seasonId == null ? undefined : { some: { seasonId } },
  }
  return listPlain(database, {
    page,
    order: BY_NAME,
    keyOf: ({ name, id }) => [name, id],
    rows: (client, { where, ...rest }) =>
      client.conference.findMany({ where: { ...matching, AND: where }, ...rest }),
    count: (client) => client.conference.count({ where: matching }),
  })
}

type Values = Pick<Conference, 'name' | 'abbreviation'>

export const insertConference = (
  tx: Tx,
  values: Values & { id?: string; sportId: string },
): Promise<Conference> => tx.conference.create({ data: values })

export const updateConference = (tx: Tx, id: string, values: Partial<Values>): Promise<Conference> =>
  tx.conference.update({ where: { id }, data: values })
