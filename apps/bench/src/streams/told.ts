import { isDeepStrictEqual } from 'node:util'
import { expectedUpdate, type GameUpdate } from '../domain/index.ts'
import type { Told } from './delivery.ts'

/** The two subscriptions that are measured: of the graph of the domain, and of the real one. */
export type Feed = 'domain' | 'real'

interface DomainData {
  gameUpdated: Pick<GameUpdate, 'kind' | 'cursor' | 'seq' | 'game'>
}

interface RealData {
  gameChanged: { kind: string; cursor: string; game: { id: string; version: number } }
}

/** `tell` returns null for what did not happen. */
export const FEEDS: Readonly<Record<Feed, { document: string; tell(data: unknown): Told | null }>> = {
  domain: {
    // Over three subgraphs: the event from one, the teams from another, the host from the third.
    document:
      'subscription Follow($gameId: ID!, $after: Cursor) { gameUpdated(gameId: $gameId, after: $after) { kind cursor seq game { id clock period homeScore awayScore viewers status home { name abbr } away { name abbr } lastPlay { text } hostUser { name handle } } } }',
    tell(data) {
      const update = (data as DomainData).gameUpdated
      const { kind, cursor, seq, game } = update
      if (!isDeepStrictEqual(update, expectedUpdate(game.id, update))) return null
      return { gameId: game.id, seq, cursor, snapshot: kind === 'SNAPSHOT' }
    },
  },
  real: {
    document:
      'subscription Follow($gameId: ID!, $after: Cursor) { gameChanged(gameId: $gameId, after: $after) { kind cursor occurredAt game { id version status round startsAt home { name } away { name } } } }',
    tell(data) {
      const { kind, cursor, game } = (data as RealData).gameChanged
      // Each fact is one version of its game.
      return { gameId: game.id, seq: game.version, cursor, snapshot: kind === 'SNAPSHOT' }
    },
  },
}
