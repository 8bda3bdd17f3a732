import { readEnv, secretText } from '@courtside/config'
import { embeddedEnvShape } from '@courtside/database/embedded'
import { streamsEnvShape } from '@courtside/events'
import { edgeEnvShape } from '@courtside/gateway/env'
import * as z from 'zod'

type Environment = Readonly<NodeJS.ProcessEnv>

/** The settings of the all-in-one process. */
export function readPlatformEnv(environment: Environment) {
  const production = environment.NODE_ENV === 'production'
  const secret = secretText('the accounts subgraph')
  return readEnv(
    {
      ...edgeEnvShape(production),
      ...embeddedEnvShape,
      ...streamsEnvShape(production),
      ACCOUNTS_SECRET: production ? secret : secret.optional(),
      LOG_LEVEL: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'], 'expected debug, info, warn, error or silent')
        .default(production ? 'info' : 'warn'),
    },
    environment,
  )
}

/** The environment of this process. */
export const environment: Environment = process.env
