import { runCommand } from './command.ts'
import { writeGraph } from './compose/index.ts'
import { completeEnvExample, ENV_EXAMPLE } from './env-example.ts'
import { runTool } from './run-tool.ts'
import { SEED_MAP, seedMap } from './seed-map/index.ts'
import { writeIfChanged } from './workspace-files.ts'

/** Everything that a program can mend. What it could not is for `npm run check` to say. */
await runCommand(async () => {
  const files = process.argv.slice(2)
  const targets = files.length > 0 ? files : ['.']

  console.log('Mending what eslint can…')
  await runTool('eslint/bin/eslint.js', ['--fix', '--quiet', '--no-warn-ignored', ...targets])
  console.log('Formatting…')
  await runTool('prettier/bin/prettier.cjs', ['--write', '--log-level=warn', '--ignore-unknown', ...targets])
  if (files.length > 0) return

  console.log('Composing the graph…')
  await writeGraph()
  writeIfChanged(SEED_MAP, seedMap().text)
  writeIfChanged(ENV_EXAMPLE, completeEnvExample())
  console.log('Done. What is left, npm run check will say.')
})
