import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Cluster, startCluster } from '@courtside/database/embedded'
import {
  isCurrent,
  listSubgraphs,
  prepareSubgraph,
  readExternalDatabases,
  type Subgraph,
  workspaceRoot,
} from '@courtside/database/migrate'
import { locateDatabase, locateLog } from '@courtside/database/service'
import { StartupError } from '@courtside/kernel'
import type { Logger } from '@courtside/logger'

const run = promisify(execFile)

/** Whose facts another subgraph is fed by. */
const READ_FROM_OUTSIDE: readonly string[] = ['accounts']

/** A migrated database for every subgraph. */
export interface Databases {
  /** As the process of the subgraph `name`. */
  appUrl(name: string): string
  /** As those who read the facts of the subgraph `name` from outside. */
  logUrl(name: string): string
  /** Whether the demo data belongs here: never on a server of the operator's own. */
  readonly embedded: boolean
  /** Fulfils when the embedded Postgres has ended without being asked to. */
  readonly lost: Promise<void>
  stop(): Promise<void>
}

export interface DatabasesOptions {
  directory: string
  port: number
  environment: NodeJS.ProcessEnv
  log: Logger
}

/** On the operator's servers when the environment names one for each subgraph, else on the embedded Postgres. */
export async function openDatabases(options: DatabasesOptions): Promise<Databases> {
  const subgraphs = await listSubgraphs(workspaceRoot)
  const names = subgraphs.map(({ name }) => name)
  const external = readExternalDatabases(names, options.environment)
  if (external.size === 0) return startEmbedded(subgraphs, options)
  const missing = names.filter((name) => !external.has(name))
  if (missing.length > 0) {
    throw new StartupError(
      `There is a database address for ${[...external.keys()].join(', ')} but none for ${missing.join(', ')}.\n` +
        'Set one for each subgraph, or for none to use the embedded Postgres.',
    )
  }
  const located = await Promise.all(names.map((name) => locateDatabase(name, options.environment)))
  const urls = new Map(names.map((name, index) => [name, located[index]]))
  const logs = new Map(
    await Promise.all(
      READ_FROM_OUTSIDE.map(async (name) => [name, await locateLog(name, options.environment)] as const),
    ),
  )
  return {
    appUrl: (name) => known(urls.get(name), name),
    logUrl: (name) => known(logs.get(name), name),
    embedded: false,
    lost: never(),
    async stop() {},
  }
}

async function startEmbedded(subgraphs: readonly Subgraph[], options: DatabasesOptions): Promise<Databases> {
  const cluster = await startCluster(options)
  try {
    await migrate(subgraphs, cluster, options.environment)
  } catch (error) {
    await cluster.stop()
    throw error
  }
  const urls = new Map(subgraphs.map(({ name, database }) => [name, cluster.roleUrl('app', database)]))
  const logs = new Map(subgraphs.map(({ name, database }) => [name, cluster.roleUrl('log_reader', database)]))
  return {
    appUrl: (name) => known(urls.get(name), name),
    logUrl: (name) => known(logs.get(name), name),
    embedded: true,
    lost: cluster.exited.then(({ expected }) => (expected ? never() : undefined)),
    stop: () => cluster.stop(),
  }
}

async function migrate(subgraphs: readonly Subgraph[], cluster: Cluster, environment: NodeJS.ProcessEnv) {
  const current = await Promise.all(
    subgraphs.map((subgraph) => isCurrent(subgraph, cluster.roleUrl('app', subgraph.database))),
  )
  const stale = subgraphs.filter((_, index) => !current[index])
  if (stale.length === 0) return
  await Promise.all(stale.map((subgraph) => prepareSubgraph(subgraph, cluster)))
  await deployInChild(environment)
}

/** The schema engine holds some 100 MB for ever once it is loaded; in a child they go when it has done its work. */
async function deployInChild(environment: NodeJS.ProcessEnv): Promise<void> {
  const tool = path.join(workspaceRoot, 'libs/database/src/cli.ts')
  await run(process.execPath, [tool, 'deploy', 'all'], { env: environment }).catch((error: unknown) => {
    throw new StartupError(`The databases could not be migrated:\n${whatItSaid(error)}`)
  })
}

function whatItSaid(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('stdout' in error) || !('stderr' in error))
    return String(error)
  return `${String(error.stdout)}${String(error.stderr)}`.trim()
}

function known(url: string | undefined, name: string): string {
  if (url === undefined) throw new Error(`There is no subgraph ${name}`)
  return url
}

const never = () => new Promise<void>(() => {})
