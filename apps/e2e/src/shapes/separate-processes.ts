import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { generateIdentityKeys } from '@courtside/auth'
import { workspaceRoot } from '@courtside/database/migrate'
import { startProcess, type StartedProcess } from '@courtside/tooling/started-process'
import { cloneDatabases, type Shape } from './shape.ts'

/** Each subgraph and the gateway in a process of its own, as on several machines. */
export const separateProcesses: Shape = {
  name: 'separate processes',
  async start({ production = false, externalIssuers = [] } = {}) {
    const databases = await cloneDatabases(['accounts', 'stats'])
    const keys = await generateIdentityKeys()
    const started: StartedProcess[] = []
    const launch = async (app: string, environment: Record<string, string>) => {
      const entry = path.join(workspaceRoot, 'apps', app, 'src/main.ts')
      const { PATH, HOME } = process.env
      const running = startProcess(process.execPath, [entry], {
        env: { PATH, HOME, NODE_ENV: production ? 'production' : 'development', ...environment },
      })
      started.push(running)
      const [, url] = await running.untilPrinted(/"url":"(http:[^"]+)\/graphql"/)
      return String(url)
    }
    const stop = async () => {
      for (const { child } of started) child.kill('SIGTERM')
      const ended = await Promise.all(started.map((running) => running.ended))
      await databases.drop()
      const failed = ended.filter(({ code }) => code !== 0)
      if (failed.length > 0)
        throw new Error(`Processes did not end well:\n${failed.map((end) => end.output).join('\n')}`)
    }

    try {
      const publicKey = JSON.stringify(keys.publicKey)
      const cursorKeys = `1:${randomBytes(32).toString('base64')}`
      const [accounts, stats] = await Promise.all([
        launch('accounts', {
          ACCOUNTS_PORT: '0',
          ACCOUNTS_DATABASE_URL: databases.of('accounts').appUrl,
          ACCOUNTS_SECRET: randomBytes(32).toString('base64url'),
          CURSOR_KEYS: cursorKeys,
          IDENTITY_PUBLIC_KEY: publicKey,
        }),
        launch('stats', {
          STATS_PORT: '0',
          STATS_DATABASE_URL: databases.of('stats').appUrl,
          ACCOUNTS_LOG_URL: databases.of('accounts').logReaderUrl,
          CURSOR_KEYS: cursorKeys,
          IDENTITY_PUBLIC_KEY: publicKey,
        }),
      ])
      const gateway = await launch('gateway', {
        HOST: '127.0.0.1',
        PORT: '0',
        IDENTITY_PRIVATE_KEY: JSON.stringify(keys.privateKey),
        ACCOUNTS_URL: `${accounts}/graphql`,
        STATS_URL: `${stats}/graphql`,
        EXTERNAL_ISSUERS: JSON.stringify(externalIssuers),
      })
      const subgraphUrls: Record<string, string> = { accounts, stats }
      return {
        url: gateway,
        adminUrl: (name) => databases.of(name).adminUrl,
        subgraphUrl: (name) => subgraphUrls[name] ?? '',
        stop,
      }
    } catch (error) {
      await stop().catch((alsoFailed: unknown) => {
        throw new AggregateError([error, alsoFailed], 'The processes neither started nor ended well')
      })
      throw error
    }
  },
}
