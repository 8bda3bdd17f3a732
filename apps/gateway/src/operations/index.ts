export {
  chooseOperation,
  createPreparedDocuments,
  type PreparedDocument,
  type PreparedDocuments,
  type PreparedOperation,
} from './prepared-documents.ts'
