export { createAuditLog, type AuditLog, type AuditLogOptions } from './audit-log.resolvers.ts'
export type { AuditActorKind, AuditClient, AuditEntry } from './audit-log.repository.ts'
export type { AuditPage, AuditVerification } from './audit-log.service.ts'
