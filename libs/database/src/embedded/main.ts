import path from 'node:path'
import { createLogger } from '@courtside/logger'
import { runProcess } from '@courtside/process'
import { workspaceRoot } from '../workspace.ts'
import { readEmbeddedEnv } from './env.ts'
import { startCluster } from './index.ts'

const log = createLogger({ name: 'postgres' })

runProcess(log, async () => {
  const env = readEmbeddedEnv()
  const cluster = await startCluster({
    directory: path.resolve(workspaceRoot, env.COURTSIDE_POSTGRES_DIRECTORY),
    port: env.COURTSIDE_POSTGRES_PORT,
    log,
  })
  void cluster.exited.then(({ code, expected }) => {
    if (expected) return
    log.error({ code, log: path.join(cluster.directory, 'postgres.log') }, 'Postgres ended by itself')
    process.exit(1)
  })
  process.stdout.write(
    `Postgres is ready: postgres://postgres:<password>@127.0.0.1:${cluster.port}/<subgraph>\n` +
      `The password is in ${path.join(cluster.directory, 'superuser-password')}\n`,
  )
  return cluster
})
