import { isUuid } from '@courtside/kernel'
import { describe, expect, test } from '@jest/globals'
import {
  createRefreshToken,
  hashOfToken,
  isRefreshToken,
  nextRefreshToken,
  sessionIdOf,
} from './refresh-token.ts'

const key = Buffer.alloc(32, 1)

describe('a refresh token', () => {
  test('has 256 random bits, and 128 more for its session', () => {
    const tokens = Array.from({ length: 100 }, createRefreshToken)
    expect(new Set(tokens).size).toBe(100)
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(48)
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

  test('belongs to the same session as all that follow it, and to no other', () => {
    const tokens = [createRefreshToken()]
    for (let turn = 0; turn < 5; turn++) tokens.push(nextRefreshToken(tokens.at(-1) ?? '', key))
    const ids = new Set(tokens.map(sessionIdOf))
    expect([...ids].filter(isUuid)).toHaveLength(1)
    expect(ids).not.toContain(sessionIdOf(createRefreshToken()))
  })

  test('shows nothing of itself in the id of its session', () => {
    const token = createRefreshToken()
    const family = Buffer.from(token, 'base64url').subarray(0, 16).toString('hex')
    expect(sessionIdOf(token).replaceAll('-', '').slice(0, 8)).not.toBe(family.slice(0, 8))
  })

  test('is stored as a hash from which it cannot be had back', () => {
    const token = createRefreshToken()
    expect(hashOfToken(token)).toHaveLength(32)
    expect(hashOfToken(token).toString('base64url')).not.toBe(token)
  })

  test.each(['', 'abc', 'x'.repeat(43), 'x'.repeat(65), `${'x'.repeat(63)}=`, `${'x'.repeat(63)}\u0000`])(
    '%j is none',
    (text) => {
      expect(isRefreshToken(text)).toBe(false)
    },
  )
})
