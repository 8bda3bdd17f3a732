import { keyset, type SortKey } from '@courtside/database'
import type { PageRequest } from '@courtside/kernel'
import type { Tx } from '../db.ts'

/** One line of the audit log. */
export interface LoggedChange {
  /** A number without gaps, as text. */
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

export interface AuditFilter {
  entityType?: string | undefined
  entityId?: string | undefined
  actorUserId?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
}

const LATEST_FIRST: readonly SortKey[] = [{ field: 'id', order: 'desc', type: 'number' }]
export const AUDIT_SORT_KEY = LATEST_FIRST.length

const COLUMNS = {
  id: true,
  action: true,
  entityType: true,
  entityId: true,
  actorKind: true,
  actorUserId: true,
  actorApiKeyId: true,
  requestId: true,
  before: true,
  after: true,
  recordedAt: true,
} as const

export const auditLogRepository = {
  async page(tx: Tx, filter: AuditFilter, page: PageRequest): Promise<LoggedChange[]> {
    const { where, orderBy, take } = keyset(LATEST_FIRST, page)
    const rows = await tx.auditLog.findMany({
      where: { AND: [matching(filter), where] },
      orderBy,
      take,
      select: COLUMNS,
    })
    return rows.map((row) => ({ ...row, id: String(row.id) }))
  },

  count(tx: Tx, filter: AuditFilter): Promise<number> {
    return tx.auditLog.count({ where: matching(filter) })
  },

  /** The first entry that is not as it was written, or follows a gap. */
  async findFirstBroken(tx: Tx): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ id: bigint | null }[]>`SELECT verify_audit_log() AS id`
    return row?.id == null ? null : String(row.id)
  },
}

function matching({ entityType, entityId, actorUserId, from, to }: AuditFilter) {
  return { entityType, entityId, actorUserId, recordedAt: { gte: from, lt: to } }
}
