import { createAuditLog } from '@courtside/audit'
import { systemActor } from '@courtside/database'
import type { Database } from '../db.ts'
import { createAuditResolvers } from './audit.resolvers.ts'

/** Reading the audit log; each module writes its own lines. What people did themselves is in the export of their account. */
export function createAuditModule({ db }: { db: Database }) {
  return { resolvers: createAuditResolvers(createAuditLog({ read: (query) => db.as(systemActor, query) })) }
}
