export { reportFanout } from './fanout-report.ts'
export { keepResults, sectionOf } from './keep.ts'
export { reportQuery } from './query-report.ts'
export { reportReal } from './real-report.ts'
export type {
  FanoutFigures,
  FanoutOutcome,
  FanoutResults,
  FanoutSize,
  Figures,
  Measured,
  Outcome,
  Percentiles,
  QueryResults,
  RealFigures,
  RealResults,
} from './results.ts'
export { summarizeFanout } from './streams-summary.ts'
export { summarizeQuery, summarizeReal } from './summary.ts'
