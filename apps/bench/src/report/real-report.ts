import { markdownTable } from './markdown-table.ts'
import type { RealFigures, RealResults } from './results.ts'

const HEAD = [
  'system',
  '× the req/s of plain',
  '× less CPU than plain',
  'req/s',
  'CPU µs/request',
  'p50 ms at 200/s',
  'p95 ms at 200/s',
  'p99 ms at 200/s',
]

export function reportReal({ plain, ours, oursForgetful }: RealResults): string {
  const row = (title: string, figures: RealFigures) => {
    const { requestsPerSecond, cpuUs, at200 } = figures
    return [
      title,
      (requestsPerSecond / plain.requestsPerSecond).toFixed(2),
      cpuUs === null || plain.cpuUs === null ? '' : (plain.cpuUs / cpuUs).toFixed(2),
      requestsPerSecond.toFixed(0),
      cpuUs?.toFixed(0) ?? '',
      ...(at200
        ? [at200.p50Ms, at200.p95Ms, at200.p99Ms].map((milliseconds) => milliseconds.toFixed(1))
        : ['too slow', '', '']),
    ]
  }
  return markdownTable(HEAD, [
    row('plain Apollo before two subgraph processes', plain),
    row('ours, all in one process, carrying out every request', oursForgetful),
    row('ours, giving public answers again for as long as the schema says', ours),
  ])
}
