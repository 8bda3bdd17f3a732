import { setTimeout as pause } from 'node:timers/promises'
import type { ChildProgram } from './child-program.ts'

const START_LIMIT_MS = 60_000
const POLL_MS = 50

/** Asks a program again and again until it answers; throws with its last words when it has ended. */
export async function untilAnswering(
  program: Pick<ChildProgram, 'ended'>,
  ask: () => Promise<{ status: number }>,
): Promise<void> {
  const giveUpAt = performance.now() + START_LIMIT_MS
  for (;;) {
    const answered = await ask().then(
      ({ status }) => status !== 503,
      () => false, // Nobody listens yet.
    )
    if (answered) return
    const ended = program.ended()
    if (ended !== null) throw new Error(ended)
    if (performance.now() > giveUpAt) throw new Error(`Nobody answers within ${START_LIMIT_MS / 1000} s`)
    await pause(POLL_MS)
  }
}
