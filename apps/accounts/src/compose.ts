import type { IdentityVerifier } from '@courtside/auth'
import { openStreams, type RetentionPolicy, type StreamSettings, withAfterCommit } from '@courtside/events'
import type { Metrics } from '@courtside/http'
import { type Clock, systemClock } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'
import {
  createSubgraph,
  cursorScalar,
  dateTimeScalar,
  jsonScalar,
  mergeResolvers,
  readTypeDefs,
  type Subgraph,
  urlScalar,
} from '@courtside/subgraph'
import { createSubgraphTracing, type Tracing } from '@courtside/telemetry'
import { createAccessChangesModule, createAccessChangeTeller } from './access-changes/index.ts'
import { createAccountModule } from './account/index.ts'
import { createAdministrationModule } from './administration/index.ts'
import { createApiKeysModule } from './api-keys/index.ts'
import { createAuditModule } from './audit/index.ts'
import { createBlocksModule } from './blocks/index.ts'
import { startCleanUp } from './clean-up/index.ts'
import type { Context } from './context.ts'
import { createCredentialsModule } from './credentials/index.ts'
import { openAccountsDatabase, toLogDatabase } from './db.ts'
import { createFollowsModule } from './follows/index.ts'
import { createIdentitiesModule } from './identities/index.ts'
import { createInvitationsModule } from './invitations/index.ts'
import { createMembershipsModule } from './memberships/index.ts'
import { ownOnly, type OwnershipPolicy } from './ownership.policy.ts'
import { createPasswords, type PasswordOptions } from './passwords/index.ts'
import { createRolesModule } from './roles/index.ts'
import { keyFor } from './secret.ts'
import { ACCESS_TOKEN_LIFETIME_MS, createSessionsModule } from './sessions/index.ts'
import { createSignInThrottles } from './sign-in-throttles/index.ts'
import { createSigningKeysModule } from './signing-keys/index.ts'
import { createUserStatsModule } from './user-stats/index.ts'
import { createUsersModule } from './users/index.ts'

export { loadDevelopmentSecret } from './development-secret.ts'

