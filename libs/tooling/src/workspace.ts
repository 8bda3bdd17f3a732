import { globSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the root package.json. All paths that tooling shows are relative to it. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Every subgraph has a database, and so a folder `prisma/<name>`; no list of them is kept anywhere. */
export function subgraphNames(): string[] {
  return globSync('prisma/*/schema.prisma', { cwd: root })
    .map((file) => path.basename(path.dirname(file)))
    .sort()
}

/** What the tools remember between runs; never committed. */
export function privateFile(name: string): string {
  return path.join(root, '.courtside', name)
}
