export { createOperations, type Operations } from './operations.ts'
export type { Operation } from './operation.ts'
