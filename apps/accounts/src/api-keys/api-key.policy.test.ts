import { describe, expect, test } from '@jest/globals'
import { SCOPES } from '@courtside/auth'
import {
  GRANTABLE_SCOPES,
  isAddressAllowed,
  isAddressBlock,
  isGrantableScope,
  isKeyInForce,
  isOperationId,
  isRightSecret,
} from './api-key.policy.ts'
import { hashOfSecret } from './key-text.ts'

const now = new Date('2026-11-20T12:00:00Z')
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds)

describe('GW-04: the scopes of a key', () => {
  test('are never those that manage, read who did what, or say who somebody is', () => {
    const never = SCOPES.filter((scope) => /^manage:|^read:audit$|^resolve:identity$/.test(scope))
    expect(never.length).toBeGreaterThan(4)
    for (const scope of never) expect(isGrantableScope(scope)).toBe(false)
    expect(GRANTABLE_SCOPES).toHaveLength(SCOPES.length - never.length)
  })

  test('are known ones', () => {
    expect(isGrantableScope('write:games')).toBe(true)
    expect(isGrantableScope('write:everything')).toBe(false)
  })
})

describe('GW-04: the secret of a key', () => {
  const secrets = {
    secretHash: hashOfSecret('new'),
    previousSecretHash: hashOfSecret('old'),
    previousValidUntil: later(1),
  }

  test('is the current one', () => {
    expect(isRightSecret(hashOfSecret('new'), secrets, now)).toBe(true)
    expect(isRightSecret(hashOfSecret('other'), secrets, now)).toBe(false)
  })

  test('may be the one before, as long as the two overlap', () => {
    expect(isRightSecret(hashOfSecret('old'), secrets, now)).toBe(true)
    expect(isRightSecret(hashOfSecret('old'), secrets, later(1))).toBe(false)
  })

  test('was never another one when there was no rotation', () => {
    const first = { ...secrets, previousSecretHash: null, previousValidUntil: null }
    expect(isRightSecret(hashOfSecret('old'), first, now)).toBe(false)
  })
})

test('a key is in force until it ends or is revoked', () => {
  expect(isKeyInForce({ expiresAt: null, revokedAt: null }, now)).toBe(true)
  expect(isKeyInForce({ expiresAt: later(1), revokedAt: null }, now)).toBe(true)
  expect(isKeyInForce({ expiresAt: now, revokedAt: null }, now)).toBe(false)
  expect(isKeyInForce({ expiresAt: null, revokedAt: later(-1) }, now)).toBe(false)
})

describe('GW-04: the id of an operation', () => {
  test('is the SHA-256 of its text', () => {
    expect(isOperationId(hashOfSecret('{ __typename }').toString('hex'))).toBe(true)
  })

  test.each([
    '',
    'TeamPage',
    'a'.repeat(63),
    'a'.repeat(65),
    'A'.repeat(64),
    'g'.repeat(64),
    `${'a'.repeat(64)}\n`,
  ])('is not %j', (text) => {
    expect(isOperationId(text)).toBe(false)
  })
})

describe('GW-04: the addresses of a key', () => {
  test.each(['203.0.113.7', '203.0.113.0/24', '0.0.0.0/0', '2001:db8::1', '2001:db8::/32', '::/128'])(
    'can be %s',
    (block) => {
      expect(isAddressBlock(block)).toBe(true)
    },
  )

  test.each([
    '',
    'example.com',
    '203.0.113',
    '203.0.113.0/33',
    '2001:db8::/129',
    '1.2.3.4/',
    '1.2.3.4/8/8',
    'fe80::1%0',
  ])('cannot be %j', (block) => {
    expect(isAddressBlock(block)).toBe(false)
  })

  test('are all when none is named, even when nobody knows the address', () => {
    expect(isAddressAllowed([], '203.0.113.7')).toBe(true)
    expect(isAddressAllowed([], null)).toBe(true)
  })

  test.each([
    ['203.0.113.7', true],
    ['203.0.113.255', true],
    ['203.0.114.0', false],
    ['::ffff:203.0.113.7', true],
    ['198.51.100.1', true],
    ['198.51.100.2', false],
    ['2001:db8:1::9', true],
    ['2001:db9::9', false],
    ['not an address', false],
    [null, false],
  ])('decide that %s is allowed: %s', (address, allowed) => {
    const blocks = ['203.0.113.0/24', '198.51.100.1', '2001:db8::/32']
    expect(isAddressAllowed(blocks, address)).toBe(allowed)
  })
})
