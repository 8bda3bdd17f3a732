import { globSync } from 'node:fs'
import path from 'node:path'
import { root } from '../workspace.ts'

/** The SDL files of a subgraph: its `schema.graphql` first, then those of its modules. */
export function sdlFiles(subgraph: string): string[] {
  return globSync(`apps/${subgraph}/src/**/*.graphql`, { cwd: root, exclude: ['**/generated/**'] }).sort(
    (a, b) => depth(a) - depth(b) || a.localeCompare(b),
  )
}

const depth = (file: string) => file.split(path.sep).length
