import { runTool } from './cli/run-tool.ts'
import { terminal } from './cli/console.ts'
import { processEnvironment } from './env.ts'
import { workspaceRoot } from './workspace.ts'

process.exitCode = await runTool(process.argv.slice(2), {
  workspaceRoot,
  environment: processEnvironment,
  output: terminal,
})
