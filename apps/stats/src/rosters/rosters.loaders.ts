import { type Clock, isUuid } from '@courtside/kernel'
import { createBatch } from '@courtside/subgraph'
import type { Database } from '../db.ts'
import { toDay } from '../day.ts'
import { createEntityLoader, type EntityLoader } from '../entity-loader.ts'
import { batchPerArgument } from '../lists/index.ts'
import type { RosterEntry } from './roster-entry.ts'
import {
  findCurrentEntries,
  findEntriesOfPlayers,
  findRosterEntries,
  findRosters,
  type RosterQuery,
} from './rosters.repository.ts'

export interface RosterLoaders extends EntityLoader<RosterEntry> {
  rosterOf(teamId: string, query: Omit<RosterQuery, 'today'>): Promise<RosterEntry[]>
  currentOf(playerId: string): Promise<RosterEntry | null>
  allOf(playerId: string): Promise<RosterEntry[]>
}

export function createRosterLoaders(database: Database, clock: Clock): RosterLoaders {
  const today = toDay(clock.now())
  const rosters = batchPerArgument((query: Omit<RosterQuery, 'today'>) =>
    createBatch<string, RosterEntry[], RosterEntry[]>(
      (teamIds) => database.read((client) => findRosters(client, teamIds, { ...query, today })),
      () => [],
    ),
  )
  const current = createBatch<string, RosterEntry>(
    (playerIds) => database.read((client) => findCurrentEntries(client, playerIds, today)),
    () => null,
  )
  const all = createBatch<string, RosterEntry[], RosterEntry[]>(
    (playerIds) => database.read((client) => findEntriesOfPlayers(client, playerIds)),
    () => [],
  )
  return {
    ...createEntityLoader(database, findRosterEntries),
    rosterOf: async (teamId, query) =>
      query.seasonId === null || isUuid(query.seasonId) ? rosters(query).load(teamId) : [],
    currentOf: (playerId) => current.load(playerId),
    allOf: (playerId) => all.load(playerId),
  }
}
