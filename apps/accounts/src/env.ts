import { identityKeyText, nodeEnv, port, readEnv, secretText, urlOf } from '@courtside/config'
import { streamsEnvShape } from '@courtside/events'
import { telemetryEnvShape } from '@courtside/telemetry'
import * as z from 'zod'
import manifest from '../package.json' with { type: 'json' }

type Environment = Readonly<Record<string, string | undefined>>

/** The settings of an accounts process; its database is found by `locateDatabase`. */
export function readAccountsEnv(environment: Environment) {
  const production = environment['NODE_ENV'] === 'production'
  const secret = secretText('the accounts subgraph')
  const publicKey = identityKeyText('public')
  return readEnv(
    {
      ...telemetryEnvShape(),
      ...streamsEnvShape(production),
      NODE_ENV: nodeEnv(),
      ACCOUNTS_HOST: z.string().default(production ? '0.0.0.0' : '127.0.0.1'),
      ACCOUNTS_PORT: port(manifest.courtside.developmentPort),
      ACCOUNTS_SECRET: production ? secret : secret.optional(),
      IDENTITY_PUBLIC_KEY: production ? publicKey : publicKey.optional(),
    },
    environment,
  )
}

/** What `bootstrap-admin` needs beside the database. */
export function readBootstrapEnv(environment: Environment) {
  return readEnv({ PUBLIC_URL: urlOf('http', 'https').default('http://localhost:4000') }, environment)
}

/** The environment of this process. */
export const environment: Environment = process.env
