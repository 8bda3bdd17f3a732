import { describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { createTestClock } from '@courtside/testing'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { createKeySet } from './key-set.ts'

const rsa = await exportJWK((await generateKeyPair('RS256', { extractable: true })).publicKey)
const p256 = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey)
const p384 = await exportJWK((await generateKeyPair('ES384', { extractable: true })).publicKey)
const ed25519 = await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).publicKey)

const algorithmFound = async (jwk: JWK) => {
  const keys = createKeySet({
    issuer: 'test',
    fetchKeys: async () => [jwk],
    clock: createTestClock(new Date()),
    log: silentLogger,
  })
  return (await keys.find('key'))?.algorithm ?? null
}

describe('which keys verify signatures', () => {
  test.each<[string, JWK, string | null]>([
    ['RSA', { ...rsa, kid: 'key' }, 'RS256'],
    ['P-256', { ...p256, kid: 'key', alg: 'ES256' }, 'ES256'],
    ['Ed25519', { ...ed25519, kid: 'key', alg: 'Ed25519' }, 'EdDSA'],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', kid: 'key', alg: 'HS256' }, null],
    ['a curve that is not on the list', { ...p384, kid: 'key' }, null],
    ['RSA for encryption', { ...rsa, kid: 'key', use: 'enc' }, null],
    ['RSA for another algorithm', { ...rsa, kid: 'key', alg: 'RS512' }, null],
    ['a key without a name', { ...rsa }, null],
    ['a damaged key', { ...ed25519, x: 'AA', kid: 'key' }, null],
  ])('%s', async (_, jwk, algorithm) => {
    expect(await algorithmFound(jwk)).toBe(algorithm)
  })
})
