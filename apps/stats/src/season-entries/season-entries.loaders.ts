import { type Clock, isUuid, type PageArguments } from '@courtside/kernel'
import { createBatch } from '@courtside/subgraph'
import { optional, parseInput } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { toDay } from '../day.ts'
import { createEntityLoader, type EntityLoader } from '../entity-loader.ts'
import { id } from '../input-fields.ts'
import { batchPerArgument, type CountedConnection, createNestedLists } from '../lists/index.ts'
import {
  countSeasonTeams,
  findConferenceIds,
  findSeasonEntries,
  listSeasonTeams,
  SEASON_TEAM_KEY_LENGTH,
  type SeasonTeam,
  type SeasonTeamFilter,
  seasonTeamKeyOf,
} from './season-entries.repository.ts'
import type { SeasonEntry } from './season-entry.ts'

const teamFilter = z.object({ conferenceId: optional(id()) })

export interface SeasonEntryLoaders extends EntityLoader<SeasonEntry> {
  /** Without a season: that of today. */
  conferenceIdOf(teamId: string, seasonId: string | null): Promise<string | null>
  teamsOf(seasonId: string, filter: object, page: PageArguments): Promise<CountedConnection<SeasonTeam>>
}

export function createSeasonEntryLoaders(database: Database, clock: Clock): SeasonEntryLoaders {
  const conferenceIds = batchPerArgument((seasonId: string | null) =>
    createBatch<string, string>(
      (teamIds) =>
        database.read((client) =>
          findConferenceIds(
            client,
            teamIds,
            seasonId === null ? { today: toDay(clock.now()) } : { seasonId },
          ),
        ),
      () => null,
    ),
  )
  const teams = createNestedLists<SeasonTeamFilter, SeasonTeam>(database, {
    keyLength: SEASON_TEAM_KEY_LENGTH,
    keyOf: seasonTeamKeyOf,
    rows: listSeasonTeams,
    counts: countSeasonTeams,
  })
  return {
    ...createEntityLoader(database, findSeasonEntries),
    conferenceIdOf: async (teamId, seasonId) =>
      seasonId === null || isUuid(seasonId) ? conferenceIds(seasonId).load(teamId) : null,
    teamsOf: async (seasonId, filter, page) => teams(seasonId, parseInput(teamFilter, filter), page),
  }
}
