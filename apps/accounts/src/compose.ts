import type { IdentityVerifier } from '@courtside/auth'
import { type Clock, systemClock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import {
  createSubgraph,
  dateTimeScalar,
  jsonScalar,
  readTypeDefs,
  type Subgraph,
  urlScalar,
} from '@courtside/subgraph'
import { createAuditModule } from './audit/index.ts'
import { createBlocksModule } from './blocks/index.ts'
import type { Context } from './context.ts'
import { openAccountsDatabase } from './db.ts'
import { createFollowsModule } from './follows/index.ts'
import { createMembershipsModule } from './memberships/index.ts'
import { mergeResolvers } from './merge-resolvers.ts'
import { ownOnly, type OwnershipPolicy } from './ownership.policy.ts'
import { createUserStatsModule } from './user-stats/index.ts'
import { createUsersModule } from './users/index.ts'

export interface AccountsOptions {
  databaseUrl: string
  identity: IdentityVerifier
  log: Logger
  introspection: boolean
  /** Default: the time of this machine. */
  clock?: Clock
  /** Default: everybody to their own. */
  ownership?: OwnershipPolicy
}

export async function composeAccounts(options: AccountsOptions): Promise<Subgraph> {
  const { log, clock = systemClock, ownership = ownOnly } = options
  const db = openAccountsDatabase(options.databaseUrl, log)

  const users = createUsersModule({ db, ownership, clock })
  const userStats = createUserStatsModule({ db })
  const follows = createFollowsModule({ db, ownership })
  const memberships = createMembershipsModule({ db, ownership })
  const blocks = createBlocksModule({ db, ownership, endFollowsBetween: follows.endBetween })
  const audit = createAuditModule({ db })

  const modules = [users, userStats, follows, memberships, blocks, audit]

  return createSubgraph<Context>({
    name: 'accounts',
    typeDefs: readTypeDefs(new URL('.', import.meta.url)),
    resolvers: mergeResolvers([
      { DateTime: dateTimeScalar, URL: urlScalar, JSON: jsonScalar },
      ...modules.map((module) => module.resolvers),
    ]),
    createContext: (request) => ({
      ...request,
      services: {
        users: users.service,
        follows: follows.service,
        memberships: memberships.service,
        blocks: blocks.service,
        auditLog: audit.service,
      },
      loaders: {
        ...users.createLoaders(),
        ...userStats.createLoaders(),
        ...follows.createLoaders(request),
        ...memberships.createLoaders(request),
      },
    }),
    identity: options.identity,
    introspection: options.introspection,
    log,
    readiness: {
      async problems() {
        return db.ping().then(
          () => [],
          () => ['the database does not answer'],
        )
      },
    },
    close: () => db.close(),
  })
}
