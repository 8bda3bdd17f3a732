import path from 'node:path'
import { runCommand } from './command.ts'
import { ensureGenerated } from './generate/index.ts'
import { runTool } from './run-tool.ts'
import { root } from './workspace.ts'
import { writeIfChanged } from './workspace-files.ts'

/** Checks the types of one project, `apps/stats` for example. The whole workspace has one tsconfig.json. */
await runCommand(async () => {
  const project = process.argv[2] ?? '.'
  await ensureGenerated(['clients', 'types'])
  const config = path.join('.courtside', 'tsconfig', project.replaceAll('/', '-'), 'tsconfig.json')
  const from = path.relative(path.dirname(path.join(root, config)), root)
  writeIfChanged(
    config,
    JSON.stringify({ extends: `${from}/tsconfig.base.json`, include: [`${from}/${project}/src/**/*.ts`] }),
  )
  const { code, output } = await runTool('typescript7/bin/tsc', ['-p', config])
  if (output !== '') console.log(output)
  process.exitCode = code
})
