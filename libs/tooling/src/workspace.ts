import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '@courtside/kernel'

/** The folder of the root package.json. All paths that tooling shows are relative to it. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Every subgraph has a database, and so a folder `prisma/<name>`; no list of them is kept anywhere. */
export function subgraphNames(): string[] {
  return globSync('prisma/*/schema.prisma', { cwd: root })
    .map((file) => path.basename(path.dirname(file)))
    .sort()
}

/** The SDL files of a subgraph: its `schema.graphql` first, then those of its modules. */
export function sdlFiles(subgraph: string): string[] {
  return globSync(`apps/${subgraph}/src/**/*.graphql`, { cwd: root, exclude: ['**/generated/**'] }).sort(
    (a, b) => depth(a) - depth(b) || a.localeCompare(b),
  )
}

/** Where a subgraph listens on a developer's machine, from its package.json. */
export function developmentPort(subgraph: string): number {
  const file = path.join(root, 'apps', subgraph, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { courtside?: { developmentPort?: number } }
  const port = manifest.courtside?.developmentPort
  if (port !== undefined) return port
  throw new StartupError(
    `Give ${subgraph} a port of its own: "courtside": { "developmentPort": … } in ${file}`,
  )
}

const depth = (file: string) => file.split(path.sep).length

/** What the tools remember between runs; never committed. */
export function privateFile(name: string): string {
  return path.join(root, '.courtside', name)
}
