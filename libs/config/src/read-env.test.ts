import { describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import * as z from 'zod'
import { booleanFlag, port, readEnv, secondsBetween, urlOf } from './index.ts'

const shape = {
  PORT: port(4000),
  DATABASE_URL: urlOf('postgres', 'postgresql'),
  TRUST_PROXY: booleanFlag(false),
  TOKEN_SECONDS: secondsBetween(60, 3600, 300),
  NAME: z.string().optional(),
}

describe('reading the environment', () => {
  test('fills in defaults and converts what is given', () => {
    const env = readEnv(shape, {
      DATABASE_URL: 'postgres://localhost/x',
      TRUST_PROXY: 'yes',
      OTHER: 'ignored',
    })
    expect(env).toEqual({
      PORT: 4000,
      DATABASE_URL: 'postgres://localhost/x',
      TRUST_PROXY: true,
      TOKEN_SECONDS: 300,
    })
    expect(Object.isFrozen(env)).toBe(true)
  })

  test('names every fault in one message', () => {
    const read = () => readEnv(shape, { PORT: '70000', TRUST_PROXY: 'maybe', TOKEN_SECONDS: '5' })
    expect(read).toThrow(StartupError)
    expect(read).toThrow(/PORT: expected a port/)
    expect(read).toThrow(/DATABASE_URL is not set: expected a URL beginning with postgres:\/\//)
    expect(read).toThrow(/TRUST_PROXY: expected one of/)
    expect(read).toThrow(/TOKEN_SECONDS: expected a whole number of seconds from 60 to 3600/)
  })

  test('takes an empty variable as unset', () => {
    expect(readEnv({ PORT: port(4000) }, { PORT: '' })).toEqual({ PORT: 4000 })
  })
})
