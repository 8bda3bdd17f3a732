import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'

/** A subgraph with a database: a folder `prisma/<name>` with a `schema.prisma`. No list of them is kept anywhere. */
export interface Subgraph {
  name: string
  /** Of its database, and the beginning of its roles' names. */
  database: string
  schemaFile: string
  migrationsFolder: string
}

export async function listSubgraphs(workspaceRoot: string): Promise<Subgraph[]> {
  const prisma = path.join(workspaceRoot, 'prisma')
  const entries = await readdir(prisma, { withFileTypes: true })
  const subgraphs = entries.filter((entry) => entry.isDirectory()).map(({ name }) => toSubgraph(prisma, name))
  const withSchema = await Promise.all(subgraphs.map(({ schemaFile }) => isFile(schemaFile)))
  return subgraphs.filter((_, index) => withSchema[index]).sort((a, b) => a.name.localeCompare(b.name))
}

export async function findSubgraph(workspaceRoot: string, name: string): Promise<Subgraph> {
  const subgraphs = await listSubgraphs(workspaceRoot)
  const found = subgraphs.find((subgraph) => subgraph.name === name)
  if (found !== undefined) return found
  const names = subgraphs.map((subgraph) => subgraph.name).join(', ')
  throw new StartupError(`There is no subgraph "${name}" with a database.\nThere are: ${names || 'none'}.`)
}

const toSubgraph = (prisma: string, name: string): Subgraph => ({
  name,
  database: name.replaceAll('-', '_'),
  schemaFile: path.join(prisma, name, 'schema.prisma'),
  migrationsFolder: path.join(prisma, name, 'migrations'),
})

const isFile = (file: string) =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
