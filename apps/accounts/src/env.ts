import { port, readEnv, urlOf } from '@courtside/config'
import * as z from 'zod'

export const env = readEnv(
  {
    NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    ACCOUNTS_HOST: z.string().default('127.0.0.1'),
    ACCOUNTS_PORT: port(4001),
    ACCOUNTS_DATABASE_URL: urlOf('postgres', 'postgresql'),
    IDENTITY_PUBLIC_KEY: z.string('the public JWK of the gateway, as JSON'),
  },
  process.env,
)
