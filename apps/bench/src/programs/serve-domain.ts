import type { IdentityVerifier } from '@courtside/auth'
import type { Logger } from '@courtside/logger'
import { createSubgraph, type Subgraph } from '@courtside/subgraph'
import { type DomainSubgraph, linked } from '../domain/index.ts'

/** A subgraph of the domain as the real ones are made. */
export function serveDomain(
  domain: DomainSubgraph,
  identity: IdentityVerifier,
  log: Logger,
): Promise<Subgraph> {
  return createSubgraph({
    name: domain.name,
    typeDefs: linked(domain),
    resolvers: domain.resolvers,
    createContext: (request) => request,
    identity,
    readiness: { problems: async () => [] },
    log,
    introspection: false,
    close: async () => undefined,
  })
}
