import { parseArgs } from 'node:util'
import { measureStart } from './start/measure-start.ts'

const USAGE = `npm run -s bench -- start [--json] [--rounds N]

  start   How long "npm start" takes on an installed tree, first and later, and the memory it then holds.

  --json      The last line is JSON, for programs.
  --rounds N  Later starts to take the median of. Default: 3.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
})

const rounds = Number(values.rounds)
if (positionals[0] !== 'start' || !Number.isInteger(rounds) || rounds < 1) {
  console.error(USAGE)
  process.exitCode = 1
} else {
  const figures = await measureStart(rounds, (line) => console.log(line))
  if (values.json) console.log(JSON.stringify(figures))
}
