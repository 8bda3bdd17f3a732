import path from 'node:path'
import { createIdentityVerifier, loadIdentityKey } from '@courtside/auth'
import { locateDatabase, locateLog } from '@courtside/database/service'
import { loadStreamSettings } from '@courtside/events'
import { createLogger } from '@courtside/logger'
import { runSubgraph } from '@courtside/subgraph'
import { createTracing } from '@courtside/telemetry'
import { composeStats } from './compose.ts'
import { environment, readStatsEnv } from './env.ts'

const developmentDirectory = path.resolve(import.meta.dirname, '../../../.courtside')
const log = createLogger({ name: 'stats' })

runSubgraph(log, async (metrics) => {
  const env = readStatsEnv(environment)
  const identityKey = await loadIdentityKey('public', env.IDENTITY_PUBLIC_KEY, developmentDirectory)
  const tracing = await createTracing({
    serviceName: 'stats',
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    metrics,
    log,
  })
  const subgraph = await composeStats({
    tracing,
    databaseUrl: await locateDatabase('stats', environment),
    accountsLogUrl: await locateLog('accounts', environment),
    identity: await createIdentityVerifier(identityKey, 'stats'),
    streams: await loadStreamSettings(env, developmentDirectory, metrics),
    metrics,
    introspection: env.NODE_ENV !== 'production',
    log,
  })
  return { subgraph, tracing, host: env.STATS_HOST, port: env.STATS_PORT }
})
