import { hasScope } from '@courtside/auth'
import { recordAudit, systemActor } from '@courtside/database'
import {
  type Clock,
  type Connection,
  isUuid,
  type PageArguments,
  toConnection,
  toPageRequest,
} from '@courtside/kernel'
import { optional, parseInput, text, uuid } from '@courtside/validation'
import * as z from 'zod'
import { ofApiKey, type TellAccessChanges } from '../access-changes/index.ts'
import { assertScope, auditOf, type Caller, personOf } from '../caller.ts'
import type { Database, Tx } from '../db.ts'
import type { OwnershipPolicy } from '../ownership.policy.ts'
import { accountRepository, isUsable, userNotFound } from '../users/index.ts'
import {
  DEFAULT_OVERLAP_SECONDS,
  GRANTABLE_SCOPES,
  isAddressBlock,
  isGrantableScope,
  isOperationId,
  LONGEST_OVERLAP_SECONDS,
  MOST_OPERATIONS,
} from './api-key.policy.ts'
import { apiKeyRepository } from './api-key.repository.ts'
import type { ApiKey } from './api-key.ts'
import { apiKeyNotFound, apiKeyRevoked } from './api-keys.errors.ts'
import { createKeySecret, keyPrefix } from './key-text.ts'

export interface ApiKeysDependencies {
  db: Database
  clock: Clock
  ownership: OwnershipPolicy
  tellAccessChanges: TellAccessChanges
}

export type ApiKeyList = Connection<ApiKey> & { totalCount(): Promise<number> }

/** A key and the only copy of its text. */
export interface IssuedApiKey {
  apiKey: ApiKey
  key: string
}

export type ApiKeysService = ReturnType<typeof createApiKeysService>

const name = () => text(1, 100)
const requestsPerMinute = () => z.int().min(1).max(100_000)
const scopes = () =>
  z
    .array(z.string().refine(isGrantableScope, `must be one of ${GRANTABLE_SCOPES.join(', ')}`))
    .transform((given) => [...new Set(given)].sort())
const addresses = () =>
  z
    .array(z.string().refine(isAddressBlock, 'must be an address or a block such as 203.0.113.0/24'))
    .max(50, 'must have at most 50 entries')
const operations = () =>
  z
    .array(
      z
        .string()
        .refine(isOperationId, 'must be the SHA-256 of an operation, 64 lower-case hexadecimal digits'),
    )
    .min(1, 'must name at least one operation, or be left out')
    .max(MOST_OPERATIONS, `must have at most ${MOST_OPERATIONS} entries`)
    .transform((given) => [...new Set(given)].sort())
const costPerMinute = () => z.int().min(1).max(10_000_000)

const creation = (now: Date) =>
  z.object({
    name: name(),
    ownerId: uuid(),
    scopes: scopes(),
    requestsPerMinute: requestsPerMinute(),
    allowedAddresses: optional(addresses()),
    allowedOperations: optional(operations()),
    costPerMinute: optional(costPerMinute()),
    expiresAt: optional(z.date().min(now, 'must lie in the future')),
  })

const settings = (now: Date) =>
  z.object({
    id: uuid(),
    name: name().optional(),
    scopes: scopes().optional(),
    requestsPerMinute: requestsPerMinute().optional(),
    allowedAddresses: addresses().optional(),
    allowedOperations: optional(operations()),
    costPerMinute: optional(costPerMinute()),
    expiresAt: optional(z.date().min(now, 'must lie in the future')),
  })

const rotation = z.object({
  id: uuid(),
  overlapSeconds: z.int().min(0).max(LONGEST_OVERLAP_SECONDS).nullish(),
})

