import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { silentLogger } from '@courtside/logger'
import { principals, type SubgraphClient } from '@courtside/testing'
import { openAccountsDatabase } from '../db.ts'
import { ownOnly } from '../ownership.policy.ts'
import { startAnother } from '../testing/another-process.ts'
import { type AccountsHarness, openAccounts, type Person } from '../testing/open-accounts.ts'
import { resolve, RESOLVE } from '../testing/resolve.ts'
import { createApiKeysService } from './api-keys.service.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

let accounts: AccountsHarness
let admin: SubgraphClient
let owner: Person
beforeAll(async () => {
  accounts = await openAccounts()
  admin = accounts.as(principals.userWithScopes('manage:api-keys'), { 'x-request-id': 'request-1' })
  owner = await accounts.person('owner')
})
afterAll(() => accounts.close())

const FIELDS = `id name prefix scopes requestsPerMinute allowedAddresses allowedOperations costPerMinute isActive
  createdAt expiresAt lastUsedAt previousValidUntil revokedAt owner { id username }`
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { ${FIELDS} } } }`
const UPDATE = `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { ${FIELDS} } } }`
const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { key apiKey { ${FIELDS} } } }`
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { ${FIELDS} } } }`
const LIST = `query ($first: Int, $after: String) {
  apiKeys(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage } totalCount }
}`
const MINE = '{ me { apiKeys { edges { node { id name } } totalCount } } }'
const ENTITY = `query ($id: ID!) { _entities(representations: [{ __typename: "ApiKey", id: $id }]) { ... on ApiKey { id name } } }`

interface ApiKey {
  id: string
  name: string
  prefix: string
  scopes: string[]
  requestsPerMinute: number
  allowedAddresses: string[]
  allowedOperations: string[] | null
  costPerMinute: number | null
  isActive: boolean
  expiresAt: string | null
  lastUsedAt: string | null
  previousValidUntil: string | null
  revokedAt: string | null
  owner: { id: string; username: string }
}
interface Issued {
  key: string
  apiKey: ApiKey
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const settings = () => ({
  name: 'Box scores',
  ownerId: owner.id,
  scopes: ['write:games'],
  requestsPerMinute: 60,
})
const create = async (given: object = {}) =>
  (await admin.ok<{ createApiKey: Issued }>(CREATE, { input: { ...settings(), ...given } })).createApiKey
const rotate = async (client: SubgraphClient, input: object) =>
  (await client.ok<{ rotateApiKey: Issued }>(ROTATE, { input })).rotateApiKey
const revoke = async (client: SubgraphClient, id: string) =>
  (await client.ok<{ revokeApiKey: { apiKey: ApiKey } }>(REVOKE, { input: { id } })).revokeApiKey.apiKey
const update = async (input: object) =>
  (await admin.ok<{ updateApiKey: { apiKey: ApiKey } }>(UPDATE, { input })).updateApiKey.apiKey
const holder = (key: string, clientAddress: string | null = null) =>
  resolve(accounts, { apiKey: { key, clientAddress } })
const audited = (id: string) =>
  accounts.sql<{ action: string; after: Record<string, unknown> | null }>(
    'SELECT action, before, after FROM audit_log WHERE entity_id = $1 ORDER BY id',
    [id],
  )

describe('GW-04: a new key', () => {
  test('is told once, and stands for a partner with its scopes and quota', async () => {
    const { key, apiKey } = await create({ scopes: ['write:teams', 'write:games', 'write:games'] })
    expect(key).toMatch(/^csn_live_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/)
    expect(key.startsWith(apiKey.prefix)).toBe(true)
    expect(apiKey).toMatchObject({
      name: 'Box scores',
      scopes: ['write:games', 'write:teams'],
      isActive: true,
      owner: { id: owner.id, username: owner.username },
    })
    expect(await holder(key)).toEqual({
      kind: 'partner',
      userId: null,
      sessionId: null,
      apiKeyId: apiKey.id,
      roles: ['partner'],
      scopes: ['write:games', 'write:teams'],
      requestsPerMinute: 60,
      costPerMinute: null,
      allowedOperations: null,
    })
  })

  test('is stored as a hash alone, and written down without its secret', async () => {
    const { key, apiKey } = await create()
    const secret = key.slice(apiKey.prefix.length)
    const rows = await accounts.sql(
      `SELECT to_jsonb(k) AS row FROM api_keys k WHERE id = $1
       UNION ALL SELECT to_jsonb(a) FROM audit_log a WHERE entity_id = $1::text`,
      [apiKey.id],
    )
    expect(rows).toHaveLength(2)
    const stored = JSON.stringify(rows)
    const forms = [
      secret,
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret, 'base64url').toString('hex'),
    ]
    expect(forms.filter((form) => stored.includes(form))).toEqual([])
    expect(await audited(apiKey.id)).toMatchObject([
      { action: 'api-keys.create', before: null, after: { name: 'Box scores', ownerId: owner.id } },
    ])
  })

  test.each([
    ['a scope that manages', { scopes: ['manage:users'] }, /scopes\.0/],
    ['the scope that reads who did what', { scopes: ['read:audit'] }, /scopes\.0/],
    ['the scope of the gateway', { scopes: ['resolve:identity'] }, /scopes\.0/],
    ['a scope that does not exist', { scopes: ['write:everything'] }, /scopes\.0/],
    ['no requests', { requestsPerMinute: 0 }, /requestsPerMinute/],
    ['too many requests', { requestsPerMinute: 100_001 }, /requestsPerMinute/],
    ['an address that is none', { allowedAddresses: ['example.com'] }, /allowedAddresses\.0/],
    ['too many addresses', { allowedAddresses: Array<string>(51).fill('203.0.113.1') }, /at most 50/],
    [
      'a list of no operations',
      { allowedOperations: [] },
      /allowedOperations: must name at least one operation/,
    ],
    [
      'an operation by name',
      { allowedOperations: ['TeamPage'] },
      /allowedOperations\.0: must be the SHA-256/,
    ],
    ['an operation in capitals', { allowedOperations: [hash('a').toUpperCase()] }, /allowedOperations\.0/],
    ['an operation with more behind it', { allowedOperations: [`${hash('a')}\n`] }, /allowedOperations\.0/],
    [
      'too many operations',
      { allowedOperations: Array.from({ length: 251 }, (_, n) => hash(String(n))) },
      /at most 250/,
    ],
    ['nothing to spend', { costPerMinute: 0 }, /costPerMinute/],
    ['too much to spend', { costPerMinute: 10_000_001 }, /costPerMinute/],
    ['no name', { name: ' ' }, /name/],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, /in the future/],
    ['an owner that is no id', { ownerId: 'anna' }, /ownerId/],
  ])('cannot have %s', async (_what, wrong, message) => {
    const refusal = await admin.refusal(CREATE, { input: { ...settings(), ...wrong } })
    expect([refusal.code, refusal.message]).toEqual(['BAD_USER_INPUT', expect.stringMatching(message)])
  })

  test('needs an owner whose account is in use', async () => {
    const off = await accounts.person('off')
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [off.id])
    for (const ownerId of [off.id, randomUUID()]) {
      const refusal = await admin.refusal(CREATE, { input: { ...settings(), ownerId } })
      expect(refusal.code).toBe('ACCOUNTS_USER_NOT_FOUND')
    }
  })

  test('is made by those who manage keys alone', async () => {
    const input = settings()
    expect((await owner.refusal(CREATE, { input })).code).toBe('FORBIDDEN')
    expect((await accounts.as(principals.anonymous).refusal(CREATE, { input })).code).toBe('UNAUTHENTICATED')
  })
})

describe('GW-04: a key stands for nobody', () => {
  test('with a wrong secret, an unknown id, or no form at all', async () => {
    const { key } = await create()
    const other = await create()
    const wrong = [
      key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'),
      other.apiKey.prefix + key.slice(-43),
      `csn_live_${randomUUID().replaceAll('-', '')}_${key.slice(-43)}`,
      'csn_live_',
      '',
      'x'.repeat(100_000),
    ]
    expect(await Promise.all(wrong.map((text) => holder(text)))).toEqual(wrong.map(() => null))
    expect(await holder(key)).not.toBeNull()
  })

  test('after it has run out', async () => {
    const expiresAt = new Date(accounts.clock.now().getTime() + HOUR_MS).toISOString()
    const { key, apiKey } = await create({ expiresAt })
    expect(await holder(key)).not.toBeNull()
    accounts.clock.advance(HOUR_MS)
    expect(await holder(key)).toBeNull()
    expect((await update({ id: apiKey.id, expiresAt: null })).isActive).toBe(true)
    expect(await holder(key)).not.toBeNull()
  })

  test('from an address that is not allowed, or not known', async () => {
    const { key } = await create({ allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'] })
    const from = async (address: string | null) => (await holder(key, address)) !== null
    expect(await Promise.all(['203.0.113.9', '2001:db8::9', '203.0.114.1', '::1', null].map(from))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  test('while the account of its owner is switched off', async () => {
    const leaver = await accounts.person('leaver')
    const { key } = await create({ ownerId: leaver.id })
    await accounts.sql('UPDATE users SET is_active = false WHERE id = $1', [leaver.id])
    expect(await holder(key)).toBeNull()
  })

  test('with a scope that keys may no longer have', async () => {
    const { key, apiKey } = await create()
    await accounts.sql(`UPDATE api_keys SET scopes = '{write:games,manage:users}' WHERE id = $1`, [apiKey.id])
    expect((await holder(key))?.scopes).toEqual(['write:games'])
  })
})

describe('GW-04: rotating a key', () => {
  test('gives it a new text and accepts the old one for a day', async () => {
    const { key: old, apiKey } = await create()
    const { key: renewed, apiKey: rotated } = await rotate(admin, { id: apiKey.id })
    expect(rotated.id).toBe(apiKey.id)
    expect(renewed).not.toBe(old)
    expect(new Date(rotated.previousValidUntil ?? 0)).toEqual(
      new Date(accounts.clock.now().getTime() + DAY_MS),
    )
    expect(await Promise.all([holder(old), holder(renewed)])).toEqual([
      expect.objectContaining({ apiKeyId: apiKey.id }),
      expect.objectContaining({ apiKeyId: apiKey.id }),
    ])
    accounts.clock.advance(DAY_MS)
    expect([await holder(old), await holder(renewed)]).toEqual([
      null,
      expect.objectContaining({ kind: 'partner' }),
    ])
  })

  test('at once leaves no overlap, and twice leaves only the last two', async () => {
    const { key: first, apiKey } = await create()
    const { key: second } = await rotate(admin, { id: apiKey.id })
    const { key: third } = await rotate(admin, { id: apiKey.id })
    expect(
      (await Promise.all([first, second, third].map((key) => holder(key)))).map((one) => one !== null),
    ).toEqual([false, true, true])
    const { key: fourth } = await rotate(admin, { id: apiKey.id, overlapSeconds: 0 })
    expect((await Promise.all([third, fourth].map((key) => holder(key)))).map((one) => one !== null)).toEqual(
      [false, true],
    )
  })

  test.each([-1, 7 * 24 * 60 * 60 + 1])('does not overlap for %d seconds', async (overlapSeconds) => {
    const { apiKey } = await create()
    const refusal = await admin.refusal(ROTATE, { input: { id: apiKey.id, overlapSeconds } })
    expect(refusal.code).toBe('BAD_USER_INPUT')
  })
})

describe('GW-04: revoking a key', () => {
  test('ends it for good, twice like once, its old text too', async () => {
    const { key: old, apiKey } = await create()
    const { key } = await rotate(admin, { id: apiKey.id })
    const revoked = await revoke(admin, apiKey.id)
    expect([revoked.isActive, await holder(key), await holder(old)]).toEqual([false, null, null])
    accounts.clock.advance(HOUR_MS)
    expect((await revoke(admin, apiKey.id)).revokedAt).toBe(revoked.revokedAt)
    for (const document of [ROTATE, UPDATE]) {
      const refusal = await admin.refusal(document, { input: { id: apiKey.id } })
      expect(refusal.code).toBe('ACCOUNTS_API_KEY_REVOKED')
    }
    expect((await audited(apiKey.id)).map(({ action }) => action)).toEqual([
      'api-keys.create',
      'api-keys.rotate',
      'api-keys.revoke',
    ])
  })
})

describe('GW-04: the operations of a key', () => {
  const [one = '', other = ''] = [hash('one'), hash('other')].sort()

  test('are told to the gateway with what it may spend, each once', async () => {
    const { key, apiKey } = await create({ allowedOperations: [other, one, other], costPerMinute: 500 })
    expect(apiKey).toMatchObject({ allowedOperations: [one, other], costPerMinute: 500 })
    expect(await holder(key)).toMatchObject({ allowedOperations: [one, other], costPerMinute: 500 })
  })

  test('can be as many as a gateway will look up each second', async () => {
    const allowedOperations = Array.from({ length: 250 }, (_, n) => hash(String(n)))
    const { key } = await create({ allowedOperations })
    expect((await holder(key))?.allowedOperations).toHaveLength(250)
  })

  test('stay when something else changes, and are any again when none are named', async () => {
    const { key, apiKey } = await create({ allowedOperations: [one], costPerMinute: 500 })
    await update({ id: apiKey.id, name: 'Other' })
    expect(await holder(key)).toMatchObject({ allowedOperations: [one], costPerMinute: 500 })
    await update({ id: apiKey.id, allowedOperations: [other] })
    expect((await holder(key))?.allowedOperations).toEqual([other])
    const free = await update({ id: apiKey.id, allowedOperations: null, costPerMinute: null })
    expect(free).toMatchObject({ allowedOperations: null, costPerMinute: null })
    expect(await holder(key)).toMatchObject({ allowedOperations: null, costPerMinute: null })
    expect((await audited(apiKey.id)).map(({ after }) => after)).toEqual([
      expect.objectContaining({ allowedOperations: [one], costPerMinute: 500 }),
      { name: 'Other' },
      { allowedOperations: [other] },
      { allowedOperations: null, costPerMinute: null },
    ])
  })

  test('are never emptied by a change, which would open everything', async () => {
    const { key, apiKey } = await create({ allowedOperations: [one] })
    const refusal = await admin.refusal(UPDATE, { input: { id: apiKey.id, allowedOperations: [] } })
    expect(refusal.code).toBe('BAD_USER_INPUT')
    expect((await holder(key))?.allowedOperations).toEqual([one])
  })

  test('are chosen by those who manage keys, not by who answers for one', async () => {
    const { key, apiKey } = await create({ allowedOperations: [one] })
    const refusal = await owner.refusal(UPDATE, { input: { id: apiKey.id, allowedOperations: null } })
    expect(refusal.code).toBe('FORBIDDEN')
    expect((await holder(key))?.allowedOperations).toEqual([one])
  })

  test.each([
    ['no hash', `allowed_operations = '{TeamPage}'`],
    ['nothing at all', `allowed_operations = '{NULL}'`],
    ['a cost of nothing', 'cost_per_minute = 0'],
  ])('are not stored with %s', async (_what, change) => {
    const { apiKey } = await create()
    const stored = accounts.sql(`UPDATE api_keys SET ${change} WHERE id = $1`, [apiKey.id])
    await expect(stored).rejects.toThrow(/api_keys_(operations_hashed|cost_positive)/)
  })
})

describe('GW-04: changing a key', () => {
  test('changes what is given and leaves the rest, and is written down', async () => {
    const { key, apiKey } = await create({ allowedAddresses: ['203.0.113.1'] })
    const changed = await update({ id: apiKey.id, scopes: ['write:teams'], allowedAddresses: [] })
    expect(changed).toMatchObject({ name: 'Box scores', scopes: ['write:teams'], allowedAddresses: [] })
    expect((await holder(key))?.scopes).toEqual(['write:teams'])
    expect((await audited(apiKey.id)).at(-1)).toEqual({
      action: 'api-keys.update',
      before: { scopes: ['write:games'], allowedAddresses: ['203.0.113.1'] },
      after: { scopes: ['write:teams'], allowedAddresses: [] },
    })
  })

  test('that is not there finds none', async () => {
    expect((await admin.refusal(UPDATE, { input: { id: randomUUID() } })).code).toBe(
      'ACCOUNTS_API_KEY_NOT_FOUND',
    )
  })
})

describe('GW-04: the owner of a key', () => {
  test('sees it, rotates it and revokes it, but cannot change what it may do', async () => {
    const person = await accounts.person('partner')
    const { apiKey } = await create({ ownerId: person.id, name: 'Mine' })
    expect(await person.ok(MINE)).toEqual({
      me: { apiKeys: { edges: [{ node: { id: apiKey.id, name: 'Mine' } }], totalCount: 1 } },
    })
    const { key } = await rotate(person, { id: apiKey.id })
    expect(await holder(key)).not.toBeNull()
    expect((await person.refusal(UPDATE, { input: { id: apiKey.id } })).code).toBe('FORBIDDEN')
    expect((await revoke(person, apiKey.id)).isActive).toBe(false)
  })

  test('cannot change what it may do past the schema either: the service asks for the scope itself', async () => {
    const { apiKey } = await create()
    const db = openAccountsDatabase(accounts.database.appUrl, silentLogger)
    try {
      const service = createApiKeysService({
        db,
        clock: accounts.clock,
        ownership: ownOnly,
        tellAccessChanges: () => Promise.reject(new Error('Nothing has changed that could be told')),
      })
      const caller = {
        principal: principals.user('viewer', owner.id),
        requestId: 'request-2',
        clientAddress: null,
        clientAgent: null,
        log: silentLogger,
      }
      for (const change of [
        { scopes: ['write:games', 'write:teams'] },
        { costPerMinute: 10_000_000 },
        { allowedOperations: null },
      ]) {
        await expect(service.update(caller, { id: apiKey.id, ...change })).rejects.toMatchObject({
          code: 'FORBIDDEN',
        })
      }
      // Whether it is theirs is not what is refused.
      expect(await service.apiKey(caller, apiKey.id)).toMatchObject({ scopes: ['write:games'] })
    } finally {
      await db.close()
    }
  })

  test('is alone in that: for everybody else there is no such key', async () => {
    const { key, apiKey } = await create()
    const mallory = await accounts.person('mallory')
    const partner = accounts.as({ ...principals.partner('write:games'), apiKeyId: apiKey.id })
    for (const asker of [mallory, partner]) {
      for (const document of [ROTATE, REVOKE]) {
        const refusal = await asker.refusal(document, { input: { id: apiKey.id } })
        expect(refusal.code).toBe('ACCOUNTS_API_KEY_NOT_FOUND')
      }
      expect(await asker.ok(ENTITY, { id: apiKey.id })).toEqual({ _entities: [null] })
    }
    expect(await mallory.ok(MINE)).toEqual({ me: { apiKeys: { edges: [], totalCount: 0 } } })
    expect(await holder(key)).not.toBeNull()
    expect(await owner.ok(ENTITY, { id: apiKey.id })).toEqual({
      _entities: [{ id: apiKey.id, name: 'Box scores' }],
    })
  })
})

test('GW-04: all keys are listed for those who manage them, newest first', async () => {
  const made = []
  for (const name of ['one', 'two', 'three']) {
    accounts.clock.advance(1_000)
    made.unshift((await create({ name })).apiKey.id)
  }
  interface List {
    apiKeys: {
      edges: { cursor: string; node: { id: string } }[]
      pageInfo: { hasNextPage: boolean }
      totalCount: number
    }
  }
  const first = (await admin.ok<List>(LIST, { first: 2 })).apiKeys
  expect(first.edges.map(({ node }) => node.id)).toEqual(made.slice(0, 2))
  const next = (await admin.ok<List>(LIST, { first: 1, after: first.edges[1]?.cursor })).apiKeys
  expect([next.edges[0]?.node.id, next.pageInfo.hasNextPage]).toEqual([made[2], true])
  expect(first.totalCount).toBe(Number((await accounts.sql('SELECT count(*) FROM api_keys'))[0]?.['count']))
  expect((await owner.refusal(LIST)).code).toBe('FORBIDDEN')
})

test('GW-04: the last use of a key is noted to the minute', async () => {
  const { key, apiKey } = await create()
  const useElsewhere = async () => {
    const other = await startAnother(accounts)
    await other.ok(principals.service('gateway', 'resolve:identity'), RESOLVE, { input: { apiKey: { key } } })
    await other.stop()
  }
  const lastUsed = async () =>
    (
      await accounts.sql<{ at: Date | null }>('SELECT last_used_at AS at FROM api_keys WHERE id = $1', [
        apiKey.id,
      ])
    )[0]?.at
  expect(await lastUsed()).toBeNull()
  await useElsewhere()
  const first = accounts.clock.now()
  expect(await lastUsed()).toEqual(first)
  accounts.clock.advance(59_999)
  await useElsewhere()
  expect(await lastUsed()).toEqual(first)
  accounts.clock.advance(1)
  await useElsewhere()
  expect(await lastUsed()).toEqual(accounts.clock.now())
})
