import { describe, expect, test } from '@jest/globals'
import { type Line, logInto } from './fixtures/listed-log.ts'
import { createLogOnDemand } from './log-on-demand.ts'

describe('a log on demand', () => {
  test('makes its child once, when there is something to say', () => {
    const lines: Line[] = []
    const recorded = logInto(lines)
    let made = 0
    const parent = { ...recorded, child: (fields: object) => (made++, recorded.child(fields)) }
    const log = createLogOnDemand(parent, { 'request.id': 'r' })
    expect(made).toBe(0)
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({ more: 1 }, `as ${level}`)
    log.child({ job: 'j' }).info({}, 'from below')
    expect(made).toBe(1)
    expect(lines).toEqual([
      ...(['debug', 'info', 'warn', 'error'] as const).map((level) => ({
        level,
        fields: { 'request.id': 'r', more: 1 },
        message: `as ${level}`,
      })),
      { level: 'info', fields: { 'request.id': 'r', job: 'j' }, message: 'from below' },
    ])
  })
})
