import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { unknownReference } from '../errors.ts'
import { abbreviation, id, idempotencyKey } from '../input-fields.ts'
import type { CountedConnection } from '../lists/index.ts'
import { findSports } from '../sports/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import type { Conference } from './conference.ts'
import {
  conferenceEntity,
  insertConference,
  listConferences,
  updateConference,
} from './conferences.repository.ts'

export interface ConferencesService {
  list(filter: unknown, page: PageArguments): Promise<CountedConnection<Conference>>
  create(caller: Caller, input: unknown): Promise<Conference>
  update(caller: Caller, input: unknown): Promise<Conference>
  remove(caller: Caller, input: unknown): Promise<string>
}

const conferenceFilter = z.object({ sportId: optional(id()), seasonId: optional(id()) })

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  sportId: id(),
  name: text(1, 80),
  abbreviation: abbreviation(8),
})

const updateInput = z.object({
  id: id(),
  name: text(1, 80).optional(),
  abbreviation: abbreviation(8).optional(),
})

const removeInput = z.object({ id: id() })

export interface ConferencesDependencies {
  database: Database
  writes: Writes
}

export function createConferencesService({ database, writes }: ConferencesDependencies): ConferencesService {
  return {
    list: async (filter, page) => listConferences(database, parseInput(conferenceFilter, filter ?? {}), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      return writes.create(caller, conferenceEntity, {
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const { sportId } = values
          if (!(await findSports(tx, [sportId])).has(sportId)) throw unknownReference('sportId', sportId)
          return insertConference(tx, { ...values, id })
        },
      })
    },

    async update(caller, input) {
      const { id, ...changes } = parseInput(updateInput, input)
      return writes.update(caller, conferenceEntity, { id, apply: (tx) => updateConference(tx, id, changes) })
    },

    remove: async (caller, input) => writes.remove(caller, conferenceEntity, parseInput(removeInput, input)),
  }
}
