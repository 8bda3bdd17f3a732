import { globSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { StartupError } from '@courtside/kernel'
import { Source } from 'graphql'
import { root } from '../workspace.ts'
import type { Fault } from './fault.ts'

const DOCUMENTS = /\.(graphql|gql)$/
const PROGRAMS = /\.[cm]?tsx?$/
const NOT_CLIENTS = /(^|[\\/])(node_modules|generated)[\\/]|\.d\.[cm]?ts$/

/** The files that a pattern means: a file, every client file below a folder, or what a glob matches. */
export function findDocuments(patterns: readonly string[]): string[] {
  const files = patterns.flatMap((pattern) => {
    const stats = statSync(path.resolve(root, pattern), { throwIfNoEntry: false })
    if (stats?.isFile()) return [pattern]
    const matches = globSync(stats?.isDirectory() ? path.join(pattern, '**/*') : pattern, { cwd: root })
    const found = matches.filter(
      (file) => (DOCUMENTS.test(file) || PROGRAMS.test(file)) && !NOT_CLIENTS.test(file),
    )
    if (found.length > 0) return found
    throw new StartupError(
      `There is no operation in ${pattern}. Name a .graphql or .ts file, a folder of them, or a glob in quotes.`,
    )
  })
  return [...new Set(files)].sort()
}

/** The documents in a file: the whole of it, or each template of a program. */
export async function readDocuments(file: string): Promise<{ sources: Source[]; faults: Fault[] }> {
  const text = readFileSync(path.resolve(root, file), 'utf8')
  if (!PROGRAMS.test(file)) return { sources: [new Source(text, file)], faults: [] }
  // The compiler takes a third of a second to load, which documents alone do without.
  const { documentsInProgram } = await import('./program-documents.ts')
  return documentsInProgram(text, file)
}
