import type { GameUpdates } from '../domain/index.ts'
import { type Happened, type Happening, letHappen } from '../streams/index.ts'

export interface HappeningDone {
  happened: Happened
  /** Subscriptions that were opened at the source so far. */
  followed: number
}

/** Lets events happen when the parent says so, and tells it when they have. */
export function answerHappenings(updates: GameUpdates): void {
  process.on('message', (happening: Happening) => {
    void letHappen(happening, (gameId) => updates.happen(gameId)).then((happened) =>
      process.send?.({ happened, followed: updates.followed } satisfies HappeningDone),
    )
  })
}
