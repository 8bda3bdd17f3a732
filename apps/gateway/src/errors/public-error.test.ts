import { describe, expect, test } from '@jest/globals'
import { refuse, toPublicError, withoutSuggestions } from './index.ts'

const inProduction = { hideSuggestions: true }

describe('an error on its way out', () => {
  test('of a subgraph keeps its message, its path and its public details', () => {
    const error = {
      message: 'The game has started.',
      path: ['game', 0, 'title'],
      locations: [{ line: 1, column: 1 }],
      extensions: {
        code: 'GAME_STARTED',
        retryable: false,
        faults: [{ field: 'a' }],
        allowed: ['B'],
        serviceName: 'stats',
      },
    }
    expect(toPublicError(error, inProduction)).toEqual({
      error: {
        message: 'The game has started.',
        path: ['game', 0, 'title'],
        extensions: { code: 'GAME_STARTED', retryable: false, faults: [{ field: 'a' }], allowed: ['B'] },
      },
    })
  })

  test.each([
    ['without a code', {}],
    ['of a library', { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['at db.ts'] }],
    ['that Apollo could not place', { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'stats' }],
    [
      'that is our own mistake towards a subgraph',
      { code: 'GRAPHQL_VALIDATION_FAILED', serviceName: 'stats' },
    ],
    ['with something else for a code', { code: 'SELECT * FROM users' }],
    ['with a number for a code', { code: 23505 }],
  ])('%s says nothing but an id', (_, extensions) => {
    const { error, unexpected } = toPublicError(
      { message: 'SELECT secret FROM vault', path: ['a'], extensions },
      inProduction,
    )
    expect(unexpected?.errorId).toMatch(/^[0-9a-f-]{36}$/)
    expect(error).toEqual({
      message: `Something went wrong on our side. If it stays, report it with the id ${unexpected?.errorId}.`,
      path: ['a'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: unexpected?.errorId },
    })
  })

  test('keeps the id under which a subgraph has logged it', () => {
    const errorId = '4b1c2d3e-0000-4000-8000-123456789abc'
    const extensions = { code: 'INTERNAL_SERVER_ERROR', errorId, serviceName: 'stats' }
    expect(toPublicError({ message: 'x', extensions }, inProduction).unexpected).toEqual({ errorId })
    const forged = { code: 'INTERNAL_SERVER_ERROR', errorId: 'SELECT 1' }
    expect(toPublicError({ message: 'x', extensions: forged }, inProduction).unexpected?.errorId).not.toBe(
      'SELECT 1',
    )
  })

  test('ends its path where the plan begins', () => {
    const extensions = { code: 'GONE', serviceName: 'stats' }
    expect(
      toPublicError({ message: 'x', path: ['games', '@', 'mvp', '_entities'], extensions }, inProduction)
        .error.path,
    ).toEqual(['games'])
  })

  test.each<[unknown]>([[{ secret: 1 }], [['games']], [1.5], [null]])(
    'ends its path before what is no step of one: %j',
    (step) => {
      const path = ['games', 0, step, 'title'] as string[]
      const extensions = { code: 'GONE', serviceName: 'stats' }
      expect(toPublicError({ message: 'x', path, extensions }, inProduction).error.path).toEqual(['games', 0])
    },
  )

  test('suggests names in development only, and never of a subgraph', () => {
    const message = 'Field "naem" is not defined by type "X". Did you mean "name"?'
    const error = { message, extensions: { code: 'BAD_USER_INPUT' } }
    expect(toPublicError(error, inProduction).error.message).toBe('Field "naem" is not defined by type "X".')
    expect(toPublicError(error, { hideSuggestions: false }).error.message).toBe(message)
  })
})

describe('a message of any length', () => {
  const published = (message: string, hideSuggestions: boolean) =>
    toPublicError({ message, extensions: { code: 'BAD_USER_INPUT' } }, { hideSuggestions }).error.message

  test('is cut, and says so', () => {
    const fits = 'x'.repeat(300)
    expect(published(fits, false)).toBe(fits)
    expect(published(`${fits}x`, false)).toBe(`${'x'.repeat(299)}…`)
    expect(published('🏐'.repeat(200), false)).toMatch(/^🏐{149}.…$/u)
  })

  test('is cut in a refusal too', () => {
    expect(refuse(400, 'BAD_USER_INPUT', 'x'.repeat(240_000)).errors[0].message).toHaveLength(300)
  })

  test('is searched for suggestions once it is cut, and none is left half', () => {
    // A search that starts anew at each blank takes minutes for so many, and the test is ended before.
    expect(withoutSuggestions(`${' '.repeat(1_000_000)}x`)).toHaveLength(300)
    expect(withoutSuggestions(`${'x'.repeat(400)}. Did you mean "secret"?`)).toBe(`${'x'.repeat(299)}…`)
    expect(published(`${'x'.repeat(270)}. Did you mean "secret", or "vault"?`, true)).not.toContain('secret')
  })
})

describe('a message without its suggestions', () => {
  test.each([
    ['Cannot query field "a" on type "B". Did you mean "c" or "d"?', 'Cannot query field "a" on type "B".'],
    [
      'Cannot query field "a" on type "B". Did you mean to use an inline fragment on "C"?',
      'Cannot query field "a" on type "B".',
    ],
    [
      'Value "X" does not exist in "E" enum. Did you mean the enum value "Y"?',
      'Value "X" does not exist in "E" enum.',
    ],
    ['Unknown type "A". Did you mean "B",\n"C"?', 'Unknown type "A".'],
    ['What did you mean by that?', 'What did you mean by that?'],
  ])('%j becomes %j', (message, expected) => {
    expect(withoutSuggestions(message)).toBe(expected)
  })
})
