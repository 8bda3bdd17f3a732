import type { Clock, PageArguments } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database, Tx } from '../db.ts'
import { toDay } from '../day.ts'
import { unknownReference } from '../errors.ts'
import { day, id, idempotencyKey } from '../input-fields.ts'
import type { CountedConnection } from '../lists/index.ts'
import { findSports } from '../sports/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import type { Season } from './season.ts'
import { leftOutside, wrongDays } from './seasons.errors.ts'
import { faultOfDays, isCurrent, isSeasonLabel, spanOf } from './seasons.policy.ts'
import {
  countGamesOutside,
  countRosterDaysOutside,
  insertSeason,
  listSeasons,
  seasonEntity,
  updateSeason,
} from './seasons.repository.ts'

export interface SeasonsService {
  isCurrent(season: Season): boolean
  list(filter: unknown, page: PageArguments): Promise<CountedConnection<Season>>
  create(caller: Caller, input: unknown): Promise<Season>
  update(caller: Caller, input: unknown): Promise<Season>
  remove(caller: Caller, input: unknown): Promise<string>
}

const seasonFilter = z.object({
  sportId: optional(id()),
  teamId: optional(id()),
  isCurrent: optional(z.boolean()),
})

const label = () =>
  text(4, 9).refine(
    isSeasonLabel,
    'must be one year, such as 2026, or two that follow each other, such as 2026-2027',
  )

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  sportId: id(),
  label: label(),
  startsOn: day(),
  endsOn: day(),
})

const updateInput = z.object({
  id: id(),
  label: label().optional(),
  startsOn: day().optional(),
  endsOn: day().optional(),
})

const removeInput = z.object({ id: id() })

export interface SeasonsDependencies {
  database: Database
  writes: Writes
  clock: Clock
}

export function createSeasonsService({ database, writes, clock }: SeasonsDependencies): SeasonsService {
  const today = () => toDay(clock.now())
  return {
    isCurrent: (season) => isCurrent(season, today()),

    list: async (filter, page) =>
      listSeasons(database, parseInput(seasonFilter, filter ?? {}), today(), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      assertDays(values)
      return writes.create(caller, seasonEntity, {
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const { sportId } = values
          if (!(await findSports(tx, [sportId])).has(sportId)) throw unknownReference('sportId', sportId)
          return insertSeason(tx, { ...values, id })
        },
      })
    },

    async update(caller, input) {
      const { id, ...changes } = parseInput(updateInput, input)
      return writes.update(caller, seasonEntity, {
        id,
        async apply(tx, before) {
          const season = { ...before, ...changes }
          assertDays(season)
          await assertNothingLeftOutside(tx, season)
          return updateSeason(tx, id, season)
        },
      })
    },

    remove: async (caller, input) => writes.remove(caller, seasonEntity, parseInput(removeInput, input)),
  }
}

function assertDays(days: Pick<Season, 'startsOn' | 'endsOn'>): void {
  const fault = faultOfDays(days)
  if (fault !== null) throw wrongDays(fault)
}

/** The season is locked, and whoever schedules a game in it shares a lock: so nothing slips out meanwhile. */
async function assertNothingLeftOutside(tx: Tx, season: Season): Promise<void> {
  const games = await countGamesOutside(tx, season.id, spanOf(season))
  const rosterEntries = await countRosterDaysOutside(tx, season.id, season)
  if (games + rosterEntries > 0) throw leftOutside(games, rosterEntries)
}
