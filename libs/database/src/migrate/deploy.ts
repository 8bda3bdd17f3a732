import { StartupError } from '@courtside/kernel'
import { type Client, escapeIdentifier } from 'pg'
import { type DatabaseRole, roleName } from '../embedded/index.ts'
import { applyMigrations } from './apply-migrations.ts'
import { databaseOf } from './connection.ts'
import { status } from './history.ts'
import { exclusively } from './lock.ts'
import { readMigrations } from './migration-files.ts'
import { toMigrationList, withEngine } from './schema-engine.ts'
import type { Subgraph } from './subgraphs.ts'

export interface DeployResult {
  applied: string[]
  /** Those among them that had failed before. */
  retried: string[]
  /** Applied long ago, and unknown to this code: the database is ahead of it. */
  unknown: string[]
}

/**
 * Brings a database up to the migration files, as its owner. Several at once take turns. A migration that failed
 * before is tried again: a script is one transaction, so its failure has left nothing.
 */
export async function deploy(subgraph: Subgraph, ownerUrl: string): Promise<DeployResult> {
  return exclusively(ownerUrl, 'deploy', async (client) => {
    await assertRoles(client, subgraph, ownerUrl)
    const { pending, failed, edited, unknown } = await status(subgraph, ownerUrl)
    assertNotEdited(subgraph, edited)
    const retried = failed.map(({ name }) => name)
    if (pending.length + retried.length === 0) return { applied: [], retried, unknown }

    const applied = await withEngine(subgraph, ownerUrl, async (session) => {
      for (const migrationName of retried) await session.engine.markMigrationRolledBack({ migrationName })
      return applyMigrations(subgraph, ownerUrl, session)
    })
    await showHistoryToApp(client, subgraph)
    return { applied, retried, unknown }
  })
}

/** Notes that a failed migration is in place after all, because its changes were made by hand. */
export async function markApplied(
  subgraph: Subgraph,
  ownerUrl: string,
  migrationName: string,
): Promise<void> {
  await exclusively(ownerUrl, 'deploy', async () => {
    const { failed } = await status(subgraph, ownerUrl)
    if (!failed.some(({ name }) => name === migrationName)) {
      const names = failed.map(({ name }) => name).join(', ')
      throw new StartupError(
        `"${migrationName}" is not a failed migration of ${subgraph.name}.\nThere ${names ? `is: ${names}` : 'is none'}.`,
      )
    }
    const migrationsList = toMigrationList(subgraph, await readMigrations(subgraph))
    await withEngine(subgraph, ownerUrl, ({ engine }) =>
      engine.markMigrationApplied({ migrationName, migrationsList }),
    )
  })
}

const WHO_LOGS_IN: readonly (readonly [DatabaseRole, string])[] = [
  ['app', 'which the process of the subgraph logs in as'],
  ['log_reader', 'which other subgraphs read its facts as'],
]

/** Roles belong to the server, not to a database, so no migration makes them; on an embedded server we do. */
async function assertRoles(client: Client, subgraph: Subgraph, ownerUrl: string): Promise<void> {
  const { name, database } = subgraph
  const migrations = await readMigrations(subgraph)
  for (const [kind, who] of WHO_LOGS_IN) {
    const role = roleName(kind, database)
    if (kind !== 'app' && !migrations.some(({ sql }) => sql.includes(role))) continue
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
    if (rowCount !== 0) continue
    throw new StartupError(
      `The role ${role} of ${name}, ${who}, does not exist on its database server.\n` +
        'Let an administrator of that server run:\n' +
        `  CREATE ROLE ${escapeIdentifier(role)} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '<choose one>';\n` +
        `  GRANT CONNECT ON DATABASE ${escapeIdentifier(databaseOf(ownerUrl))} TO ${escapeIdentifier(role)};`,
    )
  }
}

function assertNotEdited(subgraph: Subgraph, edited: readonly string[]): void {
  if (edited.length === 0) return
  throw new StartupError(
    `Migrations of ${subgraph.name} were edited after they had been applied: ${edited.join(', ')}.\n` +
      'Restore those files and put the change into a new migration ' +
      `(\`npm run db -- create ${subgraph.name} <label>\`), or \`npm run db -- reset ${subgraph.name}\` where its data can be lost.`,
  )
}

/** So that a process can see by itself, without the owner's password, whether its database is current. */
async function showHistoryToApp(client: Client, { database }: Subgraph): Promise<void> {
  const role = escapeIdentifier(roleName('app', database))
  // A migration may have granted the application everything on every table.
  await client.query(`
    REVOKE ALL ON public._prisma_migrations FROM ${role};
    GRANT SELECT ON public._prisma_migrations TO ${role}`)
}
