import { ensureGenerated } from '@courtside/tooling/generate'
import { measureQuery, type QueryOptions, readQueryOptions } from './query/index.ts'
import { keepResults, reportQuery, reportReal, summarizeQuery, summarizeReal } from './report/index.ts'
import { GATEWAYS } from './gateways/index.ts'
import { WORKLOADS } from './domain/index.ts'

type Say = (line: string) => void

export async function benchQuery(args: readonly string[], say: Say): Promise<void> {
  const options = readQueryOptions(args)
  const summary = options.shape === 'stub' ? await benchStub(options, say) : await benchReal(options, say)
  if (options.json) say(JSON.stringify(summary))
}

async function benchStub(options: QueryOptions, say: Say) {
  const results = await measureQuery(options, say)
  say(`\n${reportQuery(results)}\n`)
  say(
    options.hot
      ? 'All requests were the same. Ours asks the subgraphs once for what is in flight more than once.'
      : 'The requests had 64 different variables. Single flight was on in ours all the same.',
  )
  keep(results, options, say)
  return summarizeQuery(results)
}

async function benchReal(options: QueryOptions, say: Say) {
  await ensureGenerated(['clients', 'graph'])
  // Loaded only now: the code that it imports may just have been generated.
  const { measureReal } = await import('./real/index.ts')
  const results = await measureReal(options, say)
  say(`\n${reportReal(results)}\n`)
  keep(results, options, say)
  return summarizeReal(results)
}

function keep(results: Parameters<typeof keepResults>[0], options: QueryOptions, say: Say): void {
  if (isWhole(options)) say(`Kept in ${keepResults(results)} and shown in apps/bench/README.md.`)
  else
    say(
      'Not kept: results take the place of the last ones only when they are whole, and of 3 rounds or more.',
    )
}

function isWhole({ gateways, workloads, hot, rounds }: QueryOptions): boolean {
  const all = gateways.length === GATEWAYS.length && workloads.length === Object.keys(WORKLOADS).length
  return all && !hot && rounds >= 3
}
