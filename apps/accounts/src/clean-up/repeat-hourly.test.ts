import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { createRecordedLog } from '@courtside/testing'
import { repeatHourly } from './repeat-hourly.ts'

const MINUTE_MS = 60_000

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

describe('ACC-04: the hourly job', () => {
  test('runs a minute and a half after the start, and then every hour', async () => {
    const job = jest.fn(async () => {})
    const repeated = repeatHourly(job, { log: createRecordedLog(), random: () => 0.5 })
    await jest.advanceTimersByTimeAsync(1.5 * MINUTE_MS - 1)
    expect(job).toHaveBeenCalledTimes(0)
    await jest.advanceTimersByTimeAsync(1)
    expect(job).toHaveBeenCalledTimes(1)
    await jest.advanceTimersByTimeAsync(60 * MINUTE_MS)
    expect(job).toHaveBeenCalledTimes(2)
    await repeated.stop()
  })

  test('does not come together with that of another process', async () => {
    const starts: number[] = []
    const begun = Date.now()
    const job = async () => void starts.push(Date.now() - begun)
    const all = [0, 0.999].map((chance) =>
      repeatHourly(job, { log: createRecordedLog(), random: () => chance }),
    )
    await jest.advanceTimersByTimeAsync(2 * MINUTE_MS)
    expect(starts).toEqual([MINUTE_MS, Math.floor(1.999 * MINUTE_MS)])
    await jest.advanceTimersByTimeAsync(70 * MINUTE_MS)
    expect(starts).toHaveLength(4)
    expect((starts[3] ?? 0) - (starts[2] ?? 0)).toBeGreaterThan(10 * MINUTE_MS)
    await Promise.all(all.map((one) => one.stop()))
  })

  test('says when it failed and runs again', async () => {
    const log = createRecordedLog()
    const job = jest.fn(async () => {
      throw new Error('the database is away')
    })
    const repeated = repeatHourly(job, { log, random: () => 0 })
    await jest.advanceTimersByTimeAsync(MINUTE_MS + 54 * MINUTE_MS)
    expect(job).toHaveBeenCalledTimes(2)
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'Cleaning up failed; it is tried again in an hour'],
      ['error', 'Cleaning up failed; it is tried again in an hour'],
    ])
    await repeated.stop()
  })

  test('ends in a drain: the run under way is told and waited for, and no other begins', async () => {
    let finish = () => {}
    const signals: AbortSignal[] = []
    const job = (signal: AbortSignal) => {
      signals.push(signal)
      return new Promise<void>((resolve) => (finish = resolve))
    }
    const repeated = repeatHourly(job, { log: createRecordedLog(), random: () => 0 })
    await jest.advanceTimersByTimeAsync(MINUTE_MS)
    let stopped = false
    const stopping = repeated.stop().then(() => (stopped = true))
    await jest.advanceTimersByTimeAsync(0)
    expect([signals[0]?.aborted, stopped]).toEqual([true, false])
    finish()
    await stopping
    await jest.advanceTimersByTimeAsync(600 * MINUTE_MS)
    expect(signals).toHaveLength(1)
  })

  test('that never began is simply not begun', async () => {
    const job = jest.fn(async () => {})
    await repeatHourly(job, { log: createRecordedLog() }).stop()
    await jest.advanceTimersByTimeAsync(600 * MINUTE_MS)
    expect(job).not.toHaveBeenCalled()
  })
})
