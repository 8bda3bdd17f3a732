import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine, SchemaFilter, SchemasContainer } from '@prisma/schema-engine-wasm'
import { loadEngine } from './engine-loader.ts'
import { createMigrationAdapter, type ScriptFailure } from './migration-adapter.ts'
import { LOCK_FILE, type Migration } from './migration-files.ts'
import type { Subgraph } from './subgraphs.ts'

/** Nothing is managed outside of the migrations. */
export const NO_FILTER: SchemaFilter = { externalTables: [], externalEnums: [] }

export interface EngineSession {
  engine: SchemaEngine
  schema: SchemasContainer
  /** What Postgres said to the last migration that failed, if one did. */
  scriptFailure(): ScriptFailure | undefined
}

/** Prisma's schema engine on one database, as WebAssembly over `pg`: no binary to download, no process to start. */
export async function withEngine<T>(
  subgraph: Subgraph,
  url: string,
  work: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const SchemaEngine = await loadEngine()
  const schema = await readSchema(subgraph)
  const adapter = createMigrationAdapter(url)
  try {
    const engine = await SchemaEngine.new(
      { datamodels: schema.files.map((file) => [file.path, file.content]) },
      () => {},
      bindMigrationAwareSqlAdapterFactory(adapter.factory),
    )
    try {
      return await work({ engine, schema, scriptFailure: adapter.scriptFailure })
    } finally {
      engine.free()
    }
  } finally {
    await adapter.close()
  }
}

export function toMigrationList(subgraph: Subgraph, migrations: readonly Migration[]): MigrationList {
  return {
    baseDir: subgraph.migrationsFolder,
    shadowDbInitScript: '',
    lockfile: { path: LOCK_FILE, content: 'provider = "postgresql"\n' },
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}

async function readSchema({ schemaFile }: Subgraph): Promise<SchemasContainer> {
  return { files: [{ path: path.basename(schemaFile), content: await readFile(schemaFile, 'utf8') }] }
}
