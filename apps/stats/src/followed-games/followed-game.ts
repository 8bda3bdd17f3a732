import type { Game, GameChangeKind } from '../games/index.ts'

/** What a follower is told of one game. */
export interface FollowedGameChange {
  readonly kind: GameChangeKind | 'SNAPSHOT'
  readonly occurredAt: Date
  readonly game: Game
  /** Higher for what is newer: of a removed game, one more than it had. */
  readonly version: number
}

export const toSnapshot = (game: Game): FollowedGameChange => ({
  kind: 'SNAPSHOT',
  occurredAt: game.updatedAt,
  game,
  version: game.version,
})
