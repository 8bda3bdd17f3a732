import { type Fact, mapItems, type StreamItem, type StreamReader } from '@courtside/events'
import { isUuid } from '@courtside/kernel'
import type { Database } from '../db.ts'
import { notFound } from '../errors.ts'
import { type GameChange, readGameChange } from './game-change.ts'
import { findGameWithHead } from './game-changes.repository.ts'
import { GAME_REMOVED, gameStream } from './game-facts.ts'
import type { Game } from './game.ts'

export interface GameChangesService {
  /** The game as it is, then every change of it until it is removed; or every change after a cursor. */
  watch(gameId: string, after: string | null): Promise<AsyncIterableIterator<GameChange, undefined>>
}

export interface GameChangesDependencies {
  database: Database
  reader: StreamReader
}

export function createGameChangesService({ database, reader }: GameChangesDependencies): GameChangesService {
  return {
    async watch(gameId, after) {
      const missing = () => notFound('Game', gameId)
      if (!isUuid(gameId)) throw missing()
      // However it is spelt, it is one stream.
      const id = gameId.toLowerCase()
      const items = await reader.read<Game>({
        stream: gameStream(id),
        after,
        snapshot: () => database.read((client) => findGameWithHead(client, id)),
        missing,
        isLast: (fact: Fact) => fact.type === GAME_REMOVED,
      })
      return mapItems(items, toGameChange)
    },
  }
}

function toGameChange(item: StreamItem<Game>): GameChange {
  const { place, cursor } = item
  if (item.kind === 'fact') {
    const { occurredAt, recordedAt } = item.fact
    return { ...readGameChange(item.fact), occurredAt, recordedAt, gap: null, place, cursor }
  }
  const { value: game, gap } = item
  return { kind: 'SNAPSHOT', game, occurredAt: game.updatedAt, recordedAt: null, gap, place, cursor }
}
