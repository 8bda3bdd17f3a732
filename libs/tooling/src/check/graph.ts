import { StartupError } from '@courtside/kernel'
import { API_SCHEMA, composeFiles } from '../compose/index.ts'
import { readIfThere } from '../workspace-files.ts'
import type { Step } from './step.ts'

/** Whether the subgraphs compose, and to what is committed. */
export const graph: Step = {
  name: 'graph',
  async run() {
    try {
      const { files } = await composeFiles()
      if (readIfThere(API_SCHEMA) === files[API_SCHEMA]) return []
      return [{ output: `${API_SCHEMA} is not what the subgraphs compose to.`, mend: 'npm run compose' }]
    } catch (error) {
      if (!(error instanceof StartupError)) throw error
      return [{ output: error.message, mend: 'make the SDL agree there, then: npm run compose' }]
    }
  },
}
