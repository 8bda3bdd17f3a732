import type { WorkloadName } from '../domain/index.ts'
import { GATEWAYS } from '../gateways/index.ts'
import { isMeasured, type QueryResults, type RealResults } from './results.ts'

type QuerySummary = Record<string, number | null>

/** For programs: CPU a request in microseconds of each gateway; null for what was not, or could not be, measured. */
export function summarizeQuery({ workloads }: QueryResults): { query: Record<string, QuerySummary> } {
  const summaries = (Object.keys(workloads) as WorkloadName[]).map((workload) => {
    const figures = GATEWAYS.map(({ name }) => {
      const outcome = workloads[workload]?.[name]
      return [`${name}Us`, isMeasured(outcome) ? outcome.cpuUs : null] as const
    })
    return [workload, Object.fromEntries(figures)] as const
  })
  return { query: Object.fromEntries(summaries) }
}

/** For programs: requests a second, ours by plain, and how late the slowest twentieth of ours is on a fixed schedule. */
export function summarizeReal({ plain, ours, oursForgetful }: RealResults) {
  const [plainRps, oursRps] = [plain.requestsPerSecond, ours.requestsPerSecond]
  const oursForgetfulRps = oursForgetful.requestsPerSecond
  return {
    real: {
      plainRps,
      oursRps,
      oursForgetfulRps,
      ratio: oursRps / plainRps,
      ratioForgetful: oursForgetfulRps / plainRps,
      p95At200Ms: ours.at200?.p95Ms ?? null,
      p95At200ForgetfulMs: oursForgetful.at200?.p95Ms ?? null,
    },
  }
}
