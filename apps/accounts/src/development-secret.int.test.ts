import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { loadDevelopmentSecret } from './development-secret.ts'
import { readAccountsEnv } from './env.ts'
import { keyFor } from './secret.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'courtside-secret-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe('the secret while developing', () => {
  test('is made once, by whoever comes first, and shared by all', async () => {
    const folder = path.join(directory, 'new')
    const all = await Promise.all(Array.from({ length: 8 }, () => loadDevelopmentSecret(folder)))
    expect(new Set(all).size).toBe(1)
    expect(Buffer.from(all[0] ?? '', 'base64url')).toHaveLength(32)
    expect(await readdir(folder)).toEqual(['accounts-secret'])
  })

  test('is readable by its user alone', async () => {
    await loadDevelopmentSecret(directory)
    expect((await stat(path.join(directory, 'accounts-secret'))).mode & 0o777).toBe(0o600)
  })

  test('that is damaged stops the start with what to do', async () => {
    await writeFile(path.join(directory, 'accounts-secret'), 'short')
    await expect(loadDevelopmentSecret(directory)).rejects.toThrow(StartupError)
    await expect(loadDevelopmentSecret(directory)).rejects.toThrow(/damaged\. Delete it and start again/)
  })
})

describe('the secret in production', () => {
  const settings = {
    NODE_ENV: 'production',
    IDENTITY_PUBLIC_KEY: '{}',
    CURSOR_KEYS: `1:${'k'.repeat(43)}=`,
  }

  test('is required, and long enough', () => {
    expect(() => readAccountsEnv(settings)).toThrow(/ACCOUNTS_SECRET is not set/)
    expect(() => readAccountsEnv({ ...settings, ACCOUNTS_SECRET: 'short' })).toThrow(/at least 32 characters/)
    expect(readAccountsEnv({ ...settings, ACCOUNTS_SECRET: 'x'.repeat(32) }).ACCOUNTS_SECRET).toBe(
      'x'.repeat(32),
    )
  })
})

test('each purpose has a key of its own, the same each time', () => {
  const purposes = ['signing-keys', 'refresh-tokens', 'sign-in-throttles'] as const
  const keys = purposes.map((purpose) => keyFor(purpose, 'secret').toString('hex'))
  expect(new Set(keys).size).toBe(3)
  expect(keyFor('signing-keys', 'secret').toString('hex')).toBe(keys[0])
  expect(keyFor('signing-keys', 'other').toString('hex')).not.toBe(keys[0])
})
