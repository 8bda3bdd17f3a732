import path from 'node:path'
import { runTool } from '../run-tool.ts'
import { root } from '../workspace.ts'
import type { Step } from './step.ts'

const FORMATTER = path.join(root, 'libs/tooling/src/lint/formatter.mjs')

export const lint: Step = {
  name: 'lint',
  takesFiles: true,
  async run(files) {
    // The boundaries rule reads the project graph that nx has cached, and would pass over a project it does not know.
    const graph = await runTool('nx/dist/bin/nx.js', ['show', 'projects'])
    if (graph.code !== 0)
      return [{ output: graph.output, mend: 'mend the package.json or nx.json that nx names above' }]
    const targets = files.length > 0 ? files : ['.']
    const { code, output } = await runTool('eslint/bin/eslint.js', [
      '--max-warnings=0',
      '--no-warn-ignored',
      `--format=${FORMATTER}`,
      ...targets,
    ])
    if (code === 0) return []
    return [{ output, mend: 'npm run fix for what a program can mend; for the rest each message says how' }]
  },
}
