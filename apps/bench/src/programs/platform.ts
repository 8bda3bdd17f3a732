// The whole platform in one process, as `npm start` runs it in production.
// Usage: node platform.ts <PlatformSettings as JSON>
import { randomBytes } from 'node:crypto'
import { generateIdentityKeys } from '@courtside/auth'
import { createMetrics } from '@courtside/http'
import { createLogger } from '@courtside/logger'
import { startPlatform, supergraphFile } from '@courtside/platform'
import { UNREACHABLE_RATES } from '../gateways/index.ts'

export interface PlatformSettings {
  port: number
  databaseUrls: Record<string, string>
}

const { port, databaseUrls } = JSON.parse(process.argv[2] ?? '') as PlatformSettings

await startPlatform({
  host: '127.0.0.1',
  port,
  databaseUrl: (name) => databaseUrls[name] ?? '',
  supergraphFile,
  identityKeys: await generateIdentityKeys(),
  accountsSecret: randomBytes(32).toString('base64url'),
  accessTokenLifetimeMs: 12 * 60 * 60 * 1000,
  production: true,
  metrics: createMetrics(),
  log: createLogger({ name: 'courtside', level: 'error', pretty: false }),
  gateway: { limits: UNREACHABLE_RATES },
})
