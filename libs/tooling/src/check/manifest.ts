import { StartupError } from '@courtside/kernel'
import { DEFAULT_DOCUMENTS, MANIFEST, manifestOf } from '../manifest/index.ts'
import { readIfThere } from '../workspace-files.ts'
import type { Step } from './step.ts'

/** Whether the manifest lists the documented operations as they are, and whether the graph still answers them. */
export const manifest: Step = {
  name: 'manifest',
  async run() {
    try {
      if (readIfThere(MANIFEST) === (await manifestOf(DEFAULT_DOCUMENTS))) return []
      return [{ output: `${MANIFEST} does not list the operations as they are.`, mend: 'npm run manifest' }]
    } catch (error) {
      if (!(error instanceof StartupError)) throw error
      return [{ output: error.message, mend: 'make the documents fit the graph, then: npm run manifest' }]
    }
  },
}
