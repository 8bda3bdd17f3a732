import type { FollowedGameChange } from './followed-game.ts'

/** What waits for one follower: of each game the newest that they have not been told. */
export interface NewestGames {
  /** What is not newer than what they were told, or what waits, is nothing to tell. */
  put(change: FollowedGameChange): void
  /** In the order in which the games were first put. */
  take(): FollowedGameChange | undefined
  /** Leaves out what waits of games that this says no to. */
  keep(isWanted: (change: FollowedGameChange) => boolean): void
  /** What was told may not be true any more: from now on everything is news. */
  forget(): void
}

export function createNewestGames(): NewestGames {
  const waiting = new Map<string, FollowedGameChange>()
  const told = new Map<string, number>()

  return {
    put(change) {
      const { id } = change.game
      const known = waiting.get(id)?.version ?? told.get(id) ?? 0
      if (change.version > known) waiting.set(id, change)
    },
    take() {
      for (const [id, change] of waiting) {
        waiting.delete(id)
        told.set(id, change.version)
        return change
      }
      return undefined
    },
    keep(isWanted) {
      for (const [id, change] of waiting) if (!isWanted(change)) waiting.delete(id)
    },
    forget() {
      waiting.clear()
      told.clear()
    },
  }
}
