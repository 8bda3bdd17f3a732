export type { LiveOperation, LiveOperations, LiveOutlet, LiveRequest } from './live-operations.ts'
