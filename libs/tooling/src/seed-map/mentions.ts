import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../workspace.ts'
import { mentionsInPrisma } from './in-prisma.ts'
import { mentionsInSdl } from './in-sdl.ts'
import { mentionsInTests } from './in-tests.ts'

/** A place in the code that stands for a seed item. */
export interface Mention {
  id: string
  kind: 'type' | 'table' | 'test'
  /** The name of the type or table; a test goes by its file. */
  name: string
  /** `file:line` */
  place: string
}

const SOURCES = [
  { pattern: 'apps/*/src/**/*.graphql', find: mentionsInSdl },
  { pattern: 'prisma/*/schema.prisma', find: mentionsInPrisma },
  { pattern: '{apps,libs}/*/src/**/*.{test,contract,e2e}.ts', find: mentionsInTests },
]

/** Every mention in the workspace, by file. */
export function findMentions(): Mention[] {
  return SOURCES.flatMap(({ pattern, find }) =>
    globSync(pattern, { cwd: root, exclude: ['**/generated/**', '**/node_modules/**'] })
      .sort()
      .flatMap((file) => find(file, readFileSync(path.join(root, file), 'utf8'))),
  )
}
