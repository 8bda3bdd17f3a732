import type { Database } from '../db.ts'
import type { Resolvers } from '../generated/graphql.ts'
import { type AuditLogService, createAuditLogService } from './audit-log.service.ts'

export { auditLogRepository, type LoggedChange } from './audit-log.repository.ts'
export type { AuditLogService, AuditPage } from './audit-log.service.ts'

const auditResolvers: Resolvers = {
  Query: {
    accountsAuditLog: (_root, { filter, ...page }, context) =>
      context.services.auditLog.list(context, filter, page),
    accountsAuditLogVerification: (_root, _args, context) => context.services.auditLog.verify(context),
  },
  AuditEntry: {
    actor: ({ actorUserId }, _args, { loaders }) =>
      actorUserId === null ? null : loaders.profile.load(actorUserId),
  },
}

export interface AuditModule {
  service: AuditLogService
  resolvers: typeof auditResolvers
}

/** Reading the audit log; each module writes its own lines. */
export function createAuditModule(dependencies: { db: Database }): AuditModule {
  return { service: createAuditLogService(dependencies), resolvers: auditResolvers }
}
