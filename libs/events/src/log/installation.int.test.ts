import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  deploy,
  drift,
  findSubgraph,
  listSubgraphs,
  prepareDatabase,
  withConnection,
  workspaceRoot,
} from '@courtside/database/migrate'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type LogServer, sqlFile, startLogServer } from '../fixtures/log-database.ts'

const FILES = ['stream-log', 'feed-offsets']

let server: LogServer
let workspace: string
beforeAll(async () => {
  server = await startLogServer()
  workspace = await mkdtemp(path.join(tmpdir(), 'courtside-events-'))
  await cp(path.join(workspaceRoot, 'prisma/stats'), path.join(workspace, 'prisma/stats'), {
    recursive: true,
  })
  const migrations = path.join(workspace, 'prisma/stats/migrations')
  const taken = (await readdir(migrations)).map(fileOf)
  // Stats as if it took over whatever it has not taken over yet.
  for (const [index, file] of FILES.entries()) {
    if (taken.includes(file)) continue
    const folder = path.join(migrations, `2099010100000${index}_${file.replace('-', '_')}`)
    await mkdir(folder)
    await writeFile(path.join(folder, 'migration.sql'), await sqlFile(`${file}.sql`))
    await appendFile(
      path.join(workspace, 'prisma/stats/schema.prisma'),
      `\n${await sqlFile(`${file}.prisma`)}`,
    )
  }
})
afterAll(() => Promise.all([server.stop(), rm(workspace, { recursive: true })]))

describe('the SQL of this library', () => {
  test('is what migrations, models and drift check of a subgraph agree on', async () => {
    const { cluster } = server
    await prepareDatabase(cluster.adminUrl(), 'stats', {
      ownerPassword: cluster.rolePassword('owner', 'stats'),
      appPassword: cluster.rolePassword('app', 'stats'),
    })
    const ownerUrl = cluster.roleUrl('owner', 'stats')
    const subgraph = await findSubgraph(workspace, 'stats')
    await deploy(subgraph, ownerUrl)
    expect(await drift(subgraph, ownerUrl, cluster)).toMatchObject({ schema: '', catalogue: [] })

    await withConnection(ownerUrl, (owner) =>
      owner.query('GRANT UPDATE ON facts TO stats_app; DROP FUNCTION bump_stream_epoch()'),
    )
    const { catalogue } = await drift(subgraph, ownerUrl, cluster)
    expect(new Set(catalogue.map(({ name }) => name))).toEqual(
      new Set(['public.facts', 'public.bump_stream_epoch()']),
    )
  })

  test('stands in the migrations of every subgraph that has it, letter for letter', async () => {
    expect(await differingCopies(workspaceRoot)).toEqual([])
    expect(await differingCopies(workspace)).toEqual([])
    const migrations = path.join(workspace, 'prisma/stats/migrations')
    const copy = (await readdir(migrations)).find((name) => fileOf(name) === 'stream-log') ?? ''
    await appendFile(path.join(migrations, copy, 'migration.sql'), '-- a change of its own\n')
    expect(await differingCopies(workspace)).toEqual([copy])
  })
})

/** Which of the files a migration is a copy of, by its name. */
const fileOf = (migration: string) => FILES.find((file) => migration.endsWith(`_${file.replace('-', '_')}`))

async function differingCopies(root: string): Promise<string[]> {
  const differing: string[] = []
  for (const { migrationsFolder } of await listSubgraphs(root)) {
    for (const migration of await readdir(migrationsFolder)) {
      const file = fileOf(migration)
      if (file === undefined) continue
      const copy = await readFile(path.join(migrationsFolder, migration, 'migration.sql'), 'utf8')
      if (copy !== (await sqlFile(`${file}.sql`))) differing.push(migration)
    }
  }
  return differing
}
