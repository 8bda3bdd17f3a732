import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import type { Tx } from '../db.ts'
import { isGrantableScope, type KeySecrets } from './api-key.policy.ts'
import type { ApiKey } from './api-key.ts'

const NEWEST_FIRST: readonly SortKey[] = [
  { field: 'createdAt', order: 'desc', type: 'date' },
  { field: 'id', order: 'desc', type: 'uuid' },
]

const COLUMNS = {
  id: true,
  ownerId: true,
  name: true,
  scopes: true,
  requestsPerMinute: true,
  allowedAddresses: true,
  allowedOperations: true,
  costPerMinute: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
  previousValidUntil: true,
  createdAt: true,
  updatedAt: true,
} as const

export type KeySettings = Pick<
  ApiKey,
  | 'name'
  | 'scopes'
  | 'requestsPerMinute'
  | 'allowedAddresses'
  | 'allowedOperations'
  | 'costPerMinute'
  | 'expiresAt'
>

/** Keys. Row-level security decides which ones a transaction reaches: its own person's, or all. */
export const apiKeyRepository = {
  async add(tx: Tx, key: KeySettings & { ownerId: string; secretHash: Buffer; createdAt: Date }) {
    const { scopes, allowedAddresses, allowedOperations, secretHash, ...rest } = key
    const row = await tx.apiKey.create({
      data: {
        ...rest,
        scopes: [...scopes],
        allowedAddresses: [...allowedAddresses],
        allowedOperations: [...(allowedOperations ?? [])],
        secretHash: Uint8Array.from(secretHash),
      },
      select: COLUMNS,
    })
    return toApiKey(row)
  },

  async find(tx: Tx, id: string): Promise<ApiKey | null> {
    const row = await tx.apiKey.findUnique({ where: { id }, select: COLUMNS })
    return row && toApiKey(row)
  },

  /** Holds the key until the transaction ends, so that changes to it come one by one. */
  async lock(tx: Tx, id: string): Promise<ApiKey | null> {
    await tx.$executeRaw`SELECT 1 FROM api_keys WHERE id = ${id}::uuid FOR UPDATE`
    return this.find(tx, id)
  },

  /** With its secrets, and whether the account that answers for it is in use. */
  async findWithSecrets(
    tx: Tx,
    id: string,
  ): Promise<{ key: ApiKey; secrets: KeySecrets; isOwnerUsable: boolean } | null> {
    const row = await tx.apiKey.findUnique({
      where: { id },
      select: {
        ...COLUMNS,
        secretHash: true,
        previousSecretHash: true,
        owner: { select: { isActive: true, erasedAt: true } },
      },
    })
    if (!row) return null
    const { secretHash, previousSecretHash, owner, ...rest } = row
    return {
      key: toApiKey(rest),
      secrets: { secretHash, previousSecretHash, previousValidUntil: rest.previousValidUntil },
      isOwnerUsable: owner.isActive && owner.erasedAt === null,
    }
  },

  async change(tx: Tx, id: string, changes: Partial<KeySettings> & { revokedAt?: Date }): Promise<ApiKey> {
    const { scopes, allowedAddresses, allowedOperations, ...rest } = changes
    const row = await tx.apiKey.update({
      where: { id },
      data: {
        ...rest,
        ...(scopes && { scopes: [...scopes] }),
        ...(allowedAddresses && { allowedAddresses: [...allowedAddresses] }),
        ...(allowedOperations !== undefined && { allowedOperations: [...(allowedOperations ?? [])] }),
      },
      select: COLUMNS,
    })
    return toApiKey(row)
  },

  /** Gives the key a new secret; the current one becomes the previous one. */
  async rotate(tx: Tx, id: string, secretHash: Buffer, previousValidUntil: Date): Promise<ApiKey> {
    await tx.$executeRaw`
      UPDATE api_keys
      SET previous_secret_hash = secret_hash, previous_valid_until = ${previousValidUntil}::timestamptz,
        secret_hash = ${secretHash}
      WHERE id = ${id}::uuid`
    return toApiKey(await tx.apiKey.findUniqueOrThrow({ where: { id }, select: COLUMNS }))
  },

  /** Of one owner, or of all. */
  async page(tx: Tx, ownerId: string | null, page: PageRequest): Promise<ApiKey[]> {
    const { where, orderBy, take } = keyset(NEWEST_FIRST, page)
    const owned = ownerId === null ? {} : { ownerId }
    const rows = await tx.apiKey.findMany({ where: { AND: [owned, where] }, orderBy, take, select: COLUMNS })
    return rows.map(toApiKey)
  },

  async idsOf(tx: Tx, ownerId: string): Promise<string[]> {
    const rows = await tx.apiKey.findMany({ where: { ownerId, revokedAt: null }, select: { id: true } })
    return rows.map(({ id }) => id)
  },

  async count(tx: Tx, ownerId: string | null): Promise<number> {
    return tx.apiKey.count({ where: ownerId === null ? {} : { ownerId } })
  },

  async touch(tx: Tx, id: string, now: Date): Promise<void> {
    await tx.$executeRaw`
      UPDATE api_keys SET last_used_at = ${now}::timestamptz
      WHERE id = ${id}::uuid AND (last_used_at IS NULL OR last_used_at < ${now}::timestamptz)`
  },
}

/** As Prisma has it: lists are never null, so an empty one says that nothing is restricted. */
type Row = Omit<ApiKey, 'scopes' | 'allowedOperations'> & { scopes: string[]; allowedOperations: string[] }

/** A scope that is no longer granted to keys opens nothing, whatever is stored. */
function toApiKey({ scopes, allowedOperations, ...row }: Row): ApiKey {
  return {
    ...row,
    scopes: scopes.filter(isGrantableScope),
    allowedOperations: allowedOperations.length === 0 ? null : allowedOperations,
  }
}
