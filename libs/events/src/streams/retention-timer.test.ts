import { silentLogger } from '@courtside/logger'
import { describe, expect, test } from '@jest/globals'
import { createVirtualTime } from '../hub/fixtures/virtual-time.ts'
import type { StreamLog } from '../log/index.ts'
import { createRetentionTimer } from './retention-timer.ts'

const HOUR_MS = 60 * 60 * 1000
const policies = [
  { kind: 'game', keepMs: 2 },
  { kind: 'team', keepMs: 1 },
]

function setUp(retain: StreamLog['retain']) {
  const time = createVirtualTime()
  const timer = createRetentionTimer({ log: { retain }, policies, timers: time, logger: silentLogger })
  return { time, timer }
}

describe('what is no longer kept', () => {
  test('is removed within the first hour and in every later one, each kind by its own policy', async () => {
    const asked: string[] = []
    const { time, timer } = setUp(async ({ kind, keepMs }) => {
      asked.push(`${kind} after ${keepMs}`)
      return 10
    })
    await time.advance(HOUR_MS)
    expect(asked).toEqual(['game after 2', 'team after 1'])
    expect(timer.removed).toBe(20)
    await time.advance(2 * HOUR_MS)
    expect(asked).toHaveLength(6)
    await timer.stop()
    await time.advance(2 * HOUR_MS)
    expect(asked).toHaveLength(6)
  })

  test('is removed also where another kind could not be, and that an hour later', async () => {
    let failures = 0
    const { time, timer } = setUp(async ({ kind }) => {
      if (kind === 'game' && failures++ === 0) throw new Error('The database is away')
      return 1
    })
    await time.advance(HOUR_MS)
    expect(timer.removed).toBe(1)
    await time.advance(HOUR_MS)
    expect(timer.removed).toBe(3)
    await timer.stop()
  })

  test('is given up in the middle when the process ends, which waits for that', async () => {
    const given = Promise.withResolvers<number>()
    const { time, timer } = setUp((_policy, signal) => {
      signal?.addEventListener('abort', () => given.resolve(3))
      return given.promise
    })
    await time.advance(HOUR_MS)
    await timer.stop()
    expect(timer.removed).toBe(3)
  })
})
