// The whole platform in one process, as `npm start` runs it in production.
// Usage: node platform.ts <PlatformSettings as JSON>
import { generateIdentityKeys } from '@courtside/auth'
import { throwAwayStreamSettings } from '@courtside/events'
import type { GatewaySettings } from '@courtside/gateway'
import { createMetrics } from '@courtside/http'
import { createLogger } from '@courtside/logger'
import { startPlatform, supergraphFile } from '@courtside/platform'
import { UNREACHABLE_RATES } from '../gateways/index.ts'

export interface PlatformSettings {
  port: number
  databaseUrls: Record<string, string>
  /** The same, as those who read the facts of a subgraph from outside. */
  logUrls: Record<string, string>
  /** The same for all that share the databases. */
  accountsSecret: string
  /** Whether answers that are the same for everybody may be given again, as they are in production. */
  remembers: boolean
}

/** So that every request is carried out. */
const forgetful: GatewaySettings['options']['answers'] = {
  look: () => null,
  put: () => undefined,
  invalidate: () => undefined,
}

const { port, databaseUrls, logUrls, accountsSecret, remembers } = JSON.parse(
  process.argv[2] ?? '',
) as PlatformSettings

await startPlatform({
  host: '127.0.0.1',
  port,
  databaseUrl: (name) => databaseUrls[name] ?? '',
  logUrl: (name) => logUrls[name] ?? '',
  supergraphFile,
  identityKeys: await generateIdentityKeys(),
  accountsSecret,
  accessTokenLifetimeMs: 12 * 60 * 60 * 1000,
  streams: throwAwayStreamSettings(),
  production: true,
  metrics: createMetrics(),
  log: createLogger({ name: 'courtside', level: 'error', pretty: false }),
  gateway: { limits: UNREACHABLE_RATES, ...(!remembers && { answers: forgetful }) },
})
