import type { AuditLog } from '@courtside/audit'
import type { Resolvers } from '../generated/graphql.ts'

export function createAuditResolvers({ list, verify }: AuditLog): Resolvers {
  return {
    Query: { statsAuditLog: list, statsAuditLogVerification: verify },
    AuditEntry: {
      actor: ({ actorUserId }) => (actorUserId === null ? null : { id: actorUserId }),
    },
  }
}
