import { runTool } from '../run-tool.ts'
import type { Step } from './step.ts'

export const format: Step = {
  name: 'format',
  takesFiles: true,
  async run(files) {
    const targets = files.length > 0 ? files : ['.']
    const { code, output } = await runTool('prettier/bin/prettier.cjs', [
      '--check',
      '--no-color',
      '--log-level=warn',
      '--ignore-unknown',
      '--cache',
      '--cache-location=.courtside/prettier-cache',
      ...targets,
    ])
    return code === 0 ? [] : [{ output, mend: 'npm run fix' }]
  },
}
