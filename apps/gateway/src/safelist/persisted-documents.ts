import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { refuse } from '../errors/index.ts'
import type { RequestedDocument, Safelist } from './safelist.ts'

/** The parts of a request that say which document it means, as they were sent. */
export interface DocumentRequest {
  readonly query: string | null
  /** As the appendix on persisted documents of GraphQL over HTTP has it: `sha256:…`, or the digits alone. */
  readonly documentId?: unknown
  /** The same, as older clients call it. It counts only where there is no query: others number their requests. */
  readonly id?: unknown
  /** `persistedQuery`, as Apollo's clients and urql speak of automatic persisted queries. */
  readonly extensions: Readonly<Record<string, unknown>>
}

export interface PersistedDocuments {
  /** The document that a request means; throws the refusal that tells the client to send its text. */
  resolve(request: DocumentRequest): RequestedDocument
  /** Remembers a document for whoever sends its hash. Called once it has proved to be one that runs here. */
  remember(document: RequestedDocument): void
}

/**
 * What is remembered is weighed in bytes. Without the weight of an entry, half a million documents of two words fitted
 * in and took 95 MB.
 */
const REMEMBERED_BYTES = 8 * 1024 * 1024
const ENTRY_BYTES = 250
/** A text with one letter beyond Latin takes two bytes for each. */
const LETTER_BYTES = 2

/** Documents by their SHA-256: those that are listed, and those that a client has sent once in full. */
export function createPersistedDocuments(safelist: Pick<Safelist, 'textOf'>): PersistedDocuments {
  const remembered = new LRUCache<string, string>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: (text) => ENTRY_BYTES + text.length * LETTER_BYTES,
  })
  return {
    resolve(request) {
      const { query } = request
      const named = hashIn(request)
      if (named === null) {
        if (query !== null && query !== '') return { text: query, hash: null }
        throw refuse(400, 'BAD_REQUEST', 'The request has no query. Send {"query": "…"}.')
      }
      const known = safelist.textOf(named) ?? remembered.get(named)
      if (query === null) {
        // The words and the status are the protocol's: clients look for them and send the query again in full.
        if (known === undefined) throw refuse(200, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
        return { text: known, hash: named }
      }
      if (query !== known && hash('sha256', query) !== named) {
        throw refuse(400, 'PERSISTED_QUERY_HASH_MISMATCH', 'The hash sent is not the SHA-256 of the query.')
      }
      return { text: query, hash: named }
    },
    remember({ text, hash: id }) {
      if (id !== null && safelist.textOf(id) === undefined) remembered.set(id, text)
    },
  }
}

function hashIn({ query, documentId, id, extensions }: DocumentRequest): string | null {
  const fromExtensions = persistedQueryIn(extensions)
  const fromDocument = documentHash(documentId ?? (query === null ? id : null))
  if (fromExtensions !== null && fromDocument !== null && fromExtensions !== fromDocument) {
    throw refuse(400, 'BAD_REQUEST', 'The request names two documents. Send one id.')
  }
  return fromDocument ?? fromExtensions
}

function documentHash(id: unknown): string | null {
  if (id === undefined || id === null) return null
  const [, digits] = (typeof id === 'string' && /^(?:sha256:)?([0-9a-f]{64})$/.exec(id)) || []
  if (digits !== undefined) return digits
  throw refuse(
    400,
    'BAD_REQUEST',
    'documentId must be "sha256:" and the SHA-256 of the document, 64 lower-case hexadecimal digits.',
  )
}

function persistedQueryIn(extensions: Readonly<Record<string, unknown>>): string | null {
  const persisted = extensions['persistedQuery']
  if (persisted === undefined || persisted === null) return null
  const { version, sha256Hash } = persisted as { version?: unknown; sha256Hash?: unknown }
  if (version !== 1 || typeof sha256Hash !== 'string' || !/^[0-9a-f]{64}$/.test(sha256Hash)) {
    throw refuse(
      400,
      'BAD_REQUEST',
      'extensions.persistedQuery must be {"version": 1, "sha256Hash": "…"} with 64 lower-case hexadecimal digits.',
    )
  }
  return sha256Hash
}
