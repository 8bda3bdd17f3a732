export type { Fact } from './fact.ts'
export type { Head, LogReader } from './log/log-reader.ts'
