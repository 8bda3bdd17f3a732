import { hasScope, type Scope } from '@courtside/auth'
import type { AuditEntry } from '@courtside/database'
import { DomainError } from '@courtside/kernel'
import type { RequestContext } from '@courtside/subgraph'

/** Who asks, and from where: what every service takes first. A resolver hands in its context. */
export type Caller = Pick<RequestContext, 'principal' | 'requestId' | 'clientAddress' | 'clientAgent' | 'log'>

/** The person who asks. Their rows are touched as them, so that row-level security stands behind every check. */
export function personOf({ principal }: Caller): string {
  if (principal.kind === 'user' && principal.userId !== null) return principal.userId
  throw new DomainError({
    kind: 'unauthenticated',
    code: 'UNAUTHENTICATED',
    message: 'Only a person who is signed in can do this.',
  })
}

/** The schema asks for the scope already; a service asks again before it acts as the system. */
export function assertScope({ principal }: Caller, scope: Scope): void {
  if (hasScope(principal, scope)) return
  throw new DomainError({ kind: 'forbidden', code: 'FORBIDDEN', message: `This takes the scope ${scope}.` })
}

/** Who acts, as the audit log keeps it. */
export function auditOf({ principal, requestId }: Caller): Pick<AuditEntry, 'actor' | 'requestId'> {
  const { kind, userId, apiKeyId, service } = principal
  return { requestId, actor: { kind, userId, apiKeyId, service } }
}
