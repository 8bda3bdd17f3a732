import { parseArgs } from 'node:util'
import { StartupError } from '@courtside/kernel'
import { runCommand } from '@courtside/tooling/command'
import { benchFanout } from './bench-fanout.ts'
import { benchQuery } from './bench-query.ts'
import { benchHold, benchLatency, benchResume } from './bench-streams.ts'
import { measureStart } from './start/measure-start.ts'

const USAGE = `npm run -s bench -- start [--json] [--rounds N]
npm run -s bench -- query [--shape stub|real] [--json] [--rounds N] [--seconds N] [--workloads a,b,c] [--only plain,hive,…] [--hot]
npm run -s bench -- fanout [--json] [--rounds N] [--seconds N] [--clients 1000,5000] [--only ours,raw,…]
npm run -s bench -- latency [--json] [--seconds N] [--clients N]
npm run -s bench -- resume [--json] [--clients N]
npm run -s bench -- hold [--json] [--minutes N] [--subscriptions N]

  start   How long "npm start" takes on an installed tree, first and later, and the memory it then holds.
  query   What a query costs our gateway and others on the same subgraphs.
  fanout  What a message of a subscription costs, beside others and a server that only sends.
  latency How long a fact takes from its commit to clients, over each bus.
  resume  How fast many clients who come back at once have all that they missed.
  hold    The memory of 20,000 open subscriptions, while some come and go.

  --json      The last line is JSON, for programs.
  --rounds N  Of which the median counts. Default: 3 for start, 5 for query.

  --shape     stub: the gateways alone, before recorded subgraphs (default).
              real: the whole platform against plain Apollo before the same subgraphs, on Postgres.
  --seconds N How long a round loads each gateway. Default: 2.
  --workloads Of a (one subgraph), b (two) and c (three, one after the other). Default: all.
  --only      Of plain, hive, hiveNative, mercurius, ours, oursInProcess and raw. Default: all.
  --hot       All requests the same, where ours asks the subgraphs once for those that are in flight together.`

const say = (line: string) => console.log(line)

await runCommand(async () => {
  const [name, ...args] = process.argv.slice(2)
  if (name === 'start') return benchStart(args)
  if (name === 'query') return benchQuery(args, say)
  if (name === 'fanout') return benchFanout(args, say)
  if (name === 'latency') return benchLatency(args, say)
  if (name === 'resume') return benchResume(args, say)
  if (name === 'hold') return benchHold(args, say)
  throw new StartupError(USAGE)
})

async function benchStart(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new StartupError(USAGE)
  const figures = await measureStart(rounds, say)
  if (values.json) say(JSON.stringify(figures))
}
