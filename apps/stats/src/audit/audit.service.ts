import type { PageArguments } from '@courtside/kernel'
import { optional, parseInput, text } from '@courtside/validation'
import * as z from 'zod'
import type { Database } from '../db.ts'
import { id, moment } from '../input-fields.ts'
import type { CountedConnection } from '../lists/index.ts'
import { type AuditEntry, findBrokenAuditEntry, listAuditEntries } from './audit.repository.ts'

export interface AuditService {
  list(filter: unknown, page: PageArguments): Promise<CountedConnection<AuditEntry>>
  /** Reads the whole log. */
  verify(): Promise<{ isIntact: boolean; firstBrokenEntryId: string | null }>
}

const auditFilter = z
  .object({
    entityType: optional(text(1, 60)),
    entityId: optional(text(1, 60)),
    actorUserId: optional(id()),
    from: optional(moment()),
    to: optional(moment()),
  })
  // The index begins with the type.
  .refine(({ entityType, entityId }) => entityId == null || entityType != null, {
    path: ['entityType'],
    message: 'goes with entityId: say of which type the thing is',
  })

export function createAuditService({ database }: { database: Database }): AuditService {
  return {
    list: async (filter, page) => listAuditEntries(database, parseInput(auditFilter, filter ?? {}), page),

    async verify() {
      const firstBrokenEntryId = await database.read(findBrokenAuditEntry)
      return { isIntact: firstBrokenEntryId === null, firstBrokenEntryId }
    },
  }
}
