import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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

describe('a value in a file', () => {
  let folder: string
  const inFile = (name: string, text: string) => {
    const file = path.join(folder, name)
    writeFileSync(file, text)
    return file
  }
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'read-env-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('is as good as one in the variable, without the line break at its end', () => {
    const NAME_FILE = inFile('name', 'two\nlines\n')
    expect(readEnv({ NAME: z.string() }, { NAME_FILE })).toEqual({ NAME: 'two\nlines' })
    expect(readEnv({ NAME: z.string() }, { NAME: '', NAME_FILE })).toEqual({ NAME: 'two\nlines' })
    expect(readEnv({ NAME: z.string() }, { NAME: 'plain', NAME_FILE: '' })).toEqual({ NAME: 'plain' })
  })

  test('of an empty file is unset', () => {
    const empty = inFile('empty', '\n')
    expect(readEnv({ PORT: port(4000) }, { PORT_FILE: empty })).toEqual({ PORT: 4000 })
    expect(() => readEnv({ NAME: z.string('expected a name') }, { NAME_FILE: empty })).toThrow(
      'NAME is not set: expected a name',
    )
  })

  test('is checked like any other, and never repeated', () => {
    const PORT_FILE = inFile('port', 'secret words')
    const read = () => readEnv({ PORT: port(4000) }, { PORT_FILE })
    expect(read).toThrow('PORT_FILE: expected a port from 0 to 65535')
    expect(read).not.toThrow(/secret words/)
  })

  test('is refused beside a variable that says it too, and when the file cannot be read', () => {
    const twice = () => readEnv({ NAME: z.string() }, { NAME: 'a', NAME_FILE: inFile('b', 'b') })
    expect(twice).toThrow(StartupError)
    expect(twice).toThrow('  NAME and NAME_FILE are both set: keep one of them\n')
    const missing = path.join(folder, 'missing')
    expect(() => readEnv({ NAME: z.string().optional() }, { NAME_FILE: missing })).toThrow(
      `  NAME_FILE names the file ${missing}, which cannot be read: ENOENT\n`,
    )
  })
})
