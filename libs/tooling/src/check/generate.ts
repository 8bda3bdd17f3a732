import { StartupError } from '@courtside/kernel'
import { ensureGenerated } from '../generate/index.ts'
import type { Step } from './step.ts'

/** Lint and types look at generated code too, which git does not keep. Comes before all others. */
export const generate: Step = {
  name: 'generate',
  async run() {
    try {
      await ensureGenerated(['clients', 'types'])
      return []
    } catch (error) {
      if (!(error instanceof StartupError)) throw error
      return [
        {
          output: error.message,
          mend: 'make the SDL or schema.prisma named above right, then: npm run generate',
        },
      ]
    }
  },
}
