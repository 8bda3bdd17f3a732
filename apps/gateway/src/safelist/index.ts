export { type ListedOperation, loadManifest, type OperationManifest } from './manifest.ts'
export {
  createPersistedDocuments,
  type DocumentRequest,
  type PersistedDocuments,
} from './persisted-documents.ts'
export { createSafelist, type RequestedDocument, type Safelist, type SafelistMode } from './safelist.ts'
