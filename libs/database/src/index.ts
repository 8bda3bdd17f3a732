export { type AuditEntry, recordAudit } from './runtime/audit.ts'
export {
  type Actor,
  type Database,
  openDatabase,
  type OpenDatabaseOptions,
  systemActor,
} from './runtime/database.ts'
export { isForeignKeyViolation, isUniqueViolation } from './runtime/errors.ts'
export { keyset, type SortKey } from './runtime/keyset.ts'
export type { StatementWatch, WatchStatement } from './runtime/watched-statements.ts'
