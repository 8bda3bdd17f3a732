import path from 'node:path'
import { createIdentityVerifier, loadIdentityKey } from '@courtside/auth'
import { locateDatabase } from '@courtside/database/service'
import { createLogger } from '@courtside/logger'
import { runSubgraph } from '@courtside/subgraph'
import { composeStats } from './compose.ts'
import { environment, readStatsEnv } from './env.ts'

const developmentDirectory = path.resolve(import.meta.dirname, '../../../.courtside')
const log = createLogger({ name: 'stats' })

runSubgraph(log, async () => {
  const env = readStatsEnv(environment)
  const identityKey = await loadIdentityKey('public', env.IDENTITY_PUBLIC_KEY, developmentDirectory)
  const subgraph = await composeStats({
    databaseUrl: await locateDatabase('stats', environment),
    identity: await createIdentityVerifier(identityKey, 'stats'),
    introspection: env.NODE_ENV !== 'production',
    log,
  })
  return { subgraph, host: env.STATS_HOST, port: env.STATS_PORT }
})
