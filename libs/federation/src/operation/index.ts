export { compileConditionCheck } from './condition-check.ts'
export { type ClientOperation, readOperation } from './read-operation.ts'
