import type { AuditLog } from '@courtside/audit'
import type { Resolvers } from '../generated/graphql.ts'

export function createAuditResolvers({ list, verify }: AuditLog): Resolvers {
  return {
    Query: { accountsAuditLog: list, accountsAuditLogVerification: verify },
    AuditEntry: {
      actor: ({ actorUserId }, _args, { loaders }) =>
        actorUserId === null ? null : loaders.profile.load(actorUserId),
    },
  }
}
