import { schemaFindings } from '../schema-rules/index.ts'
import type { Step } from './step.ts'

export const schema: Step = {
  name: 'schema',
  async run() {
    const findings = schemaFindings()
    if (findings.length === 0) return []
    const output = findings.map(({ place, message }) => `${place}\n  ${message}`).join('\n')
    return [{ output, mend: 'change the SDL as each message says, then: npm run compose' }]
  },
}
