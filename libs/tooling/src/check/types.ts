import { runTool } from '../run-tool.ts'
import type { Step } from './step.ts'

export const types: Step = {
  name: 'types',
  async run() {
    const { code, output } = await runTool('typescript7/bin/tsc', [
      '-p',
      'tsconfig.json',
      '--pretty',
      'false',
    ])
    if (code === 0) return []
    return [
      {
        output,
        mend: 'make the types agree there; after a change to SDL or schema.prisma: npm run generate',
      },
    ]
  },
}
