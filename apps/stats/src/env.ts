import { port, readEnv, urlOf } from '@courtside/config'
import * as z from 'zod'

export const env = readEnv(
  {
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    STATS_HOST: z.string().default('127.0.0.1'),
    STATS_PORT: port(4002),
    STATS_DATABASE_URL: urlOf('postgres', 'postgresql'),
    IDENTITY_PUBLIC_KEY: z.string('the public JWK of the gateway, as JSON'),
  },
  process.env,
)
