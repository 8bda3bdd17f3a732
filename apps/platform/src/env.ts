import { port, readEnv } from '@courtside/config'
import { embeddedEnvShape } from '@courtside/database/embedded'
import * as z from 'zod'

export function readPlatformEnv(environment: NodeJS.ProcessEnv) {
  return readEnv(
    {
      HOST: z.string().default('127.0.0.1'),
      PORT: port(4000),
      LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
      ...embeddedEnvShape,
    },
    environment,
  )
}

/** For the parts that take their settings from the environment themselves. */
export const processEnvironment: Readonly<NodeJS.ProcessEnv> = process.env
