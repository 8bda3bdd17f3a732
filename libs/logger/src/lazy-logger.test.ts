import { describe, expect, test } from '@jest/globals'
import { createLazyLogger, type Logger } from './index.ts'

/** Keeps its lines, and counts how many loggers were made of it. */
function recordingLog() {
  const lines: object[] = []
  const counted = { children: 0 }
  const loggerWith = (inherited: object): Logger => {
    const at = (level: string) => (fields: object, message: string) =>
      void lines.push({ level, fields: { ...inherited, ...fields }, message })
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child(fields) {
        counted.children++
        return loggerWith({ ...inherited, ...fields })
      },
    }
  }
  return { log: loggerWith({}), lines, counted }
}

describe('the logger of a request', () => {
  test('is not made while nothing is said', () => {
    const { log, counted } = recordingLog()
    createLazyLogger(log, { 'request.id': 'r' }).child({ 'user.id': 'u' })
    expect(counted.children).toBe(0)
  })

  test('is made once, and every line carries its fields and those of its parents', () => {
    const { log, lines, counted } = recordingLog()
    const request = createLazyLogger(log, { 'request.id': 'r' })
    const caller = request.child({ 'user.id': 'u' })
    caller.debug({ n: 1 }, 'one')
    caller.info({ n: 2 }, 'two')
    request.warn({ n: 3 }, 'three')
    caller.child({ part: 'p' }).error({ n: 4 }, 'four')
    // The request's, the caller's and that of its part.
    expect(counted.children).toBe(3)
    expect(lines).toEqual([
      { level: 'debug', fields: { 'request.id': 'r', 'user.id': 'u', n: 1 }, message: 'one' },
      { level: 'info', fields: { 'request.id': 'r', 'user.id': 'u', n: 2 }, message: 'two' },
      { level: 'warn', fields: { 'request.id': 'r', n: 3 }, message: 'three' },
      { level: 'error', fields: { 'request.id': 'r', 'user.id': 'u', part: 'p', n: 4 }, message: 'four' },
    ])
  })
})
