import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type Console, withProgress } from './console.ts'

describe('progress', () => {
  let notes: string[]
  const output: Console = { say() {}, note: (text) => notes.push(text), ask: async () => undefined }

  beforeEach(() => {
    notes = []
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  test('is told of what takes over two seconds, and again every ten', async () => {
    const work = Promise.withResolvers<string>()
    const result = withProgress(output, 'Deploying', () => work.promise)
    jest.advanceTimersByTime(1_999)
    expect(notes).toEqual([])
    jest.advanceTimersByTime(20_001)
    expect(notes).toEqual(['Deploying… (2 s)', 'Deploying… (12 s)', 'Deploying… (22 s)'])

    work.resolve('done')
    expect(await result).toBe('done')
    expect(jest.getTimerCount()).toBe(0)
  })

  test('ends also when the work fails', async () => {
    await expect(withProgress(output, 'Deploying', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
    expect(jest.getTimerCount()).toBe(0)
  })
})
