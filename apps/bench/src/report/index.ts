export { reportFanout } from './fanout-report.ts'
export { keepResults, sectionOf } from './keep.ts'
export { reportQuery } from './query-report.ts'
export { reportReal } from './real-report.ts'
export { reportHold, reportLatency, reportResume } from './real-streams-report.ts'
export type {
  FanoutFigures,
  FanoutOutcome,
  FanoutResults,
  FanoutSize,
  Figures,
  HoldResults,
  Latencies,
  LatencyFigures,
  LatencyResults,
  Measured,
  Outcome,
  Percentiles,
  QueryResults,
  RealFigures,
  RealResults,
  ResumeFigures,
  ResumeResults,
} from './results.ts'
export { summarizeFanout, summarizeHold, summarizeLatency, summarizeResume } from './streams-summary.ts'
export { summarizeQuery, summarizeReal } from './summary.ts'
