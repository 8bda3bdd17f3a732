import path from 'node:path'
import { workspaceRoot } from '@courtside/database/migrate'
import { createLogger } from '@courtside/logger'
import { runProcess } from '@courtside/process'
import { ensureGenerated } from '@courtside/tooling/generate'
import { banner } from './banner.ts'
import { openDatabases } from './databases.ts'
import { environment, readPlatformEnv } from './env.ts'
import { assertPortFree } from './port.ts'
import { createProgress } from './progress.ts'

const privateDirectory = path.join(workspaceRoot, '.courtside')
const log = createLogger({ name: 'courtside' })

runProcess(log, async () => {
  const env = readPlatformEnv(environment)
  const production = env.NODE_ENV === 'production'
  const processLog = createLogger({ name: 'courtside', level: env.LOG_LEVEL })
  await assertPortFree(env.HOST, env.PORT)
  const { step } = createProgress(process.stdout)
  await using starting = new AsyncDisposableStack()

  const [databases] = await allOrNone([
    step('Databases', async () => {
      const opened = await openDatabases({
        directory: path.resolve(workspaceRoot, env.COURTSIDE_POSTGRES_DIRECTORY),
        port: env.COURTSIDE_POSTGRES_PORT,
        environment,
        log: processLog,
      })
      return starting.adopt(opened, (databases) => databases.stop())
    }),
    step('Generated code', () => ensureGenerated(['clients', 'graph'])),
  ])
  void databases.lost.then(() => {
    processLog.error(
      {},
      'Postgres has ended by itself; its log is in its folder. Start again: it will recover.',
    )
    process.exit(1)
  })

  // Loaded only now: the code that they import may just have been generated.
  const { launch } = await import('./launch.ts')
  const { platform, credentials } = await launch({
    env,
    databases,
    production,
    privateDirectory,
    step,
    log: processLog,
  })
  starting.adopt(platform, (launched) => launched.stop())
  process.stdout.write(banner(platform.url, credentials, production))

  const started = starting.move()
  return { stop: () => started.disposeAsync(), drainMs: platform.drainMs }
})

/** Like `Promise.all`, but a failure waits for the others: what they have started by then must be stopped. */
async function allOrNone<const Work extends readonly Promise<unknown>[]>(work: Work) {
  await Promise.allSettled(work)
  return Promise.all(work)
}
