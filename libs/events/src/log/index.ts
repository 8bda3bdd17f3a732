export { afterCommit, withAfterCommit } from './after-commit.ts'
export { factKey } from './fact-key.ts'
export { createFactPages, type FactPage, type FactPages, type FeedPosition } from './fact-pages.ts'
export type { LogDatabase, RawClient } from './log-database.ts'
export type { Head, LogReader } from './log-reader.ts'
export type { NewFact } from './new-fact.ts'
export type { RetentionPolicy } from './retention.ts'
export {
  type Appended,
  bumpEpoch,
  createStreamLog,
  type StreamLog,
  type StreamLogOptions,
} from './stream-log.ts'
export { isVersionConflict } from './version-conflict.ts'
