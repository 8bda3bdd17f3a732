import { identityKeyText, nodeEnv, port, readEnv } from '@courtside/config'
import { streamsEnvShape } from '@courtside/events'
import { telemetryEnvShape } from '@courtside/telemetry'
import * as z from 'zod'
import manifest from '../package.json' with { type: 'json' }

type Environment = Readonly<Record<string, string | undefined>>

/** The settings of a stats process; its database is found by `locateDatabase`. */
export function readStatsEnv(environment: Environment) {
  const production = environment['NODE_ENV'] === 'production'
  const publicKey = identityKeyText('public')
  return readEnv(
    {
      ...telemetryEnvShape(),
      ...streamsEnvShape(production),
      NODE_ENV: nodeEnv(),
      STATS_HOST: z.string().default(production ? '0.0.0.0' : '127.0.0.1'),
      STATS_PORT: port(manifest.courtside.developmentPort),
      IDENTITY_PUBLIC_KEY: production ? publicKey : publicKey.optional(),
    },
    environment,
  )
}

/** The environment of this process. */
export const environment: Environment = process.env
