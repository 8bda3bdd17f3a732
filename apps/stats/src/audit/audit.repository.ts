import type { SortKey } from '@courtside/database'
import type { PageArguments } from '@courtside/kernel'
import type { Database, Tx } from '../db.ts'
import { type CountedConnection, listPlain } from '../lists/index.ts'

export interface AuditFilter {
  entityType?: string | null
  entityId?: string | null
  actorUserId?: string | null
  from?: Date | null
  to?: Date | null
}

export interface AuditEntry {
  id: string
  action: string
  entityType: string
  entityId: string
  actorKind: string
  actorUserId: string | null
  actorApiKeyId: string | null
  requestId: string
  before: unknown
  after: unknown
  recordedAt: Date
}

const LATEST_FIRST: readonly SortKey[] = [{ field: 'id', order: 'desc', type: 'number' }]

export function listAuditEntries(
  database: Database,
  { entityType, entityId, actorUserId, from, to }: AuditFilter,
  page: PageArguments,
): Promise<CountedConnection<AuditEntry>> {
  const matching = {
    entityType: entityType ?? undefined,
    entityId: entityId ?? undefined,
    actorUserId: actorUserId ?? undefined,
    recordedAt: { gte: from ?? undefined, lt: to ?? undefined },
  }
  return listPlain(database, {
    page,
    order: LATEST_FIRST,
    keyOf: ({ id }) => [Number(id)],
    rows: async (client, { where, ...rest }) => {
      const rows = await client.auditLog.findMany({ where: { ...matching, AND: where }, ...rest })
      return rows.map((row) => ({ ...row, id: String(row.id) }))
    },
    count: (client) => client.auditLog.count({ where: matching }),
  })
}

/** The first entry that is not as it was written, or follows a gap. */
export async function findBrokenAuditEntry(tx: Tx): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: bigint | null }[]>`SELECT verify_audit_log() AS id`
  return row?.id == null ? null : String(row.id)
}
