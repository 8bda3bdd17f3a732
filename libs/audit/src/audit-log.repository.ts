import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'

/** One change, as a row of `audit_log` tells it. */
export interface AuditEntry {
  /** A number without gaps, as text. */
  id: string
  action: string
  entityType: string
  entityId: string
  actorKind: AuditActorKind
  actorUserId: string | null
  actorApiKeyId: string | null
  requestId: string
  before: unknown
  after: unknown
  recordedAt: Date
}

export type AuditActorKind = 'ANONYMOUS' | 'PARTNER' | 'SERVICE' | 'USER'

export interface AuditFilter {
  action?: string | undefined
  entityType?: string | undefined
  entityId?: string | undefined
  actorUserId?: string | undefined
  actorApiKeyId?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/** What every generated Prisma client has, as far as this library uses it: the table is the same in all subgraphs. */
export interface AuditClient {
  auditLog: {
    findMany(query: { where: object; orderBy: object[]; take: number }): PromiseLike<AuditRow[]>
    count(query: { where: object }): PromiseLike<number>
  }
  $queryRaw<T>(query: TemplateStringsArray): PromiseLike<T>
}

export type RunAuditQuery = <T>(query: (client: AuditClient) => Promise<T>) => Promise<T>

type AuditRow = Omit<AuditEntry, 'id' | 'actorKind'> & { id: bigint; actorKind: string }

export const AUDIT_ORDER: readonly SortKey[] = [{ field: 'id', order: 'desc', type: 'number' }]

export async function listAuditEntries(
  client: AuditClient,
  filter: AuditFilter,
  page: PageRequest,
): Promise<AuditEntry[]> {
  const { where, orderBy, take } = keyset(AUDIT_ORDER, page)
  const rows = await client.auditLog.findMany({ where: { AND: [matching(filter), where] }, orderBy, take })
  return rows.map(toAuditEntry)
}

export async function countAuditEntries(client: AuditClient, filter: AuditFilter): Promise<number> {
  return client.auditLog.count({ where: matching(filter) })
}

/** The first entry that is not as it was written, or follows a gap. */
export async function findBrokenAuditEntry(client: AuditClient): Promise<string | null> {
  const [row] = await client.$queryRaw<{ id: bigint | null }[]>`SELECT verify_audit_log() AS id`
  return row?.id == null ? null : String(row.id)
}

function matching({ from, to, ...equal }: AuditFilter): object {
  return { ...equal, recordedAt: { gte: from, lt: to } }
}

function toAuditEntry({ id, actorKind, ...row }: AuditRow): AuditEntry {
  // A constraint of the table lets no other kinds in.
  return { ...row, id: String(id), actorKind: actorKind.toUpperCase() as AuditActorKind }
}
