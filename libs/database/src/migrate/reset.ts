import { escapeIdentifier } from 'pg'
import type { ClusterUrls } from '../embedded/index.ts'
import { withConnection } from './connection.ts'
import { prepareDatabase } from './prepare-database.ts'
import type { Subgraph } from './subgraphs.ts'

/** The subgraph's database on an embedded cluster, with its roles; as often as you like. */
export function prepareSubgraph({ database }: Subgraph, cluster: ClusterUrls): Promise<void> {
  return prepareDatabase(cluster.adminUrl(), database, {
    ownerPassword: cluster.rolePassword('owner', database),
    appPassword: cluster.rolePassword('app', database),
    logReaderPassword: cluster.rolePassword('log_reader', database),
  })
}

/** Drops the database with all its data, whoever is connected, and makes it anew, empty. */
export async function recreateDatabase(subgraph: Subgraph, cluster: ClusterUrls): Promise<void> {
  await withConnection(cluster.adminUrl(), (client) =>
    client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(subgraph.database)} WITH (FORCE)`),
  )
  await prepareSubgraph(subgraph, cluster)
}

/** Drops everything the owner has made. For a server of somebody else, where we may not create databases. */
export async function emptyDatabase(ownerUrl: string): Promise<void> {
  await withConnection(ownerUrl, async (client) => {
    await client.query('DROP OWNED BY CURRENT_USER CASCADE')
    // It was the owner's, if it was not the database's.
    await client.query('CREATE SCHEMA IF NOT EXISTS public')
  })
}
