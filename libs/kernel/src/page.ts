import { DomainError } from './domain-error.ts'

/** One value of a sort key. Dates travel as ISO text. */
export type CursorValue = string | number | null

/** What a list is asked for: at most `limit` rows after (or before) the row whose sort key is `cursor`. */
export interface PageRequest {
  limit: number
  direction: 'forward' | 'backward'
  cursor: readonly CursorValue[] | null
}

/** The four arguments of every connection. */
export interface PageArguments {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
}

/** A page in the words of the Relay connection specification. */
export interface Connection<Node, Extra extends object = object> {
  edges: ({ cursor: string; node: Node } & Extra)[]
  pageInfo: {
    hasNextPage: boolean
    hasPreviousPage: boolean
    startCursor: string | null
    endCursor: string | null
  }
}

const DEFAULT_PAGE = 20
export const LARGEST_PAGE = 100

const invalid = (message: string) => new DomainError({ kind: 'invalid', code: 'BAD_USER_INPUT', message })

/** Checks the arguments of a connection. `keyLength` is the number of values in this list's sort key. */
export function toPageRequest(page: PageArguments, keyLength: number): PageRequest {
  const { first, after, last, before } = page
  if (first != null && last != null) throw invalid('Give either first or last, not both.')
  if (after != null && before != null) throw invalid('Give either after or before, not both.')
  if (first != null && before != null) throw invalid('before goes with last; use after with first.')
  if (last != null && after != null) throw invalid('after goes with first; use before with last.')
  const backward = last != null || before != null
  const limit = (backward ? last : first) ?? DEFAULT_PAGE
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw invalid(`${backward ? 'last' : 'first'} must be from 1 to ${LARGEST_PAGE}.`)
  }
  const cursor = backward ? before : after
  return {
    limit,
    direction: backward ? 'backward' : 'forward',
    cursor: cursor == null ? null : decodeCursor(cursor, keyLength),
  }
}

/**
 * Makes a connection of rows fetched in list order (forward) or in reverse (backward), with one row more than the
 * limit where there is one: that row is how we know that the list goes on.
 */
export function toConnection<Row, Node, Extra extends object = object>(
  rows: readonly Row[],
  page: PageRequest,
  keyOf: (row: Row) => readonly CursorValue[],
  nodeOf: (row: Row) => Node,
  extraOf?: (row: Row) => Extra,
): Connection<Node, Extra> {
  const more = rows.length > page.limit
  const kept = rows.slice(0, page.limit)
  if (page.direction === 'backward') kept.reverse()
  const edges = kept.map((row) => ({
    cursor: encodeCursor(keyOf(row)),
    node: nodeOf(row),
    ...(extraOf?.(row) as Extra),
  }))
  const continued = page.cursor !== null
  return {
    edges,
    pageInfo: {
      hasNextPage: page.direction === 'forward' ? more : continued,
      hasPreviousPage: page.direction === 'backward' ? more : continued,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

export function encodeCursor(key: readonly CursorValue[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(key))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function decodeCursor(cursor: string, keyLength: number): readonly CursorValue[] {
  try {
    const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    const key: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))))
    if (Array.isArray(key) && key.length === keyLength && key.every(isCursorValue)) return key
  } catch {
    // Falls through to the one answer for every kind of forged or foreign cursor.
  }
  throw invalid('This cursor does not belong to this list. Use a cursor as the list returned it.')
}

function isCursorValue(value: unknown): value is CursorValue {
  return value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}
