import path from 'node:path'
import type { ClusterUrls } from '../embedded/index.ts'
import { applyMigrations } from './apply-migrations.ts'
import { type CatalogueEntry, readCatalogue } from './catalogue.ts'
import { withConnection } from './connection.ts'
import { NO_FILTER, withEngine } from './schema-engine.ts'
import { withShadow } from './shadow.ts'
import type { Subgraph } from './subgraphs.ts'

export interface Difference {
  kind: string
  name: string
  /** Undefined: the database does not have it. */
  live: string | undefined
  /** Undefined: no migration makes it. */
  migrated: string | undefined
}

export interface Drift {
  /** Where the database is not what schema.prisma says, in Prisma's words; empty when it is. */
  schema: string
  /** Where the database is not what its migrations make: with what Prisma does not see. */
  catalogue: Difference[]
  /** The major versions of the two servers: another version may put the same thing into other words. */
  versions: { live: number; migrated: number }
}

/** Compares a database with a new one made of the migrations on `cluster`, which may be another server. */
export async function drift(subgraph: Subgraph, ownerUrl: string, cluster: ClusterUrls): Promise<Drift> {
  const migrated = await withShadow(subgraph, cluster, async (url) => {
    await withEngine(subgraph, url, (session) => applyMigrations(subgraph, url, session))
    return { catalogue: await readCatalogue(url), version: await readMajorVersion(url) }
  })
  return {
    schema: await differenceToSchema(subgraph, ownerUrl),
    catalogue: compareCatalogues(await readCatalogue(ownerUrl), migrated.catalogue),
    versions: { live: await readMajorVersion(ownerUrl), migrated: migrated.version },
  }
}

export function compareCatalogues(
  live: readonly CatalogueEntry[],
  migrated: readonly CatalogueEntry[],
): Difference[] {
  const keyed = (entries: readonly CatalogueEntry[]) =>
    new Map(entries.map((entry) => [JSON.stringify([entry.kind, entry.name]), entry]))
  const [liveByKey, migratedByKey] = [keyed(live), keyed(migrated)]
  return [...new Set([...liveByKey.keys(), ...migratedByKey.keys()])].sort().flatMap((key) => {
    const [here, there] = [liveByKey.get(key), migratedByKey.get(key)]
    const entry = here ?? there
    if (entry === undefined || here?.definition === there?.definition) return []
    return [{ kind: entry.kind, name: entry.name, live: here?.definition, migrated: there?.definition }]
  })
}

async function readMajorVersion(url: string): Promise<number> {
  const { rows } = await withConnection(url, (client) =>
    client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int / 10000 AS version`),
  )
  return rows[0]?.version ?? 0
}

function differenceToSchema(subgraph: Subgraph, url: string): Promise<string> {
  return withEngine(subgraph, url, async ({ engine, schema }) => {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', configDir: path.dirname(subgraph.schemaFile), ...schema },
      to: { tag: 'schemaDatamodel', ...schema },
      script: false,
      exitCode: true,
      filters: NO_FILTER,
    })
    return exitCode === 0 ? '' : (stdout ?? '').trim()
  })
}
