import { describe, expect, test } from '@jest/globals'
import { createRefreshToken, hashOfToken, isRefreshToken, nextRefreshToken } from './refresh-token.ts'

const key = Buffer.alloc(32, 1)

describe('a refresh token', () => {
  test('has 256 random bits', () => {
    const tokens = Array.from({ length: 100 }, createRefreshToken)
    expect(new Set(tokens).size).toBe(100)
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32)
      expect(isRefreshToken(token)).toBe(true)
    }
  })

  test('has one successor, whoever asks and however often', () => {
    const token = createRefreshToken()
    expect(nextRefreshToken(token, key)).toBe(nextRefreshToken(token, key))
    expect(isRefreshToken(nextRefreshToken(token, key))).toBe(true)
  })

  test('says nothing about its successor without the key', () => {
    const token = createRefreshToken()
    const successors = [nextRefreshToken(token, key), nextRefreshToken(token, Buffer.alloc(32, 2)), token]
    expect(new Set(successors).size).toBe(3)
  })

  test('is stored as a hash from which it cannot be had back', () => {
    const token = createRefreshToken()
    expect(hashOfToken(token)).toHaveLength(32)
    expect(hashOfToken(token).toString('base64url')).not.toBe(token)
  })

  test.each(['', 'abc', 'x'.repeat(44), `${'x'.repeat(42)}=`, `${'x'.repeat(42)}\u0000`])(
    '%j is none',
    (text) => {
      expect(isRefreshToken(text)).toBe(false)
    },
  )
})
