import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'
import { generate } from './check/generate.ts'
import { runSteps } from './check/run-steps.ts'
import type { Step } from './check/step.ts'
import { STEPS } from './check/steps.ts'
import { runCommand } from './command.ts'
import { endTools } from './run-tool.ts'

const NAMES = STEPS.map(({ name }) => name).join(',')

await runCommand(async () => {
  const { steps, files } = readArguments(process.argv.slice(2))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      endTools()
      process.kill(process.pid, signal)
    })
  }
  const failures = [
    ...(await runSteps([generate], [], console.log)),
    ...(await runSteps(steps, files, console.log)),
  ]
  for (const { step, output, mend } of failures) console.log(`\n── ${step} ──\n${output}\nMend: ${mend}`)
  console.log(failures.length === 0 ? '\nAll is well.' : `\n${failures.length} to mend.`)
  process.exitCode = failures.length === 0 ? 0 : 1
})

/** Files alone mean the steps that can look at some files alone. */
function readArguments(args: string[]): { steps: Step[]; files: string[] } {
  const { values, positionals: files } = parseArgs({
    args,
    options: { only: { type: 'string', multiple: true } },
    allowPositionals: true,
    strict: false,
  })
  const wanted = (values.only ?? []).flatMap((names) => String(names).split(','))
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name))
  if (unknown.length > 0) {
    throw new StartupError(
      `There is no step "${unknown.join(', ')}".\nUsage: npm run check -- [--only ${NAMES}] [file …]`,
    )
  }
  const steps = STEPS.filter((step) => (wanted.length > 0 ? wanted.includes(step.name) : true))
  return { steps: files.length > 0 ? steps.filter(({ takesFiles }) => takesFiles) : steps, files }
}
