import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { status, toPlainWords } from './history.ts'
import { type ScriptFailure } from './migration-adapter.ts'
import { type Migration, readMigrations } from './migration-files.ts'
import { type EngineSession, NO_FILTER, toMigrationList } from './schema-engine.ts'
import type { Subgraph } from './subgraphs.ts'

/** Applies what is missing, in order, and stops at the first that fails. The names of those applied. */
export async function applyMigrations(
  subgraph: Subgraph,
  url: string,
  session: EngineSession,
): Promise<string[]> {
  const migrations = await readMigrations(subgraph)
  const migrationsList = toMigrationList(subgraph, migrations)
  try {
    const { appliedMigrationNames } = await session.engine.applyMigrations({
      migrationsList,
      filters: NO_FILTER,
    })
    return appliedMigrationNames
  } catch (error) {
    const failure = session.scriptFailure()
    if (failure === undefined) throw toStartupError(subgraph, error)
    const { failed } = await status(subgraph, url)
    const migration = migrations.find(({ name }) => failed.some((one) => one.name === name))
    throw migration === undefined ? error : toMigrationError(subgraph, migration, failure)
  }
}

/** What Postgres said, where in the file, and how to go on. */
function toMigrationError(subgraph: Subgraph, migration: Migration, { error }: ScriptFailure): StartupError {
  const file = path.relative(
    process.cwd(),
    path.join(subgraph.migrationsFolder, migration.name, 'migration.sql'),
  )
  const said = [error.message, error.detail, error.hint].filter((words) => words !== undefined)
  return new StartupError(
    [
      `The migration ${migration.name} of ${subgraph.name} failed: ${said.join('\n  ')}`,
      `  at ${file}${toPlace(migration.sql, error.position)}`,
      mayHaveLeftSomething(migration)
        ? `It ends transactions itself, so a part of it may have stayed: undo that part, mend the file,`
        : 'Nothing of it has stayed. Mend the file,',
      `then run \`npm run db -- deploy ${subgraph.name}\` again.`,
    ].join('\n'),
    { cause: error },
  )
}

/** Postgres counts characters from the beginning of the script. */
function toPlace(sql: string, position: string | undefined): string {
  if (position === undefined) return ''
  const before = [...sql]
    .slice(0, Number(position) - 1)
    .join('')
    .split('\n')
  const line = sql.split('\n')[before.length - 1] ?? ''
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}\n    ${line.trim()}`
}

/** A script is one transaction, unless it says otherwise. */
function mayHaveLeftSomething({ sql }: Migration): boolean {
  return /\b(commit|rollback|concurrently)\b/i.test(sql.replaceAll(/--.*$/gm, ''))
}

function toStartupError(subgraph: Subgraph, error: unknown): unknown {
  if (!(error instanceof Error)) return error
  return new StartupError(
    `The migrations of ${subgraph.name} cannot be applied: ${toPlainWords(error.message)}\n` +
      `See \`npm run db -- status ${subgraph.name}\`.`,
    { cause: error },
  )
}
