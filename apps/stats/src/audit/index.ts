import type { Database } from '../db.ts'
import { createAuditResolvers } from './audit.resolvers.ts'
import { createAuditService } from './audit.service.ts'

export type { AuditEntry } from './audit.repository.ts'

export function createAuditModule(dependencies: { database: Database }) {
  return { resolvers: createAuditResolvers(createAuditService(dependencies)) }
}
