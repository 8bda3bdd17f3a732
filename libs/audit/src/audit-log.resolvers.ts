import type { Principal } from '@courtside/auth'
import type { PageArguments } from '@courtside/kernel'
import type { RunAuditQuery } from './audit-log.repository.ts'
import { type AuditPage, type AuditVerification, createAuditLogService } from './audit-log.service.ts'

export interface AuditLogOptions {
  /** Runs a query on a client that sees the whole log; the scope is checked before. */
  read: RunAuditQuery
}

/** Two resolvers. A subgraph puts them under the names that its root fields have in the graph. */
export interface AuditLog {
  list(
    root: unknown,
    args: PageArguments & { filter?: unknown },
    context: { principal: Principal },
  ): Promise<AuditPage>
  /** Reads the whole log. */
  verify(root: unknown, args: unknown, context: { principal: Principal }): Promise<AuditVerification>
}

/** GW-09: who changed what. Every subgraph keeps a log of its own, in the same table, and shows it in the same way. */
export function createAuditLog({ read }: AuditLogOptions): AuditLog {
  const service = createAuditLogService(read)
  return {
    list: (_root, { filter, ...page }, { principal }) => service.list(principal, filter, page),
    verify: (_root, _args, { principal }) => service.verify(principal),
  }
}
