import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import { id, idempotencyKey, moment } from '../input-fields.ts'
import { directionOf } from '../lists/index.ts'
import { GAME_STATUSES } from './game-status.policy.ts'
import type { GameQuery } from './game-lists.repository.ts'

/** What callers may send about games, and how it is checked. */

const gameFilter = z.object({
  sportId: optional(id()),
  seasonId: optional(id()),
  conferenceId: optional(id()),
  teamId: optional(id()),
  venueId: optional(id()),
  status: optional(
    z
      .array(z.enum(GAME_STATUSES))
      .max(100)
      .transform((statuses) => [...new Set(statuses)]),
  ),
  from: optional(moment()),
  to: optional(moment()),
})

export interface GameListArguments {
  filter?: unknown
  order?: 'STARTS_AT_ASC' | 'STARTS_AT_DESC' | null
}

export const toGameQuery = ({ filter, order }: GameListArguments): GameQuery => ({
  filter: parseInput(gameFilter, filter ?? {}),
  direction: directionOf(order) ?? 'asc',
})

const aboutGame = {
  conferenceId: optional(id()),
  venueId: optional(id()),
  ruleSetId: optional(id()),
  name: optional(text(1, 120)),
  round: optional(text(1, 60)),
}

export const createGameInput = z.object({
  idempotencyKey: idempotencyKey(),
  seasonId: id(),
  homeTeamId: id(),
  awayTeamId: id(),
  startsAt: moment(),
  isNeutralSite: z.boolean(),
  ...aboutGame,
})

const seen = { id: id(), expectedVersion: z.int() }

export const updateGameInput = z.object({
  ...seen,
  homeTeamId: id().optional(),
  awayTeamId: id().optional(),
  isNeutralSite: z.boolean().optional(),
  ...aboutGame,
})

export const rescheduleGameInput = z.object({ ...seen, startsAt: moment(), reason: optional(text(1, 500)) })

export const changeGameStatusInput = z.object({
  ...seen,
  status: z.enum(GAME_STATUSES),
  reason: optional(text(1, 500)),
})

export const deleteGameInput = z.object(seen)
