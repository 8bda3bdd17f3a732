import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { refuse } from '../errors/index.ts'

/** A query by its SHA-256, after a client has sent it once in full. */
export interface PersistedQueries {
  /** The text of the query that a request means; throws the refusal that tells the client to send it. */
  resolve(query: string | null, extensions: Readonly<Record<string, unknown>>): string
  /** Remembers a query for whoever sends its hash. Called once it has proved to be one that runs here. */
  remember(query: string, extensions: Readonly<Record<string, unknown>>): void
}

/** Text of queries, in bytes. */
const REMEMBERED_BYTES = 8 * 1024 * 1024

/** Automatic persisted queries, as Apollo's clients and urql speak them. */
export function createPersistedQueries(): PersistedQueries {
  const remembered = new LRUCache<string, string>({
    maxSize: REMEMBERED_BYTES,
    sizeCalculation: (query) => query.length + 1,
  })
  return {
    resolve(query, extensions) {
      const hash = hashIn(extensions)
      if (hash === null) {
        if (query !== null && query !== '') return query
        throw refuse(400, 'BAD_REQUEST', 'The request has no query. Send {"query": "…"}.')
      }
      if (query === null) {
        const known = remembered.get(hash)
        // The words and the status are the protocol's: clients look for them and send the query again in full.
        if (known === undefined) throw refuse(200, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
        return known
      }
      if (createHash('sha256').update(query).digest('hex') !== hash) {
        throw refuse(400, 'PERSISTED_QUERY_HASH_MISMATCH', 'The sha256Hash is not the SHA-256 of the query.')
      }
      return query
    },
    remember(query, extensions) {
      const hash = hashIn(extensions)
      if (hash !== null) remembered.set(hash, query)
    },
  }
}

function hashIn(extensions: Readonly<Record<string, unknown>>): string | null {
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
