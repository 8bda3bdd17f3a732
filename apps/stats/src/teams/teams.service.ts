import type { PageArguments } from '@courtside/kernel'
import { httpUrl, optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { unknownReference } from '../errors.ts'
import { abbreviation, hexColor, id, idempotencyKey, searchWords, slug, toSlug } from '../input-fields.ts'
import { type CountedConnection, directionOf } from '../lists/index.ts'
import { findSports } from '../sports/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import type { Team } from './team.ts'
import { insertTeam, listTeams, teamEntity, updateTeam } from './teams.repository.ts'

export interface TeamsService {
  list(
    filter: unknown,
    order: 'NAME_ASC' | 'NAME_DESC' | null | undefined,
    page: PageArguments,
  ): Promise<CountedConnection<Team>>
  create(caller: Caller, input: unknown): Promise<Team>
  update(caller: Caller, input: unknown): Promise<Team>
  remove(caller: Caller, input: unknown): Promise<string>
}

const teamFilter = z.object({
  search: searchWords(),
  sportId: optional(id()),
  seasonId: optional(id()),
  conferenceId: optional(id()),
  isActive: optional(z.boolean()),
  slug: optional(slug()),
})

const looks = {
  logoUrl: optional(httpUrl()),
  primaryColor: optional(hexColor()),
  secondaryColor: optional(hexColor()),
}

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  sportId: id(),
  name: text(1, 80),
  abbreviation: abbreviation(5),
  slug: optional(slug()),
  city: text(1, 80),
  ...looks,
})

const updateInput = z.object({
  id: id(),
  name: text(1, 80).optional(),
  abbreviation: abbreviation(5).optional(),
  slug: slug().optional(),
  city: text(1, 80).optional(),
  isActive: z.boolean().optional(),
  ...looks,
})

const removeInput = z.object({ id: id() })

export interface TeamsDependencies {
  database: Database
  writes: Writes
}

export function createTeamsService({ database, writes }: TeamsDependencies): TeamsService {
  return {
    list: async (filter, order, page) =>
      listTeams(database, parseInput(teamFilter, filter ?? {}), directionOf(order), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      return writes.create(caller, teamEntity, {
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const { sportId } = values
          if (!(await findSports(tx, [sportId])).has(sportId)) throw unknownReference('sportId', sportId)
          return insertTeam(tx, { ...values, id, slug: values.slug ?? toSlug(values.name) })
        },
      })
    },

    async update(caller, input) {
      const { id, ...changes } = parseInput(updateInput, input)
      return writes.update(caller, teamEntity, { id, apply: (tx) => updateTeam(tx, id, changes) })
    },

    remove: async (caller, input) => writes.remove(caller, teamEntity, parseInput(removeInput, input)),
  }
}
