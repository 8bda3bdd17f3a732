import { describe, expect, test } from '@jest/globals'
import { createRest } from './rest.ts'

/** Timers that a test fires; how many are set. */
function createTimers() {
  const waiting = new Set<() => void>()
  return {
    timers: {
      now: () => new Date(),
      after(_: number, run: () => void) {
        waiting.add(run)
        return () => void waiting.delete(run)
      },
    },
    waiting,
  }
}

describe('a rest', () => {
  test('is not begun when a hint came since the look before it', async () => {
    const { timers, waiting } = createTimers()
    const rest = createRest(timers)
    rest.begin()
    rest.wake()
    await rest.untilWokenOr(1_000)
    expect(waiting.size).toBe(0)
  })

  test('is begun when the hint was older than that look', () => {
    const { timers, waiting } = createTimers()
    const rest = createRest(timers)
    rest.wake()
    rest.begin()
    void rest.untilWokenOr(1_000)
    expect(waiting.size).toBe(1)
  })

  test('after a failure is not ended by a hint, but by the end', async () => {
    const { timers, waiting } = createTimers()
    const rest = createRest(timers)
    const pause = rest.for(1_000)
    rest.wake()
    expect(waiting.size).toBe(1)
    rest.end()
    await pause
    expect(waiting.size).toBe(0)
  })

  test('is ended by its time', async () => {
    const { timers, waiting } = createTimers()
    const pause = createRest(timers).untilWokenOr(1_000)
    for (const run of [...waiting]) run()
    await pause
    expect(waiting.size).toBe(0)
  })

  test('does not last when the end came before it', async () => {
    const rest = createRest(createTimers().timers)
    rest.end()
    await rest.for(1_000)
  })
})
