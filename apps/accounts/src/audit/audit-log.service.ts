import { systemActor } from '@courtside/database'
import { type Connection, type PageArguments, toConnection, toPageRequest } from '@courtside/kernel'
import { parseInput, text, uuid } from '@courtside/validation'
import * as z from 'zod'
import { assertScope, type Caller } from '../caller.ts'
import type { Database } from '../db.ts'
import {
  AUDIT_SORT_KEY,
  type AuditFilter,
  auditLogRepository as auditLog,
  type LoggedChange,
} from './audit-log.repository.ts'

export type AuditPage = Connection<LoggedChange> & { totalCount(): Promise<number> }

export type AuditLogService = ReturnType<typeof createAuditLogService>

/** A condition that is null is no condition. */
const condition = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined)

const auditFilter = z
  .object({
    entityType: condition(text(1, 100)),
    entityId: condition(text(1, 100)),
    actorUserId: condition(uuid()),
    from: condition(z.date()),
    to: condition(z.date()),
  })
  .refine(({ entityType, entityId }) => entityId === undefined || entityType !== undefined, {
    path: ['entityId'],
    message: 'goes with entityType',
  })

/** GW-09: who changed what. People read what they did themselves in the export of their account; this is for all else. */
export function createAuditLogService({ db }: { db: Database }) {
  return {
    async list(caller: Caller, given: unknown, args: PageArguments): Promise<AuditPage> {
      assertScope(caller, 'read:audit')
      const filter: AuditFilter = parseInput(auditFilter, given ?? {})
      const page = toPageRequest(args, AUDIT_SORT_KEY)
      const rows = await db.as(systemActor, (tx) => auditLog.page(tx, filter, page))
      return {
        ...toConnection(
          rows,
          page,
          ({ id }) => [Number(id)],
          (row) => row,
        ),
        totalCount: () => db.as(systemActor, (tx) => auditLog.count(tx, filter)),
      }
    },

    async verify(caller: Caller): Promise<{ isIntact: boolean; firstBrokenEntryId: string | null }> {
      assertScope(caller, 'read:audit')
      const firstBrokenEntryId = await db.as(systemActor, (tx) => auditLog.findFirstBroken(tx))
      return { isIntact: firstBrokenEntryId === null, firstBrokenEntryId }
    },
  }
}
