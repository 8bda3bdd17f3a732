import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'
import { runCommand } from '@courtside/tooling/command'
import { ensureGenerated } from '@courtside/tooling/generate'
import { type JestRun, runJest } from './run/run-jest.ts'
import { type Selection, SUITES, type Suite, selectTests } from './run/select-tests.ts'

const USAGE = `Usage: npm test -- [${SUITES.join(' | ')}] [pattern of a path …] [-t 'name of a test'] [--option=value of jest …]`

const root = fileURLToPath(new URL('../../..', import.meta.url))

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(signal))
}

await runCommand(async () => {
  const { suite, patterns, jestArgs } = readArguments(process.argv.slice(2))
  const selection = selectTests(root, suite, patterns)
  if (selection.files.length === 0) throw new StartupError(`No test file matches.\n${USAGE}`)
  conclude(await runSelection(selection, jestArgs))
})

async function runSelection(
  { files, needsPostgres, needsGraph }: Selection,
  jestArgs: string[],
): Promise<JestRun> {
  await ensureGenerated(needsGraph ? ['clients', 'graph'] : ['clients'], console.log)
  if (!needsPostgres) return runJest(files, jestArgs, {}, interruption.signal)

  console.log('Starting a throw-away Postgres for the tests…')
  const { startTestCluster } = await import('./postgres.ts')
  const cluster = await startTestCluster()
  try {
    return await runJest(files, jestArgs, cluster.environment, interruption.signal)
  } finally {
    await cluster.stop()
  }
}

/** Ends with the totals alone on the last line, where people and programs look for them. */
function conclude({ totals, exitCode }: JestRun): void {
  if (interruption.signal.aborted) {
    const signal = interruption.signal.reason as NodeJS.Signals
    console.error(`Stopped by ${signal}.`)
    process.exitCode = 128 + constants.signals[signal]
  } else if (totals === undefined) {
    console.error('The tests were not run: jest ended too early. What it said stands above.')
    process.exitCode = exitCode || 1
  } else {
    console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
    process.exitCode = exitCode
  }
}

function readArguments(args: string[]) {
  const { tokens } = parseArgs({
    args,
    options: { testNamePattern: { type: 'string', short: 't' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const positionals = tokens.filter((token) => token.kind === 'positional').map((token) => token.value)
  const jestArgs = tokens
    .filter((token) => token.kind === 'option')
    .map(({ rawName, value }) => (value === undefined ? rawName : `${rawName}=${value}`))
  const suite = SUITES.find((candidate): candidate is Suite => candidate === positionals[0])
  return { suite, patterns: suite ? positionals.slice(1) : positionals, jestArgs }
}
