import { createHash } from 'node:crypto'
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { type AccessMap, requiredAccess, type RequiredAccess } from '../access/index.ts'
import { refuse, RequestRefusal } from '../errors/index.ts'
import {
  assertCleanDocument,
  assertCleanLiterals,
  assertNesting,
  assertShape,
  assertTokens,
  type Limits,
  measureDocument,
  measureRawDocument,
  type Pages,
  pagesIn,
} from '../limits/index.ts'
import { assertValid, type ValidationPolicy } from './validate-document.ts'

/** One operation that may be run on this schema by whoever has the access that it requires. */
export interface PreparedOperation {
  /** Null for the only operation of a document that does not name it. */
  name: string | null
  type: OperationTypeNode
  /** Whether it asks for nothing but the schema itself, as tools do. */
  introspects: boolean
  requires: readonly RequiredAccess[]
  /** How much it may return depends on the variables. */
  pages: Pages
}

export interface PreparedDocument {
  /** SHA-256 of the text, in hexadecimal. */
  hash: string
  text: string
  document: DocumentNode
  tokens: number
  operations: readonly PreparedOperation[]
}

export interface PreparedDocuments {
  /**
   * The document, within its limits, valid, and with what it requires. All that does not depend on the caller is done
   * once a document; `known` callers may send longer ones. Throws the refusal.
   */
  prepare(text: string, known: boolean): PreparedDocument
}

export interface PreparedDocumentsOptions {
  /** The public schema. */
  schema: GraphQLSchema
  access: AccessMap
  limits: Limits
  policy: ValidationPolicy
}

/** Over all remembered documents. A token of a parsed document takes up to 250 bytes, so this is at most 75 MB. */
const REMEMBERED_TOKENS = 300_000

export function createPreparedDocuments(options: PreparedDocumentsOptions): PreparedDocuments {
  const { schema, access, limits, policy } = options
  const remembered = new LRUCache<string, PreparedDocument>({
    maxSize: REMEMBERED_TOKENS,
    sizeCalculation: ({ tokens }) => tokens + 1,
  })

  const prepareNew = (text: string, hash: string, known: boolean): PreparedDocument => {
    assertCleanDocument(text)
    const { located, tokens } = parseWithin(text, known, limits)
    for (const shape of measureDocument(located).values()) assertShape(shape, limits)
    assertCleanLiterals(located)
    assertValid(schema, located, policy)
    // Locations are for messages about faults. What is kept has none, and takes a quarter of the memory.
    const document = parse(text, { noLocation: true })
    const operations = document.definitions
      .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
      .map((operation) => toOperation(operation, document))
    return { hash, text, document, tokens, operations }
  }
  const toOperation = (operation: OperationDefinitionNode, document: DocumentNode): PreparedOperation => ({
    name: operation.name?.value ?? null,
    type: operation.operation,
    introspects: operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
    ),
    requires: requiredAccess(operation, document, access),
    pages: pagesIn(operation, document, schema),
  })

  return {
    prepare(text, known) {
      const hash = createHash('sha256').update(text).digest('hex')
      const found = remembered.get(hash)
      if (found) {
        assertTokens(found.tokens, known, limits)
        return found
      }
      const prepared = prepareNew(text, hash, known)
      remembered.set(hash, prepared)
      return prepared
    },
  }
}

function parseWithin(
  text: string,
  known: boolean,
  limits: Limits,
): { located: DocumentNode; tokens: number } {
  try {
    const measure = measureRawDocument(text)
    assertTokens(measure.tokens, known, limits)
    assertNesting(measure, limits)
    return { located: parse(text), tokens: measure.tokens }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const { message, locations } = error
    throw new RequestRefusal(400, [
      { message, ...(locations && { locations }), extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ])
  }
}

/** The operation that a request means. */
export function chooseOperation(document: PreparedDocument, name: string | null): PreparedOperation {
  const { operations } = document
  const [only, ...others] = operations
  if (name === null) {
    if (only && others.length === 0) return only
    const message = only
      ? 'The document holds several operations. Say in operationName which one to run.'
      : 'The document holds no operation.'
    throw refuse(400, 'OPERATION_RESOLUTION_FAILURE', message)
  }
  const named = operations.find((operation) => operation.name === name)
  if (named) return named
  throw refuse(400, 'OPERATION_RESOLUTION_FAILURE', 'operationName names no operation of the document.')
}
