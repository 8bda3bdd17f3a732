import { describe, expect, test } from '@jest/globals'
import type { Logger } from '@courtside/logger'
import { createRecordedLog } from '@courtside/testing'
import { createLazyLogger } from './index.ts'

/** A recorded log that counts how many loggers were made of it. */
function countingLog() {
  const recorded = createRecordedLog()
  const counted = { children: 0 }
  const log: Logger = {
    ...recorded,
    child(fields) {
      counted.children++
      return recorded.child(fields)
    },
  }
  return { log, lines: recorded.lines, counted }
}

describe('the logger of a request', () => {
  test('is not made while nothing is said', () => {
    const { log, counted } = countingLog()
    createLazyLogger(log, { 'request.id': 'r' }).child({ 'user.id': 'u' })
    expect(counted.children).toBe(0)
  })

  test('is made once, and every line carries its fields and those of its parents', () => {
    const { log, lines, counted } = countingLog()
    const request = createLazyLogger(log, { 'request.id': 'r' })
    const caller = request.child({ 'user.id': 'u' })
    caller.debug({ n: 1 }, 'one')
    caller.info({ n: 2 }, 'two')
    request.warn({ n: 3 }, 'three')
    caller.child({ part: 'p' }).error({ n: 4 }, 'four')
    expect(counted.children).toBe(1)
    expect(lines).toEqual([
      { level: 'debug', fields: { 'request.id': 'r', 'user.id': 'u', n: 1 }, message: 'one' },
      { level: 'info', fields: { 'request.id': 'r', 'user.id': 'u', n: 2 }, message: 'two' },
      { level: 'warn', fields: { 'request.id': 'r', n: 3 }, message: 'three' },
      { level: 'error', fields: { 'request.id': 'r', 'user.id': 'u', part: 'p', n: 4 }, message: 'four' },
    ])
  })
})
