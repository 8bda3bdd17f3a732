import { SEED_MAP, seedMap } from '../seed-map/index.ts'
import { readIfThere } from '../workspace-files.ts'
import type { Failure, Step } from './step.ts'

export const seedMapStep: Step = {
  name: 'seed-map',
  async run() {
    const { text, faults } = seedMap()
    const failures: Failure[] = []
    if (faults.length > 0) {
      failures.push({ output: faults.join('\n'), mend: 'name the test or correct the id, then: npm run fix' })
    }
    if (readIfThere(SEED_MAP) !== text) {
      failures.push({ output: `${SEED_MAP} is not what the code says.`, mend: 'npm run fix' })
    }
    return failures
  },
}
