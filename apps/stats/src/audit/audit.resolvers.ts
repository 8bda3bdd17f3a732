import type { Resolvers } from '../generated/graphql.ts'
import { countedConnection } from '../lists/index.ts'
import type { AuditService } from './audit.service.ts'

export function createAuditResolvers(audit: AuditService): Resolvers {
  return {
    Query: {
      statsAuditLog: (_root, { filter, ...page }) => audit.list(filter, page),
      statsAuditLogVerification: () => audit.verify(),
    },
    AuditEntry: {
      actor: ({ actorUserId }) => (actorUserId === null ? null : { id: actorUserId }),
    },
    AuditEntryConnection: countedConnection,
  }
}
