import { createIdentityVerifier } from '@courtside/auth'
import { createLogger } from '@courtside/logger'
import { runSubgraph } from '@courtside/subgraph'
import type { JWK } from 'jose'
import { composeAccounts } from './compose.ts'
import { env } from './env.ts'

const log = createLogger({ name: 'accounts', level: env.LOG_LEVEL })

runSubgraph({
  host: env.ACCOUNTS_HOST,
  port: env.ACCOUNTS_PORT,
  log,
  compose: async () =>
    composeAccounts({
      databaseUrl: env.ACCOUNTS_DATABASE_URL,
      identity: await createIdentityVerifier(JSON.parse(env.IDENTITY_PUBLIC_KEY) as JWK, 'accounts'),
      introspection: env.NODE_ENV !== 'production',
      log,
    }),
})
