import type { Clock, PageArguments } from '@courtside/kernel'
import { toConnection, toPageRequest } from '@courtside/kernel'
import { parseInput } from '@courtside/validation'
import type { Database } from '../db.ts'
import type { CountedConnection } from '../lists/index.ts'
import { type Caller, changedFields, type Writes } from '../writes/index.ts'
import { assertPlan, assertTeamsFree } from './game-plan.ts'
import { countGames, GAME_KEY_LENGTH, gameKeyOf, listGames } from './game-lists.repository.ts'
import { canBecome, needsReason, timesAfter } from './game-status.policy.ts'
import type { Game } from './game.ts'
import {
  alreadyStarted,
  illegalTransition,
  notDeletable,
  notReschedulable,
  reasonNeeded,
  versionConflict,
} from './games.errors.ts'
import {
  changeGameStatusInput,
  createGameInput,
  deleteGameInput,
  type GameListArguments,
  rescheduleGameInput,
  toGameQuery,
  updateGameInput,
} from './games.input.ts'
import { canChangeSides, canDelete, canReschedule, occupiesTeams } from './games.policy.ts'
import { gameEntity, insertGame, updateGame } from './games.repository.ts'

export interface GamesService {
  list(list: GameListArguments, page: PageArguments): Promise<CountedConnection<Game>>
  create(caller: Caller, input: unknown): Promise<Game>
  update(caller: Caller, input: unknown): Promise<Game>
  reschedule(caller: Caller, input: unknown): Promise<Game>
  changeStatus(caller: Caller, input: unknown): Promise<Game>
  remove(caller: Caller, input: unknown): Promise<string>
}

export interface GamesDependencies {
  database: Database
  writes: Writes
  clock: Clock
}

export function createGamesService({ database, writes, clock }: GamesDependencies): GamesService {
  return {
    async list(list, args) {
      const query = toGameQuery(list)
      const page = toPageRequest(args, GAME_KEY_LENGTH)
      const games = await database.read((client) => listGames(client, query, page))
      return {
        ...toConnection(games, page, gameKeyOf, (game) => game),
        count: () => database.read((client) => countGames(client, query.filter)),
      }
    },

    async create(caller, input) {
      const { idempotencyKey, ...values } = parseInput(createGameInput, input)
      return writes.create(caller, gameEntity, {
        input: values,
        idempotencyKey,
        async insert(tx, id) {
          const plan = {
            conferenceId: null,
            venueId: null,
            ruleSetId: null,
            name: null,
            round: null,
            ...values,
          }
          const { sportId } = await assertPlan(tx, plan)
          await assertTeamsFree(tx, plan, null)
          return insertGame(tx, { ...plan, id, sportId, statusChangedAt: clock.now() })
        },
      })
    },

    async update(caller, input) {
      const { id, expectedVersion, ...changes } = parseInput(updateGameInput, input)
      return writes.update(caller, gameEntity, {
        id,
        async apply(tx, before) {
          assertVersion(before, expectedVersion)
          const after = { ...before, ...changes }
          if (!changedFields(before, after)) return before
          const movesTeams = after.homeTeamId !== before.homeTeamId || after.awayTeamId !== before.awayTeamId
          if ((movesTeams || after.ruleSetId !== before.ruleSetId) && !canChangeSides(before.status)) {
            throw alreadyStarted(before.status)
          }
          await assertPlan(tx, after, before)
          if (movesTeams && occupiesTeams(before.status)) await assertTeamsFree(tx, after, id)
          return updateGame(tx, id, changes)
        },
      })
    },

    async reschedule(caller, input) {
      const { id, expectedVersion, startsAt, reason } = parseInput(rescheduleGameInput, input)
      return writes.update(caller, gameEntity, {
        id,
        operation: 'reschedule',
        async apply(tx, before) {
          assertVersion(before, expectedVersion)
          if (!canReschedule(before.status)) throw notReschedulable(before.status)
          const after = { ...before, startsAt }
          await assertPlan(tx, after, before)
          await assertTeamsFree(tx, after, id)
          return updateGame(tx, id, {
            startsAt,
            status: 'SCHEDULED',
            statusReason: reason ?? null,
            statusChangedAt: clock.now(),
          })
        },
      })
    },

    async changeStatus(caller, input) {
      const { id, expectedVersion, status, reason } = parseInput(changeGameStatusInput, input)
      if (needsReason(status) && reason == null) throw reasonNeeded(status)
      return writes.update(caller, gameEntity, {
        id,
        operation: 'change-status',
        async apply(tx, before) {
          assertVersion(before, expectedVersion)
          if (!canBecome(before, status)) throw illegalTransition(before, status)
          if (!occupiesTeams(before.status) && occupiesTeams(status)) await assertTeamsFree(tx, before, id)
          const now = clock.now()
          return updateGame(tx, id, {
            status,
            statusReason: reason ?? null,
            statusChangedAt: now,
            ...timesAfter(before, status, now),
          })
        },
      })
    },

    async remove(caller, input) {
      const { id, expectedVersion } = parseInput(deleteGameInput, input)
      return writes.remove(caller, gameEntity, {
        id,
        assert(game) {
          assertVersion(game, expectedVersion)
          if (!canDelete(game)) throw notDeletable(game.status)
        },
      })
    },
  }
}

function assertVersion(game: Game, expected: number): void {
  if (game.version !== expected) throw versionConflict(expected, game.version)
}
