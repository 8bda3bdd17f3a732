import path from 'node:path'
import { loadDevelopmentSecret } from '@courtside/accounts'
import { generateIdentityKeys } from '@courtside/auth'
import { workspaceRoot } from '@courtside/database/migrate'
import { createMetrics } from '@courtside/http'
import { createLogger } from '@courtside/logger'
import { runProcess } from '@courtside/process'
import { ensureGenerated } from '@courtside/tooling/generate'
import { openDatabases } from './databases.ts'
import { processEnvironment, readPlatformEnv } from './env.ts'
import { assertPortFree } from './port.ts'
import { createProgress } from './progress.ts'
import { supergraphFile } from './supergraph-file.ts'

const privateDirectory = path.join(workspaceRoot, '.courtside')
const log = createLogger({ name: 'courtside', level: 'warn' })

runProcess(log, async () => {
  const env = readPlatformEnv(processEnvironment)
  await assertPortFree(env.HOST, env.PORT)
  const { step } = createProgress(process.stdout)
  await using starting = new AsyncDisposableStack()

  const [databases] = await Promise.all([
    step('Databases', async () =>
      starting.adopt(
        await openDatabases({
          directory: path.resolve(workspaceRoot, env.COURTSIDE_POSTGRES_DIRECTORY),
          port: env.COURTSIDE_POSTGRES_PORT,
          environment: processEnvironment,
          log,
        }),
        (opened) => opened.stop(),
      ),
    ),
    step('Generated code', () => ensureGenerated(['clients', 'graph'])),
  ])
  const platform = await step('Subgraphs and gateway', async () => {
    // Loaded only now: the Prisma clients may just have been generated.
    const { startPlatform } = await import('./platform.ts')
    return startPlatform({
      host: env.HOST,
      port: env.PORT,
      databaseUrl: databases.appUrl,
      supergraphFile,
      identityKeys: await generateIdentityKeys(),
      accountsSecret: await loadDevelopmentSecret(privateDirectory),
      production: false,
      metrics: createMetrics(),
      log,
    })
  })
  starting.adopt(platform, (one) => one.stop())
  process.stdout.write(`Ready ${platform.url}\n`)
  const started = starting.move()
  return { stop: () => started.disposeAsync() }
})
