import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readEnv } from '@courtside/config'
import { createMetrics } from '@courtside/http'
import { StartupError } from '@courtside/kernel'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadStreamSettings, streamsEnvShape } from './index.ts'

const SECRET = Buffer.alloc(32, 7).toString('base64')

const read = (environment: Record<string, string>, production = false) =>
  readEnv(streamsEnvShape(production), environment)

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'courtside-streams-'))
})
afterAll(() => rm(directory, { recursive: true }))

const load = (environment: Record<string, string>) =>
  loadStreamSettings(read(environment), directory, createMetrics())

describe('the keys that sign cursors', () => {
  test('are several, the newest first', () => {
    const { CURSOR_KEYS } = read({
      CURSOR_KEYS: `2:${SECRET}, 1:${Buffer.alloc(48, 1).toString('base64url')}`,
    })
    expect(CURSOR_KEYS).toEqual([
      { id: 2, secret: Buffer.alloc(32, 7) },
      { id: 1, secret: Buffer.alloc(48, 1) },
    ])
  })

  test.each([
    ['no id', SECRET],
    ['an id that is too large', `256:${SECRET}`],
    ['a secret that is too short', '1:c2VjcmV0'],
    ['a secret that is no base64', `1:${'!'.repeat(44)}`],
    ['one that is empty', `1:${SECRET},`],
  ])('are refused with %s', (_what, keys) => {
    expect(() => read({ CURSOR_KEYS: keys })).toThrow(/CURSOR_KEYS: expected the keys that sign cursors/)
  })

  test('are refused when two have the same id', () => {
    expect(() => read({ CURSOR_KEYS: `1:${SECRET},1:${SECRET}` })).toThrow(/two have the same id/)
  })

  test('are demanded in production', () => {
    expect(() => read({}, true)).toThrow(/CURSOR_KEYS is not set: expected the keys/)
    expect(read({ CURSOR_KEYS: `1:${SECRET}` }, true).CURSOR_KEYS).toHaveLength(1)
  })

  test('are made once for a workspace, so that cursors outlive its processes', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => load({})))
    const [first] = all
    expect(first?.cursorKeys[0]?.secret.byteLength).toBe(32)
    for (const { cursorKeys } of [...all, await load({})]) expect(cursorKeys).toEqual(first?.cursorKeys)
    const { mode } = await stat(path.join(directory, 'cursor-key'))
    expect(mode & 0o077).toBe(0)
  })

  test('are not taken from a damaged file', async () => {
    const file = path.join(directory, 'cursor-key')
    const whole = await readFile(file, 'utf8')
    await writeFile(file, whole.slice(1))
    await expect(load({})).rejects.toThrow(/damaged\. Delete it and start again/)
    await writeFile(file, whole)
  })
})

describe('the bus', () => {
  test('is Postgres, unless somebody chooses Redis', async () => {
    expect((await load({ REDIS_URL: 'redis://cache.example' })).bus).toEqual({ kind: 'postgres' })
    expect((await load({ BUS: 'redis', REDIS_URL: 'redis://bus.example' })).bus).toEqual({
      kind: 'redis',
      url: 'redis://bus.example',
    })
  })

  test('is refused when it is unknown, or Redis without an address', async () => {
    expect(() => read({ BUS: 'kafka' })).toThrow(/BUS: expected postgres or redis/)
    await expect(load({ BUS: 'redis' })).rejects.toThrow(StartupError)
    await expect(load({ BUS: 'redis' })).rejects.toThrow(/REDIS_URL is not set/)
  })
})
