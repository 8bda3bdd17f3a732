import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runJest } from './run/run-jest.ts'
import { type Selection, SUITES, type Suite, selectTests } from './run/select-tests.ts'

const USAGE = `Usage: npm test -- [${SUITES.join(' | ')}] [pattern of a path …] [-t 'name of a test'] [--option=value of jest …]`

const root = fileURLToPath(new URL('../../..', import.meta.url))

const { suite, patterns, jestArgs } = readArguments(process.argv.slice(2))
const selection = selectTests(root, suite, patterns)
if (selection.files.length === 0) {
  console.error(`No test file matches.\n${USAGE}`)
  process.exit(1)
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(signal))
}
const { exitCode, totals } = await runSelection(selection)

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

async function runSelection({ files, needsPostgres }: Selection) {
  const args = [...jestArgs, '--runTestsByPath', ...files]
  if (!needsPostgres) return runJest(args, {}, interruption.signal)

  console.log('Starting a throw-away Postgres for the tests…')
  const { startTestCluster } = await import('./postgres.ts')
  const cluster = await startTestCluster()
  try {
    return await runJest(args, cluster.environment, interruption.signal)
  } finally {
    await cluster.stop()
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
  const options = tokens
    .filter((token) => token.kind === 'option')
    .map(({ rawName, value }) => (value === undefined ? rawName : `${rawName}=${value}`))
  const named = SUITES.find((candidate): candidate is Suite => candidate === positionals[0])
  return { suite: named, patterns: named ? positionals.slice(1) : positionals, jestArgs: options }
}
