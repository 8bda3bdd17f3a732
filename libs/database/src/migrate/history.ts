import { errorCode } from '../error-code.ts'
import { withConnection } from './connection.ts'
import { hasChecksum, readMigrations } from './migration-files.ts'
import type { Subgraph } from './subgraphs.ts'

export interface FailedMigration {
  name: string
  /** What Postgres said; undefined when the deploy died before it could note that down. */
  error: string | undefined
}

/** The migration files against what a database says it has. All empty: it is current. */
export interface MigrationStatus {
  pending: string[]
  failed: FailedMigration[]
  /** Applied, and their files changed since: the database is not what the files say. */
  edited: string[]
  /** Applied, and their files are not here: the database is ahead of this code. */
  unknown: string[]
}

interface HistoryRow {
  migration_name: string
  checksum: string
  logs: string | null
  finished: boolean
}

/** Prisma's own table. A row with neither end is a failed migration; one that was rolled back counts no more. */
const HISTORY = `
  SELECT migration_name, checksum, logs, finished_at IS NOT NULL AS finished
  FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`

const NO_SUCH_DATABASE = '3D000'
/** No such role, wrong password, no right to connect or to read the table: nothing is prepared, or not by this code. */
const NOT_ADMITTED = ['28000', '28P01', '42501']

/** Plain SQL, by either role: the engine is not needed to see that there is nothing to do. */
export async function status(subgraph: Subgraph, url: string): Promise<MigrationStatus> {
  const [migrations, rows] = await Promise.all([readMigrations(subgraph), readHistory(url)])
  const applied = new Map(rows.filter((row) => row.finished).map((row) => [row.migration_name, row]))
  const failed = rows.filter((row) => !row.finished)
  const onDisk = new Set(migrations.map(({ name }) => name))
  const failedNames = new Set(failed.map((row) => row.migration_name))
  return {
    pending: migrations
      .map(({ name }) => name)
      .filter((name) => !applied.has(name) && !failedNames.has(name)),
    failed: failed.map((row) => ({
      name: row.migration_name,
      error: row.logs ? toPlainWords(row.logs) : undefined,
    })),
    edited: migrations
      .filter((migration) => isEdited(migration, applied.get(migration.name)))
      .map(({ name }) => name),
    unknown: [...applied.keys()].filter((name) => !onDisk.has(name)),
  }
}

const isEdited = (migration: Parameters<typeof hasChecksum>[0], row: HistoryRow | undefined) =>
  row !== undefined && !hasChecksum(migration, row.checksum)

/** Whether `deploy` would find nothing to do; also false when the database or its roles are not there yet. */
export async function isCurrent(subgraph: Subgraph, url: string): Promise<boolean> {
  try {
    const { pending, failed, edited } = await status(subgraph, url)
    return pending.length === 0 && failed.length === 0 && edited.length === 0
  } catch (error) {
    if (NOT_ADMITTED.includes(errorCode(error) ?? '')) return false
    throw error
  }
}

async function readHistory(url: string): Promise<HistoryRow[]> {
  try {
    return await withConnection(url, async (client) => {
      // Asked first: a table that is not there is no error, and Postgres would log one.
      const { rowCount } = await client.query(
        `SELECT FROM pg_class WHERE oid = to_regclass('public._prisma_migrations')`,
      )
      return rowCount === 0 ? [] : (await client.query<HistoryRow>(HISTORY)).rows
    })
  } catch (error) {
    if (errorCode(error) === NO_SUCH_DATABASE) return []
    throw error
  }
}

/** The engine wraps what Postgres said into its own layers and ends with a trace of itself. */
export function toPlainWords(text: string): string {
  const withoutTrace = text.split(/\n\s+0: /)[0] ?? text
  return withoutTrace
    .replace(/^external connector error\s*/, '')
    .replace(/^Error querying the database: /, '')
    .trim()
}
