import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { StartupError } from '@courtside/kernel'
import {
  anonymous,
  createIdentitySigner,
  createIdentityVerifier,
  loadDevelopmentIdentityKeys,
} from './index.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'courtside-keys-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe('development identity keys', () => {
  test('are made once, by whoever comes first, and shared by all', async () => {
    const folder = path.join(directory, 'new')
    const all = await Promise.all(Array.from({ length: 8 }, () => loadDevelopmentIdentityKeys(folder)))
    expect(new Set(all.map(({ publicKey }) => publicKey.x)).size).toBe(1)
    expect(await readdir(folder)).toEqual(['identity-keys.json'])
    expect(await loadDevelopmentIdentityKeys(folder)).toEqual(all[0])
  })

  test('sign what the other half verifies', async () => {
    const { privateKey, publicKey } = await loadDevelopmentIdentityKeys(directory)
    const signer = await createIdentitySigner(privateKey)
    const verifier = await createIdentityVerifier(publicKey, 'stats')
    expect(await verifier.verify(await signer.assertionFor(anonymous, 'stats'))).toEqual(anonymous)
  })

  test('are readable by their user alone', async () => {
    await loadDevelopmentIdentityKeys(directory)
    const { mode } = await stat(path.join(directory, 'identity-keys.json'))
    expect(mode & 0o777).toBe(0o600)
  })

  test('that are damaged stop the start with what to do', async () => {
    await writeFile(path.join(directory, 'identity-keys.json'), '{"privateKey": {}}')
    await expect(loadDevelopmentIdentityKeys(directory)).rejects.toThrow(StartupError)
    await expect(loadDevelopmentIdentityKeys(directory)).rejects.toThrow(/Delete the file and restart/)
  })
})
