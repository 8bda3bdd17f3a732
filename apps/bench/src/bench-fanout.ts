import { ENTRANT_NAMES, FANOUT_CLIENTS, measureFanout, readFanoutOptions } from './fanout/index.ts'
import { keepResults, reportFanout, summarizeFanout } from './report/index.ts'

type Say = (line: string) => void

export async function benchFanout(args: readonly string[], say: Say): Promise<void> {
  const options = readFanoutOptions(args)
  const results = await measureFanout(options, say)
  say(`\n${reportFanout(results)}\n`)
  const isWhole =
    options.rounds >= 3 &&
    options.entrants.length === ENTRANT_NAMES.length &&
    FANOUT_CLIENTS.every((clients) => options.clients.includes(clients))
  say(
    isWhole
      ? `Kept in ${keepResults(results)} and shown in apps/bench/README.md.`
      : 'Not kept: results take the place of the last ones only when they are whole, and of 3 rounds or more.',
  )
  if (options.json) say(JSON.stringify(summarizeFanout(results)))
}
