export { changedFields } from './changed-fields.ts'
export type { Entity, EntityFact } from './entity.ts'
export { type Caller, createWrites, type Writes } from './writes.ts'
