import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { findRunningCluster, readEmbeddedEnv, roleName } from './embedded/index.ts'
import { errorCode } from './error-code.ts'
import { appVariable, logReaderVariable, readExternalDatabases, readLogReaderUrl } from './env.ts'
import { findSubgraph, isCurrent, type Subgraph, withConnection } from './migrate/index.ts'
import { workspaceRoot } from './workspace.ts'

/**
 * The database that a subgraph's own process works on: the one its environment names, or else the embedded one while
 * that is running. Answers only when it is there and has every migration, so that a process never starts half.
 */
export async function locateDatabase(name: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const subgraph = await findSubgraph(workspaceRoot, name)
  const url =
    readExternalDatabases([name], environment).get(name)?.appUrl ?? (await embeddedUrl(subgraph, environment))
  await assertCurrent(subgraph, url)
  return url
}

/**
 * The database of another subgraph as those who read its facts: the one the environment names, or else the embedded one
 * while that is running. It need not answer yet: whoever reads a log waits for it, and does the rest of its work.
 */
export async function locateLog(name: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const given = readLogReaderUrl(name, environment)
  if (given !== undefined) return given
  const { database } = await findSubgraph(workspaceRoot, name)
  const cluster = await runningCluster(environment)
  if (cluster && !readExternalDatabases([name], environment).has(name)) {
    return cluster.roleUrl('log_reader', database)
  }
  const variable = logReaderVariable(name)
  throw new StartupError(
    `There is no way to the facts of ${name}: ${variable} is not set, and the embedded Postgres does not hold them.\n` +
      `Set ${variable} to the database of ${name} as the role ${roleName('log_reader', database)}, ` +
      'or start the embedded Postgres in another terminal: npm run start:postgres',
  )
}

const runningCluster = (environment: NodeJS.ProcessEnv) =>
  findRunningCluster(path.resolve(workspaceRoot, readEmbeddedEnv(environment).COURTSIDE_POSTGRES_DIRECTORY))

async function embeddedUrl({ name, database }: Subgraph, environment: NodeJS.ProcessEnv): Promise<string> {
  const cluster = await runningCluster(environment)
  if (cluster) return cluster.roleUrl('app', database)
  throw new StartupError(
    `There is no database for ${name}: ${appVariable(name)} is not set and the embedded Postgres does not run.\n` +
      `Set ${appVariable(name)}, or start the embedded Postgres in another terminal: npm run start:postgres`,
  )
}

async function assertCurrent(subgraph: Subgraph, url: string): Promise<void> {
  const explain = (error: unknown) => {
    throw unreachable(subgraph.name, url, error)
  }
  await withConnection(url, (client) => client.query('SELECT 1')).catch(explain)
  const current = await isCurrent(subgraph, url).catch(explain)
  if (current) return
  throw new StartupError(
    `The database of ${subgraph.name} is not up to date with its migrations.\nRun: npm run db -- deploy ${subgraph.name}`,
  )
}

function unreachable(name: string, url: string, error: unknown): StartupError {
  const { host, pathname, username } = new URL(url)
  const code = errorCode(error) ?? 'no answer'
  if (code.startsWith('28')) {
    return new StartupError(
      `The database of ${name} on ${host} refuses the login of ${username}: ${code}.\nCheck the user and the password in ${appVariable(name)}.`,
    )
  }
  return new StartupError(
    `The database of ${name} (${pathname.slice(1)} on ${host}) cannot be reached: ${code}.\n` +
      `Check that the server runs, and the address in ${appVariable(name)}.`,
  )
}
