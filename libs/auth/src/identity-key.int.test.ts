import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import { generateIdentityKeys, loadIdentityKey } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'courtside-key-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe.each(['private', 'public'] as const)('the %s half of the identity key', (half) => {
  const nameInPair = `${half}Key` as const

  test('is the text itself, or in the file it names', async () => {
    const key = (await generateIdentityKeys())[nameInPair]
    const file = path.join(folder, 'key.json')
    await writeFile(file, JSON.stringify(key))
    expect(await loadIdentityKey(half, JSON.stringify(key), folder)).toEqual(key)
    expect(await loadIdentityKey(half, file, folder)).toEqual(key)
  })

  test('is that of the workspace when none is given', async () => {
    expect(await loadIdentityKey(half, undefined, folder)).toEqual(
      await loadIdentityKey(half, undefined, folder),
    )
  })

  test.each(['{', '{}', '/nowhere/key.json', '{"kty":"RSA","n":"x","e":"AQAB"}'])(
    'is never %s',
    async (wrong) => {
      await expect(loadIdentityKey(half, wrong, folder)).rejects.toThrow(StartupError)
      await expect(loadIdentityKey(half, wrong, folder)).rejects.toThrow(`IDENTITY_${half.toUpperCase()}_KEY`)
    },
  )
})

test('the public half does not pass for the private one', async () => {
  const { publicKey } = await generateIdentityKeys()
  await expect(loadIdentityKey('private', JSON.stringify(publicKey), folder)).rejects.toThrow(StartupError)
})
