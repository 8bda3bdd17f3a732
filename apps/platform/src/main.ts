import path from 'node:path'
import { loadDevelopmentIdentityKeys } from '@courtside/auth'
import { workspaceRoot } from '@courtside/database/migrate'
import { createMetrics } from '@courtside/http'
import { createLogger } from '@courtside/logger'
import { runProcess } from '@courtside/process'
import { ensureGenerated } from '@courtside/tooling/generate'
import { openDatabases } from './databases.ts'
import { processEnvironment, readPlatformEnv } from './env.ts'
import { assertPortFree } from './port.ts'
import { createProgress } from './progress.ts'

const log = createLogger({ name: 'courtside', level: 'warn' })

runProcess(log, async () => {
  const env = readPlatformEnv()
  await assertPortFree(env.HOST, env.PORT)
  const progress = createProgress(process.stdout)
  await using starting = new AsyncDisposableStack()

  const generated = progress.step('Generated code', () => ensureGenerated(['clients', 'graph']))
  const opened = progress.step('Databases', () =>
    openDatabases({
      directory: path.resolve(workspaceRoot, env.COURTSIDE_POSTGRES_DIRECTORY),
      port: env.COURTSIDE_POSTGRES_PORT,
      environment: processEnvironment,
      log,
    }),
  )
})
