import { escapeIdentifier } from 'pg'
import type { ClusterUrls } from '../embedded/index.ts'
import { exclusively } from './lock.ts'
import { prepareDatabase } from './prepare-database.ts'
import type { Subgraph } from './subgraphs.ts'

/**
 * Lends an empty database like the subgraph's own, for the time of `work`; `url` is its owner's. One a subgraph, so
 * that the shadow of a command that was killed is cleared away by the next.
 */
export function withShadow<T>(
  { database: name }: Subgraph,
  cluster: ClusterUrls,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const database = `${name}_shadow`
  const drop = `DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`
  return exclusively(cluster.adminUrl(), database, async (client) => {
    await client.query(drop)
    await prepareDatabase(cluster.adminUrl(), name, {
      ownerPassword: cluster.rolePassword('owner', name),
      appPassword: cluster.rolePassword('app', name),
      logReaderPassword: cluster.rolePassword('log_reader', name),
      database,
    })
    try {
      return await work(cluster.roleUrl('owner', name, database))
    } finally {
      await client.query(drop)
    }
  })
}
