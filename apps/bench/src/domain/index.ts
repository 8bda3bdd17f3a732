import type { JWK } from 'jose'
import { accounts, createFollowedAccounts, createIdentityAccounts } from './accounts.ts'
import type { DomainSubgraph } from './domain-subgraph.ts'
import { toFederationOne } from './federation-one.ts'
import type { GameUpdates } from './game-updates.ts'
import { createLiveEvents } from './live-events.ts'
import { live } from './live.ts'
import { stats } from './stats.ts'

export { createGameUpdates, expectedUpdate, type GameUpdate, type GameUpdates } from './game-updates.ts'
export { games } from './league.ts'
export { type DomainSubgraph, linked } from './domain-subgraph.ts'
export { type SignedIn, signIn } from './sign-in.ts'
export { type Addresses, composeSupergraph } from './supergraph.ts'
export { type Workload, type WorkloadName, WORKLOADS } from './workloads.ts'

/** The graph that all gateways have in common. */
export const SUBGRAPHS: readonly DomainSubgraph[] = [stats, live, accounts]
export const SUBGRAPH_NAMES = SUBGRAPHS.map(({ name }) => name)

/** The same graph with what our gateway needs beside it. */
export const subgraphsWithIdentity = (signingKey: JWK): readonly DomainSubgraph[] => [
  stats,
  live,
  createIdentityAccounts(signingKey),
]

/** The graph with events, for everybody. */
export const subgraphsWithEvents = (updates: GameUpdates): readonly DomainSubgraph[] => [
  stats,
  createLiveEvents(updates),
  accounts,
]

/** The same with what our gateway needs beside it. */
export const subgraphsWithEventsAndIdentity = (
  updates: GameUpdates,
  signingKey: JWK,
): readonly DomainSubgraph[] => [stats, createLiveEvents(updates), createFollowedAccounts(signingKey)]

const OWNERS = { Game: 'stats', Team: 'stats', User: 'accounts' }

export const federationOneTypeDefs = (): Record<string, string> =>
  Object.fromEntries(SUBGRAPHS.map((subgraph) => [subgraph.name, toFederationOne(subgraph, OWNERS)]))
