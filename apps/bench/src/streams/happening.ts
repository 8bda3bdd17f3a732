import { sharedNow } from '../machine/index.ts'

/** Events at fixed moments, whether anybody keeps up with them or not. */
export interface Happening {
  readonly gameIds: readonly string[]
  /** How many times; the games take turns. */
  readonly times: number
  readonly everyMs: number
  /** Events of each time, all at once. */
  readonly together: number
}

export type Happened = readonly (readonly [gameId: string, seq: number, due: number])[]

/** With each event the moment at which it was due: a source that is late must not hide that. */
export async function letHappen(
  { gameIds, times, everyMs, together }: Happening,
  happen: (gameId: string) => number,
): Promise<Happened> {
  const happened: [string, number, number][] = []
  const begun = sharedNow() + everyMs
  for (let time = 0; time < times; time++) {
    const due = begun + time * everyMs
    await until(due)
    const gameId = gameIds[time % gameIds.length]
    if (gameId === undefined) break
    for (let count = 0; count < together; count++) happened.push([gameId, happen(gameId), due])
  }
  return happened
}

const until = (moment: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, moment - sharedNow())))
