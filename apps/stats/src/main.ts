import { createIdentityVerifier } from '@courtside/auth'
import { systemClock } from '@courtside/kernel'
import { createLogger } from '@courtside/logger'
import { runSubgraph } from '@courtside/subgraph'
import type { JWK } from 'jose'
import { composeStats } from './compose.ts'
import { env } from './env.ts'

const log = createLogger({ name: 'stats', level: env.LOG_LEVEL })

runSubgraph(log, async () => ({
  host: env.STATS_HOST,
  port: env.STATS_PORT,
  subgraph: await composeStats({
    databaseUrl: env.STATS_DATABASE_URL,
    identity: await createIdentityVerifier(JSON.parse(env.IDENTITY_PUBLIC_KEY) as JWK, 'stats'),
    introspection: env.NODE_ENV !== 'production',
    clock: systemClock,
    log,
  }),
}))
