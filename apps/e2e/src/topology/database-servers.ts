import { readFile, rm } from 'node:fs/promises'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Cluster, removeCluster, startCluster } from '@courtside/database/embedded'
import {
  closeDatabase,
  deploy,
  findSubgraph,
  prepareSubgraph,
  withConnection,
  workspaceRoot,
} from '@courtside/database/migrate'
import type { Databases, SubgraphDatabase } from './databases.ts'
import { descendants, signalIfThere } from './process-family.ts'

/** One Postgres for each subgraph, with real data files: what was committed survives its death. */
export interface DatabaseServers extends Databases {
  /** Ends it at once, as a crash of its machine's software does. */
  kill(subgraph: string): Promise<void>
  /** Recovers what it had committed, under the same address. */
  startAgain(subgraph: string): Promise<void>
  /** The whole server stands still, with its connections open. */
  freeze(subgraph: string): Promise<void>
  thaw(subgraph: string): Promise<void>
  /** Keeps the data as they are now. */
  backUp(subgraph: string): Promise<void>
  /** Puts the data of the last backup in place of those of today, as the runbook of a restore says. */
  restore(subgraph: string): Promise<void>
}

const BACKUP = 'backup'

export async function startDatabaseServers(subgraphs: readonly string[]): Promise<DatabaseServers> {
  const folder = mkdtempSync(path.join(tmpdir(), 'courtside-servers-'))
  const clusters = new Map<string, Cluster>()
  const clusterOf = (name: string) => {
    const cluster = clusters.get(name)
    if (!cluster) throw new Error(`There is no database server of ${name}`)
    return cluster
  }
  const directoryOf = (name: string) => path.join(folder, name)
  await Promise.all(
    subgraphs.map(async (name) => {
      const cluster = await startCluster({ directory: directoryOf(name) })
      clusters.set(name, cluster)
      const subgraph = await findSubgraph(workspaceRoot, name)
      await prepareSubgraph(subgraph, cluster)
      await deploy(subgraph, cluster.roleUrl('owner', subgraph.database))
    }),
  )

  const signal = async (name: string, how: NodeJS.Signals) => {
    const postmaster = await postmasterOf(clusterOf(name))
    for (const pid of [postmaster, ...(await descendants(postmaster))]) signalIfThere(pid, how)
  }
  const asAdmin = (name: string, statements: readonly string[]) =>
    withConnection(clusterOf(name).adminUrl(), async (client) => {
      for (const statement of statements) await client.query(statement)
    })

  return {
    of(name): SubgraphDatabase {
      const cluster = clusterOf(name)
      return {
        appUrl: cluster.roleUrl('app', name),
        logReaderUrl: cluster.roleUrl('log_reader', name),
        adminUrl: cluster.adminUrl(name),
      }
    },
    async kill(name) {
      const cluster = clusterOf(name)
      process.kill(await postmasterOf(cluster), 'SIGKILL')
      await cluster.exited
    },
    async startAgain(name) {
      const { port } = clusterOf(name)
      clusters.set(name, await startCluster({ directory: directoryOf(name), port }))
    },
    freeze: (name) => signal(name, 'SIGSTOP'),
    thaw: (name) => signal(name, 'SIGCONT'),
    // A database can be copied only while nobody else is connected to it.
    backUp: (name) =>
      asAdmin(name, [
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`,
        `CREATE DATABASE ${BACKUP} TEMPLATE ${name} OWNER ${name}_owner STRATEGY FILE_COPY`,
        `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
      ]),
    async restore(name) {
      await asAdmin(name, [
        `DROP DATABASE ${name} WITH (FORCE)`,
        `CREATE DATABASE ${name} TEMPLATE ${BACKUP} OWNER ${name}_owner STRATEGY FILE_COPY`,
      ])
      await withConnection(clusterOf(name).roleUrl('owner', name), (client) =>
        client.query('SELECT bump_stream_epoch()'),
      )
      // Rights to connect belong to the database that was dropped: only now may the subgraph come back.
      await withConnection(clusterOf(name).adminUrl(), (client) => closeDatabase(client, name, name))
    },
    async drop() {
      await Promise.all([...clusters.values()].map((cluster) => cluster.stop()))
      for (const name of clusters.keys()) await removeCluster(directoryOf(name))
      await rm(folder, { recursive: true })
    },
  }
}

async function postmasterOf({ directory }: Cluster): Promise<number> {
  const [pid] = (await readFile(path.join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')
  return Number(pid)
}
