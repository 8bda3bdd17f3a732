import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { country, day, id, idempotencyKey, searchWords } from '../input-fields.ts'
import { type CountedConnection, directionOf } from '../lists/index.ts'
import type { Caller, Writes } from '../writes/index.ts'
import { type Player, PLAYER_POSITIONS } from './player.ts'
import { insertPlayer, listPlayers, playerEntity, updatePlayer } from './players.repository.ts'

export interface PlayersService {
  list(
    filter: unknown,
    order: 'NAME_ASC' | 'NAME_DESC' | null | undefined,
    page: PageArguments,
  ): Promise<CountedConnection<Player>>
  create(caller: Caller, input: unknown): Promise<Player>
  update(caller: Caller, input: unknown): Promise<Player>
  remove(caller: Caller, input: unknown): Promise<string>
}

const playerFilter = z.object({
  search: searchWords(),
  teamId: optional(id()),
  seasonId: optional(id()),
  position: optional(z.enum(PLAYER_POSITIONS)),
  nationality: optional(country()),
  isActive: optional(z.boolean()),
})

const person = {
  birthDate: optional(day()),
  heightCm: optional(z.int().refine((value) => value >= 100 && value <= 250, 'must be from 100 to 250')),
  position: optional(z.enum(PLAYER_POSITIONS)),
  nationality: optional(country()),
}

const createInput = z.object({
  idempotencyKey: idempotencyKey(),
  firstName: text(1, 60),
  lastName: text(1, 60),
  displayName: optional(text(1, 120)),
  ...person,
})

const updateInput = z.object({
  id: id(),
  firstName: text(1, 60).optional(),
  lastName: text(1, 60).optional(),
  displayName: text(1, 120).optional(),
  isActive: z.boolean().optional(),
  ...person,
})

const removeInput = z.object({ id: id() })

export interface PlayersDependencies {
  database: Database
  writes: Writes
}

export function createPlayersService({ database, writes }: PlayersDependencies): PlayersService {
  return {
    list: async (filter, order, page) =>
      listPlayers(database, parseInput(playerFilter, filter ?? {}), directionOf(order), page),

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createInput, input)
      const displayName = values.displayName ?? `${values.firstName} ${values.lastName}`
      return writes.create(caller, playerEntity, {
        input: values,
        idempotencyKey,
        insert: (tx, id) => insertPlayer(tx, { ...values, id, displayName }),
      })
    },

    async update(caller, input) {
      const { id, ...changes } = parseInput(updateInput, input)
      return writes.update(caller, playerEntity, { id, apply: (tx) => updatePlayer(tx, id, changes) })
    },

    remove: async (caller, input) => writes.remove(caller, playerEntity, parseInput(removeInput, input)),
  }
}