export function createApiKeysService({ db, clock, ownership, tellAccessChanges }: ApiKeysDependencies) {
  const audit = (
    tx: Tx,
    caller: Caller,
    action: string,
    id: string,
    before: object | null,
    after: object | null,
  ) => recordAudit(tx, { ...auditOf(caller), action, entityType: 'ApiKey', entityId: id, before, after })

  /**
   * Works on a key as whoever may: its owner as themselves, an administrator as the system. For everybody else there
   * is no such key.
   */
  const onKey = <T>(caller: Caller, id: string, work: (tx: Tx, key: ApiKey) => Promise<T>): Promise<T> => {
    const administrates = hasScope(caller.principal, 'manage:api-keys')
    if (!isUuid(id) || (!administrates && caller.principal.kind !== 'user')) throw apiKeyNotFound()
    return db.as(administrates ? systemActor : { userId: personOf(caller) }, async (tx) => {
      const key = await apiKeyRepository.lock(tx, id)
      if (!key || !(administrates || ownership(caller.principal, key.ownerId))) throw apiKeyNotFound()
      return work(tx, key)
    })
  }

  const listed = async (
    inTransaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
    ownerId: string | null,
    args: PageArguments,
  ): Promise<ApiKeyList> => {
    const page = toPageRequest(args, 2)
    const rows = await inTransaction((tx) => apiKeyRepository.page(tx, ownerId, page))
    const list = toConnection(
      rows,
      page,
      ({ createdAt, id }) => [createdAt.toISOString(), id],
      (row) => row,
    )
    return { ...list, totalCount: () => inTransaction((tx) => apiKeyRepository.count(tx, ownerId)) }
  }

  return {
    async create(caller: Caller, input: unknown): Promise<IssuedApiKey> {
      assertScope(caller, 'manage:api-keys')
      const now = clock.now()
      const {
        ownerId,
        allowedAddresses,
        allowedOperations = null,
        costPerMinute = null,
        expiresAt = null,
        ...given
      } = parseInput(creation(now), input)
      const { secret, secretHash } = createKeySecret()
      const apiKey = await db.as(systemActor, async (tx) => {
        const owner = await accountRepository.find(tx, ownerId, now)
        if (!owner || !isUsable(owner)) throw userNotFound()
        const chosen = {
          ...given,
          allowedAddresses: allowedAddresses ?? [],
          allowedOperations,
          costPerMinute,
          expiresAt,
        }
        const key = await apiKeyRepository.add(tx, { ...chosen, ownerId, secretHash, createdAt: now })
        await audit(tx, caller, 'api-keys.create', key.id, null, { ...chosen, ownerId })
        return key
      })
      return { apiKey, key: keyPrefix(apiKey.id) + secret }
    },

    async update(caller: Caller, input: unknown): Promise<ApiKey> {
      assertScope(caller, 'manage:api-keys')
      const { id, ...changes } = parseInput(settings(clock.now()), input)
      return onKey(caller, id, async (tx, before) => {
        if (before.revokedAt !== null) throw apiKeyRevoked()
        const after = await apiKeyRepository.change(tx, id, changes)
        const fields = Object.keys(changes) as (keyof ApiKey & keyof typeof changes)[]
        const of = (key: ApiKey) => Object.fromEntries(fields.map((field) => [field, key[field]]))
        await tellAccessChanges(tx, [ofApiKey(id)])
        await audit(tx, caller, 'api-keys.update', id, of(before), of(after))
        return after
      })
    },

    async rotate(caller: Caller, input: unknown): Promise<IssuedApiKey> {
      const { id, overlapSeconds } = parseInput(rotation, input)
      const overlapMs = (overlapSeconds ?? DEFAULT_OVERLAP_SECONDS) * 1000
      const previousValidUntil = new Date(clock.now().getTime() + overlapMs)
      const { secret, secretHash } = createKeySecret()
      const apiKey = await onKey(caller, id, async (tx, before) => {
        if (before.revokedAt !== null) throw apiKeyRevoked()
        const rotated = await apiKeyRepository.rotate(tx, before.id, secretHash, previousValidUntil)
        await tellAccessChanges(tx, [ofApiKey(before.id)])
        await audit(tx, caller, 'api-keys.rotate', before.id, null, { previousValidUntil })
        return rotated
      })
      return { apiKey, key: keyPrefix(apiKey.id) + secret }
    },

    /** Revoking twice is revoking once. */
    async revoke(caller: Caller, { id }: { id: string }): Promise<ApiKey> {
      return onKey(caller, id, async (tx, before) => {
        if (before.revokedAt !== null) return before
        const revokedAt = clock.now()
        const revoked = await apiKeyRepository.change(tx, before.id, { revokedAt })
        await tellAccessChanges(tx, [ofApiKey(before.id)])
        await audit(tx, caller, 'api-keys.revoke', before.id, null, { revokedAt })
        return revoked
      })
    },

    /** For its owner and for those who manage keys; null for everybody else. */
    async apiKey(caller: Caller, id: string): Promise<ApiKey | null> {
      const { principal } = caller
      if (!isUuid(id)) return null
      if (hasScope(principal, 'manage:api-keys'))
        return db.as(systemActor, (tx) => apiKeyRepository.find(tx, id))
      if (principal.kind !== 'user') return null
      const key = await db.as({ userId: personOf(caller) }, (tx) => apiKeyRepository.find(tx, id))
      return key && ownership(principal, key.ownerId) ? key : null
    },

    async apiKeys(caller: Caller, args: PageArguments): Promise<ApiKeyList> {
      assertScope(caller, 'manage:api-keys')
      return listed((work) => db.as(systemActor, work), null, args)
    },

    async apiKeysOf(caller: Caller, ownerId: string, args: PageArguments): Promise<ApiKeyList> {
      const userId = personOf(caller)
      if (!ownership(caller.principal, ownerId)) throw apiKeyNotFound()
      return listed((work) => db.as({ userId }, work), ownerId, args)
    },
  }
}
