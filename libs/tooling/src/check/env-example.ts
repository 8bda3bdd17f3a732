import { ENV_EXAMPLE, envExampleFaults, readVariables } from '../env-example.ts'
import { readIfThere } from '../workspace-files.ts'
import type { Step } from './step.ts'

export const envExample: Step = {
  name: 'environment',
  async run() {
    const faults = envExampleFaults(readVariables(), readIfThere(ENV_EXAMPLE) ?? '')
    if (faults.length === 0) return []
    return [
      {
        output: faults.join('\n'),
        mend: 'npm run fix adds what is missing; remove and explain the rest by hand',
      },
    ]
  },
}
