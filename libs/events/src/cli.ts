import { workspaceRoot } from '@courtside/database/migrate'
import { runStreamsTool } from './cli/run-streams-tool.ts'
import { processEnvironment } from './cli/env.ts'

process.exitCode = await runStreamsTool(process.argv.slice(2), {
  workspaceRoot,
  environment: processEnvironment,
  say: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
})
