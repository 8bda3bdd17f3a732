import { port, readEnv, urlOf } from '@courtside/config'
import * as z from 'zod'
import manifest from '../package.json' with { type: 'json' }

type Environment = Readonly<Record<string, string | undefined>>

const secret = z
  .string('expected the secret of the accounts subgraph')
  .min(32, 'expected at least 32 characters, for example from: openssl rand -base64 32')

const publicJwk = z.string('expected the public half of the identity key of the gateway, a JWK as JSON')

/** The settings of an accounts process; its database is found by `locateDatabase`. */
export function readAccountsEnv(environment: Environment) {
  const production = environment['NODE_ENV'] === 'production'
  return readEnv(
    {
      NODE_ENV: z.string().default('development'),
      ACCOUNTS_HOST: z.string().default(production ? '0.0.0.0' : '127.0.0.1'),
      ACCOUNTS_PORT: port(manifest.courtside.developmentPort),
      ACCOUNTS_SECRET: production ? secret : secret.optional(),
      IDENTITY_PUBLIC_KEY: production ? publicJwk : publicJwk.optional(),
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
