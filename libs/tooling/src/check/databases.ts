import { type ClusterUrls, findRunningCluster, inScratch, startCluster } from '@courtside/database/embedded'
import {
  deploy,
  type Difference,
  drift,
  isCurrent,
  listSubgraphs,
  pending,
  prepareSubgraph,
  type Subgraph,
  unindexedForeignKeys,
} from '@courtside/database/migrate'
import { root } from '../workspace.ts'
import { configuredDatabases, embeddedDirectory } from './env.ts'
import type { Failure, Step } from './step.ts'

/**
 * Builds every subgraph's database from its migrations on a throw-away Postgres, compares it with schema.prisma, and
 * compares with it the databases that are in use here: those the environment names, and the embedded one if it runs.
 */
export const databases: Step = {
  name: 'databases',
  async run() {
    const subgraphs = await listSubgraphs(root)
    const inUse = await databasesInUse(subgraphs)
    const scratch = await startCluster({ directory: await inScratch(), throwAway: true })
    try {
      const failures: Failure[] = []
      for (const subgraph of subgraphs) {
        failures.push(...(await pendingFailures(subgraph, scratch)))
        failures.push(...(await indexFailures(subgraph, scratch)))
        failures.push(...(await driftFailures(subgraph, inUse.get(subgraph.name), scratch)))
      }
      return failures
    } finally {
      await scratch.stop()
    }
  },
}

async function pendingFailures(subgraph: Subgraph, scratch: ClusterUrls): Promise<Failure[]> {
  const sql = await pending(subgraph, scratch)
  if (sql === '') return []
  return [
    {
      output: `${subgraph.schemaFile} is ahead of its migrations by:\n${sql.trim()}`,
      mend: `npm run db -- create ${subgraph.name} <what it does>`,
    },
  ]
}

async function indexFailures(subgraph: Subgraph, scratch: ClusterUrls): Promise<Failure[]> {
  const url = scratch.roleUrl('owner', subgraph.database)
  await prepareSubgraph(subgraph, scratch)
  await deploy(subgraph, url)
  return (await unindexedForeignKeys(url)).map(({ table, columns, kind, mend }) => ({
    output: `${subgraph.name}: no index leads with the ${kind} ${table}(${columns.join(', ')}).`,
    mend: `add ${mend} to the model in ${subgraph.schemaFile}, then: npm run db -- create ${subgraph.name} index_${table}`,
  }))
}

/** A database with migrations still to come differs for a good reason, and is not compared. */
async function driftFailures(
  subgraph: Subgraph,
  ownerUrl: string | undefined,
  scratch: ClusterUrls,
): Promise<Failure[]> {
  if (ownerUrl === undefined || !(await isCurrent(subgraph, ownerUrl))) return []
  const { catalogue } = await drift(subgraph, ownerUrl, scratch)
  if (catalogue.length === 0) return []
  return [
    {
      output: `${subgraph.name}: the database ${databaseAt(ownerUrl)} is not what its migrations make:\n${catalogue.map(describe).join('\n')}`,
      mend: `undo these changes, or put them into a migration: npm run db -- create ${subgraph.name} <what it does>`,
    },
  ]
}

/** The owner's URL of each subgraph whose database is configured, or is on the embedded Postgres while that runs. */
async function databasesInUse(subgraphs: readonly Subgraph[]): Promise<Map<string, string>> {
  const configured = configuredDatabases(subgraphs.map(({ name }) => name))
  const embedded = await findRunningCluster(embeddedDirectory())
  const urls = subgraphs.map(({ name, database }) => ({
    name,
    url: configured.get(name)?.ownerUrl ?? embedded?.roleUrl('owner', database),
  }))
  return new Map(urls.flatMap(({ name, url }) => (url === undefined ? [] : [[name, url]])))
}

function describe({ kind, name, live, migrated }: Difference): string {
  if (live === undefined) return `  ${kind} ${name} is missing: ${migrated}`
  if (migrated === undefined) return `  ${kind} ${name} is in no migration: ${live}`
  return `  ${kind} ${name} is ${live}\n    and not ${migrated}`
}

/** Without the password. */
function databaseAt(url: string): string {
  const { host, pathname } = new URL(url)
  return `${pathname.slice(1)} on ${host}`
}
