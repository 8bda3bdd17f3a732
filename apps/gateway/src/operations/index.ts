export { createPersistedQueries, type PersistedQueries } from './persisted-queries.ts'
export {
  chooseOperation,
  createPreparedDocuments,
  type PreparedDocument,
  type PreparedDocuments,
  type PreparedOperation,
} from './prepared-documents.ts'
