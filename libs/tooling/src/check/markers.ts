import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../workspace.ts'
import type { Step } from './step.ts'

/** Welcome in a branch, refused in main. */
const MARKER = /FIX-?ME\b/

export const markers: Step = {
  name: 'markers',
  async run() {
    const sources = globSync('{apps,libs,prisma}/**/*.{ts,mjs,cjs,graphql,prisma,sql}', {
      cwd: root,
      exclude: (name) => name === 'node_modules' || name === 'generated',
    })
    const found = sources.flatMap((file) =>
      readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (MARKER.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    )
    if (found.length === 0) return []
    return [{ output: found.join('\n'), mend: 'do what these lines ask for, and remove them' }]
  },
}
