import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createKeySecret, hashOfSecret, keyPrefix, parseKey } from './key-text.ts'

describe('GW-04: the text of a key', () => {
  test('says which key it is and holds 256 random bits', () => {
    const id = randomUUID()
    const { secret, secretHash } = createKeySecret()
    const text = keyPrefix(id) + secret
    expect(text).toMatch(/^csn_live_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/)
    expect(parseKey(text)).toEqual({ id, secret })
    expect(hashOfSecret(secret)).toEqual(secretHash)
    expect(createKeySecret().secret).not.toBe(secret)
  })

  test.each([
    '',
    'csn_live_',
    'csn_test_0190a0b000007000800000000000000f_' + 'x'.repeat(43),
    'x'.repeat(9_000),
  ])('%j is none', (text) => {
    expect(parseKey(text)).toBeNull()
  })
})
