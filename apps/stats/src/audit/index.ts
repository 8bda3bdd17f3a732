import { createAuditLog } from '@courtside/audit'
import type { Database } from '../db.ts'
import { createAuditResolvers } from './audit.resolvers.ts'

/** Reading the audit log; every write adds its own entry. */
export function createAuditModule({ database }: { database: Database }) {
  return { resolvers: createAuditResolvers(createAuditLog({ read: (query) => database.read(query) })) }
}
