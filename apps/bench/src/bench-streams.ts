import { ensureGenerated } from '@courtside/tooling/generate'
import { measureHold } from './hold/index.ts'
import {
  keepResults,
  reportHold,
  reportLatency,
  reportResume,
  summarizeHold,
  summarizeLatency,
  summarizeResume,
} from './report/index.ts'
import { readHoldOptions, readLatencyOptions, readResumeOptions } from './stream-options.ts'

type Say = (line: string) => void

/** Shorter or smaller runs are for trying out. */
const WHOLE = {
  latencySeconds: 30,
  latencyClients: 1_000,
  resumeClients: 10_000,
  held: 20_000,
  holdMinutes: 60,
}

export async function benchLatency(args: readonly string[], say: Say): Promise<void> {
  const options = readLatencyOptions(args)
  await ensureGenerated(['clients', 'graph'])
  // Loaded only now: the code that it imports may just have been generated.
  const { measureLatency } = await import('./latency/index.ts')
  const results = await measureLatency(options, say)
  say(`\n${reportLatency(results)}\n`)
  const { latencySeconds, latencyClients } = WHOLE
  keep(
    results,
    options.seconds >= latencySeconds && options.clients === latencyClients && results.redis !== null,
    say,
  )
  if (options.json) say(JSON.stringify(summarizeLatency(results)))
}

export async function benchResume(args: readonly string[], say: Say): Promise<void> {
  const options = readResumeOptions(args)
  await ensureGenerated(['clients', 'graph'])
  const { measureResume } = await import('./resume/index.ts')
  const results = await measureResume(options, say)
  say(`\n${reportResume(results)}\n`)
  keep(results, options.clients === WHOLE.resumeClients, say)
  if (options.json) say(JSON.stringify(summarizeResume(results)))
}

export async function benchHold(args: readonly string[], say: Say): Promise<void> {
  const options = readHoldOptions(args)
  const results = await measureHold(options, say)
  say(`\n${reportHold(results)}\n`)
  keep(results, options.subscriptions === WHOLE.held && options.minutes >= WHOLE.holdMinutes, say)
  if (options.json) say(JSON.stringify(summarizeHold(results)))
}

function keep(results: Parameters<typeof keepResults>[0], isWhole: boolean, say: Say): void {
  if (isWhole) say(`Kept in ${keepResults(results)} and shown in apps/bench/README.md.`)
  else say('Not kept: results take the place of the last ones only when they are whole.')
}
