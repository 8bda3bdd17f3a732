import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { country, id, idempotencyKey, searchWords, timeZone } from '../input-fields.ts'
import { type CountedConnection, directionOf } from '../lists/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import type { Venue } from './venue.ts'
import { insertVenue, listVenues, updateVenue, venueEntity } from './venues.repository.ts'

export interface VenuesService {
  list(
    filter: unknown,
    order: 'NAME_ASC' | 'NAME_DESC' | null | undefined,
    page: PageArguments,
  ): Promise<CountedConnection<Venue>>
  create(caller: Caller, input: unknown): Promise<Venue>
  update(caller: Caller, input: unknown): Promise<Venue>
  remove(caller: Caller, input: unknown): Promise<string>
}

const venueFilter = z.object({ search: searchWords(), country: optional(country()) })

const capacity = () =>
  optional(z.int().refine((value) => value >= 1 && value <= 500_000, 'must be from 1 to 500000'))

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  name: text(1, 120),
  city: text(1, 80),
  country: country(),
  capacity: capacity(),
  timeZone: timeZone(),
})

const updateInput = z.object({
  id: id(),
  name: text(1, 120).optional(),
  city: text(1, 80).optional(),
  country: country().optional(),
  capacity: capacity(),
  timeZone: timeZone().optional(),
})

const removeInput = z.object({ id: id() })

export interface VenuesDependencies {
  database: Database
  writes: Writes
}

export function createVenuesService({ database, writes }: VenuesDependencies): VenuesService {
  return {
    list: async (filter, order, page) =>
      listVenues(database, parseInput(venueFilter, filter ?? {}), directionOf(order), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      return writes.create(caller, venueEntity, {
        input: values,
        idempotencyKey,
        insert: (tx, id) => insertVenue(tx, { ...values, id }),
      })
    },

    async update(caller, input) {
      const { id, ...changes } = parseInput(updateInput, input)
      return writes.update(caller, venueEntity, { id, apply: (tx) => updateVenue(tx, id, changes) })
    },

    remove: async (caller, input) => writes.remove(caller, venueEntity, parseInput(removeInput, input)),
  }
}
