import { type WorkloadName, WORKLOADS } from '../domain/index.ts'
import { GATEWAYS } from '../gateways/index.ts'
import { markdownTable } from './markdown-table.ts'
import { type Figures, isMeasured, type Outcome, type QueryResults } from './results.ts'

const HEAD = [
  'gateway',
  '× less CPU than plain',
  '× less than best peer',
  'CPU µs/request',
  'best round',
  'req/s',
  'p50 ms',
  'p99 ms',
  'busy %',
  'calls/request',
  'RSS MB',
]

/** One table for each workload, and below it what those say that could not be measured. */
export function reportQuery(results: QueryResults): string {
  return (Object.keys(results.workloads) as WorkloadName[])
    .map((workload) => reportWorkload(workload, results.workloads[workload] ?? {}))
    .join('\n\n')
}

export function reportWorkload(workload: WorkloadName, outcomes: Partial<Record<string, Outcome>>): string {
  const entered = GATEWAYS.filter(({ name }) => outcomes[name] !== undefined)
  const cpuOf = (name: string) => {
    const outcome = outcomes[name]
    return isMeasured(outcome) ? outcome.cpuUs : null
  }
  const bestPeer = entered
    .filter(({ kind }) => kind === 'peer')
    .map(({ name }) => cpuOf(name))
    .reduce((best, cpu) => (best === null || (cpu !== null && cpu < best) ? cpu : best), null)

  const rows = entered.map(({ name, title }) => {
    const outcome = outcomes[name]
    if (!isMeasured(outcome)) return [title, 'fails']
    return [
      title,
      times(cpuOf('plain'), outcome.cpuUs),
      times(bestPeer, outcome.cpuUs),
      ...figuresOf(outcome),
    ]
  })
  const faults = entered.flatMap(({ name, title }) => {
    const outcome = outcomes[name]
    return outcome && !isMeasured(outcome) ? [`${title} fails here: ${outcome.fault}`] : []
  })
  const title = `Workload ${workload}: ${WORKLOADS[workload].title}`
  return [title, markdownTable(HEAD, rows), ...faults].join('\n\n')
}

/** How many times less `cpuUs` is than the other; empty when one of them is not known. */
function times(other: number | null, cpuUs: number | null): string {
  return other === null || cpuUs === null ? '' : (other / cpuUs).toFixed(2)
}

function figuresOf(figures: Figures): string[] {
  const whole = (figure: number | null) => (figure === null ? '' : figure.toFixed(0))
  return [
    whole(figures.cpuUs),
    whole(figures.leastCpuUs),
    whole(figures.requestsPerSecond),
    figures.p50Ms.toFixed(2),
    figures.p99Ms.toFixed(2),
    whole(figures.busyPercent),
    figures.callsPerRequest.toFixed(2),
    whole(figures.residentMb),
  ]
}
