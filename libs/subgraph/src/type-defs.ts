import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The SDL of a subgraph: `schema.graphql` first, then one file a module, all beneath its `src` folder. */
export function readTypeDefs(source: URL): string {
  const root = fileURLToPath(source)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql') && !file.startsWith('generated'))
    .sort((a, b) => depth(a) - depth(b) || a.localeCompare(b))
  return files.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n')
}

const depth = (file: string) => file.split(path.sep).length
