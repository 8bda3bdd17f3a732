import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput } from '@courtside/validation'
import * as z from 'zod'
import type { Database, Tx } from '../db.ts'
import { inactive, otherSport, unknownReference } from '../errors.ts'
import { day, id, idempotencyKey } from '../input-fields.ts'
import type { CountedConnection } from '../lists/index.ts'
import { findPlayers } from '../players/index.ts'
import { holdSeasonEntries } from '../season-entries/index.ts'
import { holdSeason, notInSeason, type Season } from '../seasons/index.ts'
import { findTeams } from '../teams/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import type { RosterEntry } from './roster-entry.ts'
import { wrongDay } from './rosters.errors.ts'
import { faultOfStay } from './rosters.policy.ts'
import {
  insertRosterEntry,
  listRosterEntries,
  rosterEntryEntity,
  updateRosterEntry,
} from './rosters.repository.ts'

export interface RostersService {
  list(filter: unknown, page: PageArguments): Promise<CountedConnection<RosterEntry>>
  create(caller: Caller, input: unknown): Promise<RosterEntry>
  update(caller: Caller, input: unknown): Promise<RosterEntry>
  remove(caller: Caller, input: unknown): Promise<string>
}

const rosterFilter = z.object({
  teamId: optional(id()),
  seasonId: optional(id()),
  playerId: optional(id()),
  isActive: optional(z.boolean()),
})

const playerNumber = () => z.int().refine((value) => value >= 0 && value <= 99, 'must be from 0 to 99')

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  teamId: id(),
  seasonId: id(),
  playerId: id(),
  number: playerNumber(),
  isCaptain: z.boolean(),
  isLibero: z.boolean(),
  joinedOn: optional(day()),
})

const updateInput = z.object({
  id: id(),
  number: playerNumber().optional(),
  isCaptain: z.boolean().optional(),
  isLibero: z.boolean().optional(),
  joinedOn: day().optional(),
  leftOn: optional(day()),
})

const removeInput = z.object({ id: id() })

export interface RostersDependencies {
  database: Database
  writes: Writes
}

export function createRostersService({ database, writes }: RostersDependencies): RostersService {
  return {
    list: async (filter, page) => listRosterEntries(database, parseInput(rosterFilter, filter ?? {}), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      return writes.create(caller, rosterEntryEntity, {
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const season = await assertPlace(tx, values)
          const stay = { joinedOn: values.joinedOn ?? season.startsOn, leftOn: null }
          assertStay(stay, season)
          return insertRosterEntry(tx, { ...values, ...stay, id, sportId: season.sportId })
        },
      })
    },

    async update(caller, input) {
      const { id, ...changes } = parseInput(updateInput, input)
      return writes.update(caller, rosterEntryEntity, {
        id,
        async apply(tx, before) {
          const season = await holdSeason(tx, before.seasonId)
          if (!season) throw unknownReference('seasonId', before.seasonId)
          const after = { ...before, ...changes }
          assertStay(after, season)
          return updateRosterEntry(tx, id, after)
        },
      })
    },

    remove: async (caller, input) => writes.remove(caller, rosterEntryEntity, parseInput(removeInput, input)),
  }
}

/** That the team plays in the season, and that both team and player compete. Returns the season. */
async function assertPlace(
  tx: Tx,
  { seasonId, teamId, playerId }: Pick<RosterEntry, 'seasonId' | 'teamId' | 'playerId'>,
): Promise<Season> {
  const season = await holdSeason(tx, seasonId)
  if (!season) throw unknownReference('seasonId', seasonId)
  const team = (await findTeams(tx, [teamId])).get(teamId)
  if (!team) throw unknownReference('teamId', teamId)
  if (!team.isActive) throw inactive('teamId', teamId)
  if (team.sportId !== season.sportId) throw otherSport('seasonId', seasonId)
  const entries = await holdSeasonEntries(tx, seasonId, [teamId])
  if (entries.length === 0) throw notInSeason('teamId', teamId, seasonId)
  const player = (await findPlayers(tx, [playerId])).get(playerId)
  if (!player) throw unknownReference('playerId', playerId)
  if (!player.isActive) throw inactive('playerId', playerId)
  return season
}

function assertStay(stay: Pick<RosterEntry, 'joinedOn' | 'leftOn'>, season: Season): void {
  const found = faultOfStay(stay, season)
  if (found) throw wrongDay(found.field, found.fault)
}
