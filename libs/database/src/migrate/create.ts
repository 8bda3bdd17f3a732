import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Clock, StartupError, systemClock } from '@courtside/kernel'
import type { ClusterUrls } from '../embedded/index.ts'
import { applyMigrations } from './apply-migrations.ts'
import { LOCK_FILE, readMigrations } from './migration-files.ts'
import { NO_FILTER, withEngine } from './schema-engine.ts'
import { withShadow } from './shadow.ts'
import type { Subgraph } from './subgraphs.ts'

/** The SQL by which schema.prisma is ahead of the migrations; empty when it is not. */
export function pending(subgraph: Subgraph, cluster: ClusterUrls): Promise<string> {
  return withShadow(subgraph, cluster, (url) =>
    withEngine(subgraph, url, async (session) => {
      await applyMigrations(subgraph, url, session)
      const { exitCode, stdout } = await session.engine.diff({
        from: { tag: 'schemaDatasource', configDir: path.dirname(subgraph.schemaFile), ...session.schema },
        to: { tag: 'schemaDatamodel', ...session.schema },
        script: true,
        exitCode: true,
        filters: NO_FILTER,
      })
      return exitCode === 0 ? '' : (stdout ?? '')
    }),
  )
}

/** Writes what is pending into a new migration. Its folder, or undefined when nothing is. */
export async function create(
  subgraph: Subgraph,
  label: string,
  cluster: ClusterUrls,
  clock: Clock = systemClock,
): Promise<string | undefined> {
  const slug = toSlug(label)
  const sql = await pending(subgraph, cluster)
  if (sql === '') return undefined
  const folder = path.join(subgraph.migrationsFolder, `${await nextStamp(subgraph, clock)}_${slug}`)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'migration.sql'), sql)
  await writeFile(path.join(subgraph.migrationsFolder, LOCK_FILE), 'provider = "postgresql"\n')
  return folder
}

function toSlug(label: string): string {
  const slug = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  if (slug !== '') return slug
  throw new StartupError(`A migration needs a label that says what it does.\nFor example: add_player_height.`)
}

/** Later than every other migration, even one that was made where the clock is fast: the order of names is the order of applying. */
async function nextStamp(subgraph: Subgraph, clock: Clock): Promise<string> {
  const now = clock.now().toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const last = (await readMigrations(subgraph)).at(-1)?.name.slice(0, 14) ?? ''
  return now > last || !/^\d{14}$/.test(last) ? now : String(BigInt(last) + 1n)
}
