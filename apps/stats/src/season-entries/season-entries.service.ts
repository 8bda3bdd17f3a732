import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput } from '@courtside/validation'
import * as z from 'zod'
import { findConferences } from '../conferences/index.ts'
import type { Database, Tx } from '../db.ts'
import { inactive, otherSport, unknownReference } from '../errors.ts'
import { id, idempotencyKey } from '../input-fields.ts'
import type { CountedConnection } from '../lists/index.ts'
import { findSeasons } from '../seasons/index.ts'
import { findTeams } from '../teams/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import { conferenceGames } from './season-entries.errors.ts'
import {
  countConferenceGames,
  insertSeasonEntry,
  listSeasonEntries,
  seasonEntryEntity,
  updateSeasonEntry,
} from './season-entries.repository.ts'
import type { SeasonEntry } from './season-entry.ts'

export interface SeasonEntriesService {
  list(filter: unknown, page: PageArguments): Promise<CountedConnection<SeasonEntry>>
  create(caller: Caller, input: unknown): Promise<SeasonEntry>
  update(caller: Caller, input: unknown): Promise<SeasonEntry>
  remove(caller: Caller, input: unknown): Promise<string>
}

const entryFilter = z.object({
  seasonId: optional(id()),
  teamId: optional(id()),
  conferenceId: optional(id()),
})

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  seasonId: id(),
  teamId: id(),
  conferenceId: optional(id()),
})

const updateInput = z.object({ id: id(), conferenceId: optional(id()) })

const removeInput = z.object({ id: id() })

export interface SeasonEntriesDependencies {
  database: Database
  writes: Writes
}

export function createSeasonEntriesService(dependencies: SeasonEntriesDependencies): SeasonEntriesService {
  const { database, writes } = dependencies
  return {
    list: async (filter, page) => listSeasonEntries(database, parseInput(entryFilter, filter ?? {}), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      const { seasonId, teamId, conferenceId } = values
      return writes.create(caller, seasonEntryEntity, {
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const season = (await findSeasons(tx, [seasonId])).get(seasonId)
          if (!season) throw unknownReference('seasonId', seasonId)
          const team = (await findTeams(tx, [teamId])).get(teamId)
          if (!team) throw unknownReference('teamId', teamId)
          if (!team.isActive) throw inactive('teamId', teamId)
          const { sportId } = season
          if (team.sportId !== sportId) throw otherSport('teamId', teamId)
          if (conferenceId != null) await assertConferenceOf(tx, sportId, conferenceId)
          return insertSeasonEntry(tx, { ...values, id, sportId })
        },
      })
    },

    async update(caller, input) {
      const { id, conferenceId } = parseInput(updateInput, input)
      return writes.update(caller, seasonEntryEntity, {
        id,
        async apply(tx, before) {
          if (conferenceId === undefined || conferenceId === before.conferenceId) return before
          if (conferenceId !== null) await assertConferenceOf(tx, before.sportId, conferenceId)
          if (before.conferenceId !== null) await assertNoGamesFor(tx, before, before.conferenceId)
          return updateSeasonEntry(tx, id, { conferenceId })
        },
      })
    },

    remove: async (caller, input) => writes.remove(caller, seasonEntryEntity, parseInput(removeInput, input)),
  }
}

async function assertConferenceOf(tx: Tx, sportId: string, conferenceId: string): Promise<void> {
  const conference = (await findConferences(tx, [conferenceId])).get(conferenceId)
  if (!conference) throw unknownReference('conferenceId', conferenceId)
  if (conference.sportId !== sportId) throw otherSport('conferenceId', conferenceId)
}

/** The entry is locked, and whoever schedules a game of the conference holds it: so none is added meanwhile. */
async function assertNoGamesFor(tx: Tx, entry: SeasonEntry, conferenceId: string): Promise<void> {
  const games = await countConferenceGames(tx, entry, conferenceId)
  if (games > 0) throw conferenceGames(conferenceId, games)
}
