import { randomBytes } from 'node:crypto'
import { generateIdentityKeys } from '@courtside/auth'
import { throwAwayStreamSettings } from '@courtside/events'
import { createMetrics } from '@courtside/http'
import { silentLogger } from '@courtside/logger'
import { startPlatform, supergraphFile } from '@courtside/platform'
import { cloneDatabases, type Shape } from './shape.ts'

/** Everything in this process, as `npm start` runs it. */
export const allInOne: Shape = {
  name: 'all in one process',
  async start({ production = false, externalIssuers = [] } = {}) {
    const databases = await cloneDatabases(['accounts', 'stats'])
    const platform = await startPlatform({
      host: '127.0.0.1',
      port: 0,
      databaseUrl: (name) => databases.of(name).appUrl,
      logUrl: (name) => databases.of(name).logReaderUrl,
      supergraphFile,
      identityKeys: await generateIdentityKeys(),
      accountsSecret: randomBytes(32).toString('base64url'),
      streams: throwAwayStreamSettings(),
      production,
      metrics: createMetrics(),
      log: silentLogger,
      gateway: { externalIssuers },
    }).catch(async (error: unknown) => {
      await databases.drop()
      throw error
    })
    return {
      url: platform.url,
      adminUrl: (name) => databases.of(name).adminUrl,
      subgraphUrl() {
        throw new Error('In one process no subgraph listens')
      },
      async stop() {
        await platform.stop()
        await databases.drop()
      },
    }
  },
}
