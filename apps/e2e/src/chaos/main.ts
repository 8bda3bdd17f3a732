import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'
import { runCommand } from '@courtside/tooling/command'
import { ensureGenerated } from '@courtside/tooling/generate'
import { FAULT_NAMES, type FaultName } from './faults/index.ts'
import { type ChaosOptions, runChaos } from './run-chaos.ts'
import { planFaults } from './schedule/index.ts'

const USAGE = `npm run test:chaos -- [--seed N] [--runs N] [--minutes M] [--only fault,…] [--faults N] [--readers N]

Runs the platform as processes under load, does to it what a seed decides, and compares what everybody was told with
the log. Without a seed it draws one and prints it: the same seed does the same again.

  --runs N     So many runs, each with the next seed. Default: 1.
  --minutes M  Runs until so much time has passed. Default: as many as --runs says.
  --only       Of ${FAULT_NAMES.join(', ')}.
  --faults N   At least so many faults in a run. Default: each once.
  --readers N  Default: 100.`

const SEEDS = 1_000_000

await runCommand(async () => {
  const { seed, runs, endAt, ...planned } = readArguments(process.argv.slice(2))
  await ensureGenerated(['clients', 'graph'], console.log)
  const failed: number[] = []
  for (let run = 0; run < runs && Date.now() < endAt; run++) {
    if (!(await runSeed(seed + run, planned))) failed.push(seed + run)
  }
  if (failed.length === 0) return
  const only = planned.only ? ` --only ${planned.only.join(',')}` : ''
  const same = `--readers ${planned.readers} --faults ${planned.atLeast}${only}`
  for (const one of failed) console.error(`To repeat: npm run test:chaos -- --seed ${one} ${same}`)
  process.exitCode = 1
})

interface Planned {
  only?: readonly FaultName[]
  atLeast: number
  readers: number
}

async function runSeed(seed: number, { readers, ...planned }: Planned): Promise<boolean> {
  const options: ChaosOptions = { seed, plan: planFaults({ seed, ...planned }), readers, say: console.log }
  const { violations, figures, logFile } = await runChaos(options)
  console.log(`  ${JSON.stringify(figures)}`)
  if (violations.length === 0) {
    console.log('  all that was promised was kept')
    return true
  }
  console.error(violations.map((violation) => `  VIOLATED ${violation}`).join('\n'))
  console.error(`  what the processes said: ${logFile}`)
  return false
}

function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      runs: { type: 'string' },
      minutes: { type: 'string' },
      only: { type: 'string' },
      faults: { type: 'string', default: '0' },
      readers: { type: 'string', default: '100' },
    },
  })
  const numberOf = (text: string) => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= 0) return number
    throw new StartupError(USAGE)
  }
  const only = values.only?.split(',').map((name) => {
    const found = FAULT_NAMES.find((fault) => fault === name)
    if (found !== undefined) return found
    throw new StartupError(`There is no fault "${name}".\n${USAGE}`)
  })
  const minutes = values.minutes === undefined ? Infinity : numberOf(values.minutes)
  return {
    seed: values.seed === undefined ? Math.floor(Math.random() * SEEDS) : numberOf(values.seed),
    runs: values.runs === undefined ? (minutes === Infinity ? 1 : Infinity) : numberOf(values.runs),
    endAt: Date.now() + minutes * 60_000,
    atLeast: numberOf(values.faults),
    readers: numberOf(values.readers),
    ...(only && { only }),
  }
}
