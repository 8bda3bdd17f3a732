import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { id, idempotencyKey, slug, toSlug } from '../input-fields.ts'
import type { CountedConnection } from '../lists/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import { SPORT_KINDS, type Sport } from './sport.ts'
import { insertSport, listSports, sportEntity, updateSport } from './sports.repository.ts'

export interface SportsService {
  list(filter: unknown, page: PageArguments): Promise<CountedConnection<Sport>>
  create(caller: Caller, input: unknown): Promise<Sport>
  update(caller: Caller, input: unknown): Promise<Sport>
  remove(caller: Caller, input: unknown): Promise<string>
}

const sportFilter = z.object({ kind: optional(z.enum(SPORT_KINDS)), slug: optional(slug()) })

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  kind: z.enum(SPORT_KINDS),
  name: text(1, 80),
  slug: optional(slug()),
})

const updateInput = z.object({ id: id(), name: text(1, 80).optional(), slug: slug().optional() })

const removeInput = z.object({ id: id() })

export function createSportsService({
  database,
  writes,
}: {
  database: Database
  writes: Writes
}): SportsService {
  return {
    list: async (filter, page) => listSports(database, parseInput(sportFilter, filter ?? {}), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      return writes.create(caller, sportEntity, {
        input: values,
        idempotencyKey,
        insert: (tx, id) => insertSport(tx, { ...values, id, slug: values.slug ?? toSlug(values.name) }),
      })
    },

    async update(caller, input) {
      const { id, ...values } = parseInput(updateInput, input)
      return writes.update(caller, sportEntity, { id, apply: (tx) => updateSport(tx, id, values) })
    },

    remove: async (caller, input) => writes.remove(caller, sportEntity, parseInput(removeInput, input)),
  }
}
