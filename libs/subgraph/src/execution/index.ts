export { createOperations, type Operations, type OperationsOptions } from './operations.ts'
export type { Operation } from './operation.ts'
