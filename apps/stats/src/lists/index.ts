export { type CountedConnection, countedConnection } from './counted-connection.ts'
export { directionOf } from './direction.ts'
export { keysetSql, type KeysetSql, type SortColumn, type SortOrder } from './keyset-sql.ts'
export {
  batchPerArgument,
  createNestedLists,
  type Nested,
  type NestedList,
  type NestedLists,
} from './nested-list.ts'
export { listPlain } from './plain-list.ts'
export { listSearchable, type SearchableTable } from './searchable-list.ts'