export interface AccountsOptions {
  databaseUrl: string
  identity: IdentityVerifier
  log: Logger
  introspection: boolean
  /** Flushed by whoever made it. Default: no operation is traced. */
  tracing?: Tracing
  /** Default: the time of this machine. */
  clock?: Clock
  /** Default: everybody to their own. */
  ownership?: OwnershipPolicy
  /** Protects signing keys, refresh tokens and counts of failed sign-ins. The same for every process. */
  secret: string
  /** What a password hash costs. Default: see `createPasswords`. */
  passwords?: PasswordOptions
  /** Default: five minutes. */
  accessTokenLifetimeMs?: number
  metrics?: Metrics
  /** Of the log in which accounts tells others what has changed. */
  streams: StreamSettings
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Gateways ask about everybody again when they have missed some, so a week is for looking back. What people follow is
 * kept for ever: see `clean-up`.
 */
const RETENTION: readonly RetentionPolicy[] = [{ kind: 'access', keepMs: 7 * DAY_MS }]

export async function composeAccounts(options: AccountsOptions): Promise<Subgraph> {
  const {
    clock = systemClock,
    ownership = ownOnly,
    accessTokenLifetimeMs = ACCESS_TOKEN_LIFETIME_MS,
  } = options
  const log = options.log.child({ subgraph: 'accounts' })
  const tracing = options.tracing && createSubgraphTracing(options.tracing)
  await using opening = new AsyncDisposableStack()
  const db = withAfterCommit(openAccountsDatabase(options.databaseUrl, log, tracing?.watchStatement), log)
  opening.defer(() => db.close())
  const streams = openStreams({
    name: 'accounts',
    db: toLogDatabase(db),
    databaseUrl: options.databaseUrl,
    settings: options.streams,
    retention: RETENTION,
    log,
  })
  opening.defer(() => streams.close())
  const tellAccessChanges = createAccessChangeTeller({ log: streams.log, clock })

  const passwords = createPasswords(options.passwords)
  const throttles = createSignInThrottles({ key: keyFor('sign-in-throttles', options.secret), clock })
  const signingKeys = createSigningKeysModule({
    db,
    clock,
    log,
    sealKey: keyFor('signing-keys', options.secret),
    tokenLifetimeMs: accessTokenLifetimeMs,
  })

  const users = createUsersModule({ db, ownership, clock })
  const roles = createRolesModule({ db, clock, tellAccessChanges })
  const sessions = createSessionsModule({
    db,
    clock,
    ownership,
    passwords,
    throttles,
    signingKeys: signingKeys.service,
    refreshKey: keyFor('refresh-tokens', options.secret),
    accessTokenLifetimeMs,
    metrics: options.metrics,
    tellAccessChanges,
  })
  const credentials = createCredentialsModule({
    db,
    clock,
    ownership,
    passwords,
    throttles,
    tellAccessChanges,
  })
  const administration = createAdministrationModule({ db, clock, tellAccessChanges })
  const apiKeys = createApiKeysModule({ db, clock, ownership, tellAccessChanges })
  const identities = createIdentitiesModule({ db, clock, ownership, log, tellAccessChanges })
  opening.defer(() => identities.settled())
  const invitations = createInvitationsModule({ db, clock, signUp: sessions.signUp })
  const userStats = createUserStatsModule({ db })
  const follows = createFollowsModule({ db, ownership })
  const memberships = createMembershipsModule({ db, ownership })
  const blocks = createBlocksModule({ db, ownership, endFollowsBetween: follows.endBetween })
  const audit = createAuditModule({ db })
  const account = createAccountModule({
    db,
    ownership,
    provePassword: credentials.service.prove,
    tellAccessChanges,
  })
  const accessChanges = createAccessChangesModule({ log: streams.log, reader: streams.reader })

  const modules = [
    signingKeys,
    users,
    roles,
    sessions,
    credentials,
    administration,
    apiKeys,
    identities,
    invitations,
    userStats,
    follows,
    memberships,
    blocks,
    audit,
    account,
    accessChanges,
  ]

  const cleanUp = startCleanUp({ db, clock, log, metrics: options.metrics })
  opening.defer(() => cleanUp.stop())

  const subgraph = await createSubgraph<Context>({
    name: 'accounts',
    typeDefs: readTypeDefs(new URL('.', import.meta.url)),
    resolvers: mergeResolvers([
      { DateTime: dateTimeScalar, URL: urlScalar, JSON: jsonScalar, Cursor: cursorScalar },
      ...modules.map((module) => module.resolvers),
    ]),
    createContext: (request) => ({
      ...request,
      services: {
        users: users.service,
        signingKeys: signingKeys.service,
        roles: roles.service,
        sessions: sessions.sessions,
        signIn: sessions.signIn,
        signUp: sessions.signUp,
        credentials: credentials.service,
        administration: administration.service,
        apiKeys: apiKeys.service,
        identities: identities.service,
        resolution: identities.resolution,
        invitations: invitations.service,
        follows: follows.service,
        memberships: memberships.service,
        blocks: blocks.service,
        accountExports: account.exports,
        erasures: account.erasures,
        accessChanges: accessChanges.service,
      },
      loaders: {
        ...users.createLoaders(),
        ...administration.createLoaders(request),
        ...userStats.createLoaders(),
        ...follows.createLoaders(request),
        ...memberships.createLoaders(request),
      },
    }),
    ...(tracing && { tracing }),
    identity: options.identity,
    introspection: options.introspection,
    log: options.log,
    readiness: {
      problems: () =>
        // Asking for the key makes the first one, so nobody's first sign-in has to wait for it.
        Promise.all([db.ping(), signingKeys.service.current()]).then(
          () => [],
          (error: unknown) => {
            // Whoever probes is told no more than that; why is for those who mend it.
            log.warn({ err: error }, 'The database does not answer')
            return ['the database does not answer']
          },
        ),
    },
    close: () => opened.disposeAsync(),
  })
  const opened = opening.move()
  return subgraph
}
