export { collectGarbage } from './collect-garbage.ts'
export { cloneDatabase } from './postgres.ts'
export { principals } from './principals.ts'
export { createRecordedLog, type LogLine, type RecordedLog } from './recorded-log.ts'
export { statementsDuring } from './statements.ts'
export {
  openSubgraph,
  type Refused,
  type SubgraphClient,
  type SubgraphDependencies,
  type SubgraphHarness,
} from './subgraph-harness.ts'
export { createTestClock, type TestClock } from './test-clock.ts'
