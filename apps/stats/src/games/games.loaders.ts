import type { Clock, PageArguments, PageRequest } from '@courtside/kernel'
import { createBatch } from '@courtside/subgraph'
import type { Database } from '../db.ts'
import { createEntityLoader, type EntityLoader } from '../entity-loader.ts'
import { type CountedConnection, createNestedLists } from '../lists/index.ts'
import {
  countGamesOf,
  GAME_KEY_LENGTH,
  gameKeyOf,
  type GameOwner,
  type GameQuery,
  listGamesOf,
} from './game-lists.repository.ts'
import { findGames } from './games.repository.ts'
import { GAME_STATUSES } from './game-status.policy.ts'
import type { Game } from './game.ts'
import { type GameListArguments, toGameQuery } from './games.input.ts'

export interface GameLoaders extends EntityLoader<Game> {
  listOf(
    owner: GameOwner,
    id: string,
    list: GameListArguments,
    page: PageArguments,
  ): Promise<CountedConnection<Game>>
  nextOf(teamId: string): Promise<Game | null>
  lastOf(teamId: string): Promise<Game | null>
}

/** A list fetches one row more than its limit. */
const ONE: PageRequest = { limit: 0, direction: 'forward', cursor: null }

const MAY_BE_PLAYED = GAME_STATUSES.filter((status) => status !== 'CANCELLED' && status !== 'POSTPONED')

export function createGameLoaders(database: Database, clock: Clock): GameLoaders {
  const now = clock.now()
  const listsOf = (owner: GameOwner) =>
    createNestedLists<GameQuery, Game>(database, {
      keyLength: GAME_KEY_LENGTH,
      keyOf: gameKeyOf,
      rows: listGamesOf(owner),
      counts: countGamesOf(owner),
    })
  const lists = { team: listsOf('team'), season: listsOf('season'), venue: listsOf('venue') }
  const nearest = (query: GameQuery) =>
    createBatch<string, Game>(
      async (teamIds) => {
        const games = await database.read((client) => listGamesOf('team')(client, teamIds, query, ONE))
        return new Map(games.map(({ parentId, ...game }) => [parentId, game]))
      },
      () => null,
    )
  const next = nearest({ filter: { from: now, status: MAY_BE_PLAYED }, direction: 'asc' })
  const last = nearest({ filter: { to: now, status: MAY_BE_PLAYED }, direction: 'desc' })
  return {
    ...createEntityLoader(database, findGames),
    listOf: async (owner, id, list, page) => lists[owner](id, toGameQuery(list), page),
    nextOf: (teamId) => next.load(teamId),
    lastOf: (teamId) => last.load(teamId),
  }
}
