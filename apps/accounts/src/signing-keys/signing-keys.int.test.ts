import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { principals } from '@courtside/testing'
import { createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose'
import { type AnotherProcess, startAnother } from '../testing/another-process.ts'
import { type AccountsHarness, openAccounts } from '../testing/open-accounts.ts'
import { join } from '../testing/signed-in.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const gateway = principals.service('gateway', 'resolve:identity')

let accounts: AccountsHarness
const others: AnotherProcess[] = []
beforeEach(async () => {
  accounts = await openAccounts()
})
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.stop()))
  await accounts.close()
})

const another = async (secret?: string) => {
  const started = await startAnother(accounts, secret === undefined ? {} : { secret })
  others.push(started)
  return started
}
const published = async (asker: Pick<AnotherProcess, 'ok'> | null = null) => {
  const document = '{ signingKeys }'
  const { signingKeys } = asker
    ? await asker.ok<{ signingKeys: string[] }>(gateway, document)
    : await accounts.as(gateway).ok<{ signingKeys: string[] }>(document)
  return signingKeys.map((text) => JSON.parse(text) as JWK)
}
const kidOf = (token: string) => decodeProtectedHeader(token).kid
const verifies = async (token: string) =>
  jwtVerify(token, createLocalJWKSet({ keys: await published() }), {
    currentDate: accounts.clock.now(),
  }).then(
    () => true,
    () => false,
  )

describe('signing keys', () => {
  test('are made at the first start, once, however many processes start together', async () => {
    const processes = await Promise.all(Array.from({ length: 4 }, () => another()))
    const keys = await Promise.all(processes.map(published))
    expect(keys.map((list) => list.length)).toEqual([1, 1, 1, 1])
    expect(new Set(keys.flat().map(({ kid }) => kid)).size).toBe(1)
  })

  test('are there as soon as a process is ready', async () => {
    expect(await accounts.subgraph.readiness.problems()).toEqual([])
    expect(await accounts.sql('SELECT id FROM signing_keys')).toHaveLength(1)
  })

  test('are published without their private part, and stored with it under lock', async () => {
    const [key] = await published()
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    const [row] = await accounts.sql<{ box: string }>(
      `SELECT encode(encrypted_private_key, 'escape') AS box FROM signing_keys`,
    )
    expect(row?.box).not.toMatch(/"d"|OKP/)
  })

  test('are told to the gateway alone', async () => {
    expect((await accounts.as(principals.user('admin')).refusal('{ signingKeys }')).code).toBe('FORBIDDEN')
    expect((await accounts.as(principals.anonymous).refusal('{ signingKeys }')).code).toBe('UNAUTHENTICATED')
  })

  test('change after 30 days, announced a day before, and old tokens verify to their end', async () => {
    const first = (await join(accounts)).accessToken
    accounts.clock.advance(29 * DAY_MS)
    await join(accounts)
    expect(await published()).toHaveLength(2)
    accounts.clock.advance(DAY_MS - 60_000)
    const last = (await join(accounts)).accessToken
    expect(kidOf(last)).toBe(kidOf(first))
    accounts.clock.advance(60_000)
    const next = (await join(accounts)).accessToken
    expect(kidOf(next)).not.toBe(kidOf(first))
    expect([await verifies(last), await verifies(next)]).toEqual([true, true])
    accounts.clock.advance(2 * 60 * 60 * 1000)
    expect((await published()).map(({ kid }) => kid)).toEqual([kidOf(next)])
  })

  test('that another process has made are used by all within a minute', async () => {
    const other = await another()
    await published(other)
    accounts.clock.advance(29 * DAY_MS)
    const announced = (await published()).at(-1)?.kid
    accounts.clock.advance(DAY_MS)
    expect((await published(other)).map(({ kid }) => kid)).toContain(announced)
    expect(kidOf((await join(accounts)).accessToken)).toBe(announced)
  })

  test('are replaced at once under a new secret, and what they signed still verifies', async () => {
    const before = (await join(accounts)).accessToken
    const renewed = await another('another secret that protects nothing but tests')
    expect(await published(renewed)).toHaveLength(2)
    expect(await verifies(before)).toBe(true)
    expect(kidOf((await join(accounts)).accessToken)).toBe(kidOf(before))
  })

  test('that cannot be had make a process not ready, until they can', async () => {
    await accounts.sql('ALTER TABLE signing_keys RENAME TO signing_keys_away')
    const other = await another()
    expect(await other.problems()).toEqual(['the database does not answer'])
    await accounts.sql('ALTER TABLE signing_keys_away RENAME TO signing_keys')
    expect(await other.problems()).toEqual([])
  })
})
