import { port, readEnv } from '@courtside/config'
import * as z from 'zod'
import manifest from '../package.json' with { type: 'json' }

type Environment = Readonly<Record<string, string | undefined>>

const publicJwk = z.string('expected the public half of the identity key of the gateway, a JWK as JSON')

/** The settings of a stats process; its database is found by `locateDatabase`. */
export function readStatsEnv(environment: Environment) {
  const production = environment['NODE_ENV'] === 'production'
  return readEnv(
    {
      NODE_ENV: z.string().default('development'),
      STATS_HOST: z.string().default(production ? '0.0.0.0' : '127.0.0.1'),
      STATS_PORT: port(manifest.courtside.developmentPort),
      IDENTITY_PUBLIC_KEY: production ? publicJwk : publicJwk.optional(),
    },
    environment,
  )
}

/** The environment of this process. */
export const environment: Environment = process.env
