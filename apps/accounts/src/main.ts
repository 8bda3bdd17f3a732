import path from 'node:path'
import { createIdentityVerifier, loadIdentityKey } from '@courtside/auth'
import { locateDatabase } from '@courtside/database/service'
import { loadStreamSettings } from '@courtside/events'
import { createLogger } from '@courtside/logger'
import { runSubgraph } from '@courtside/subgraph'
import { createTracing } from '@courtside/telemetry'
import { composeAccounts, loadDevelopmentSecret } from './compose.ts'
import { environment, readAccountsEnv } from './env.ts'

const developmentDirectory = path.resolve(import.meta.dirname, '../../../.courtside')
const log = createLogger({ name: 'accounts' })

runSubgraph(log, async (metrics) => {
  const env = readAccountsEnv(environment)
  const identityKey = await loadIdentityKey('public', env.IDENTITY_PUBLIC_KEY, developmentDirectory)
  const tracing = await createTracing({
    serviceName: 'accounts',
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    metrics,
    log,
  })
  const subgraph = await composeAccounts({
    tracing,
    databaseUrl: await locateDatabase('accounts', environment),
    identity: await createIdentityVerifier(identityKey, 'accounts'),
    secret: env.ACCOUNTS_SECRET ?? (await loadDevelopmentSecret(developmentDirectory)),
    streams: await loadStreamSettings(env, developmentDirectory, metrics),
    introspection: env.NODE_ENV !== 'production',
    metrics,
    log,
  })
  return { subgraph, tracing, host: env.ACCOUNTS_HOST, port: env.ACCOUNTS_PORT }
})
