import { hash } from 'node:crypto'
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
import type { CachePlanner, OperationCaching } from '../caching/index.ts'
import { refuse, RequestRefusal } from '../errors/index.ts'
import {
  assertCleanDocument,
  assertCleanLiterals,
  assertNesting,
  assertShape,
  assertTokens,
  compilingCost,
  compileDemand,
  type Demand,
  type DemandRules,
  type Limits,
  measureDocument,
  measureRawDocument,
  mostTokens,
  type Shape,
} from '../limits/index.ts'
import { detachDocument } from './detach-document.ts'
import { type SchemaShare, schemaShareOf } from './schema-share.ts'
import { assertValid, type ValidationPolicy } from './validate-document.ts'

/** One operation that may be run on this schema by whoever has the access that it requires. */
export interface PreparedOperation {
  /** One in the world: the id of its document and its place in it. */
  key: string
  /** Null for the only operation of a document that does not name it. */
  name: string | null
  type: OperationTypeNode
  /** Worked out when it is read: a document may hold hundreds of operations, and a request runs one. */
  readonly requires: readonly RequiredAccess[]
  /** What it costs and returns, as far as that does not depend on the variables. Worked out when it is read. */
  readonly demand: Demand
  /** Whether and how its answers are shared and remembered. Worked out when it is read. */
  readonly caching: OperationCaching
  /** What it costs to compile it here and in subgraphs, once. */
  readonly compilingCost: number
  /** How much of it asks for the schema. */
  readonly schemaShare: SchemaShare
}

/** What is found by walking through an operation with every fragment written out. */
type Findings = Pick<PreparedOperation, 'requires' | 'demand' | 'caching'>

export interface PreparedDocument {
  /** SHA-256 of the text, in hexadecimal: as a persisted query it goes by this name. */
  id: string
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
  /** Whether the document has been prepared before, so that to prepare it costs nothing. */
  isPrepared(text: string): boolean
}

export interface PreparedDocumentsOptions {
  /** The public schema. */
  schema: GraphQLSchema
  access: AccessMap
  demand: DemandRules
  caching: CachePlanner
  limits: Limits
  policy: ValidationPolicy
}

const MEGABYTE = 1024 * 1024

/**
 * What is remembered is weighed in bytes, by what each part was measured to take at most. Filled with the worst of
 * each kind (two-word documents, 480 operations, long comments, block strings, one fragment spread by 250
 * operations), the heap grows by 11 to 46 MB.
 */
const MOST_DOCUMENT_BYTES = 40 * MEGABYTE
const MOST_FINDING_BYTES = 8 * MEGABYTE
const ENTRY_BYTES = 1_500
const TOKEN_BYTES = 250
/** Two for the text, and two for what is built from it, such as block strings. */
const LETTER_BYTES = 4
/** For a list, a requirement, a path or a name in it. */
const FINDING_BYTES = 250

export function createPreparedDocuments(options: PreparedDocumentsOptions): PreparedDocuments {
  const { schema, access, demand, caching, limits, policy } = options
  const remembered = new LRUCache<string, PreparedDocument>({
    maxSize: MOST_DOCUMENT_BYTES,
    sizeCalculation: ({ tokens, text }) => ENTRY_BYTES + tokens * TOKEN_BYTES + text.length * LETTER_BYTES,
  })
  // A few words can spread one fragment many times, so what is found is weighed by itself.
  const findings = new LRUCache<string, Findings>({
    maxSize: MOST_FINDING_BYTES,
    sizeCalculation: (found) => ENTRY_BYTES + findingBytes(found),
  })

  const prepareNew = (text: string, id: string, known: boolean): PreparedDocument => {
    assertCleanDocument(text)
    const { located, tokens } = parseWithin(text, known, limits)
    const shapes = [...measureDocument(located).values()]
    for (const shape of shapes) assertShape(shape, limits)
    assertCleanLiterals(located)
    assertValid(schema, located, policy)
    // Locations are for messages about faults. What is kept has none, and takes a quarter of the memory.
    const document = detachDocument(parse(text, { noLocation: true }))
    const operations = document.definitions
      .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
      .map((operation, index) => toOperation(operation, document, `${id}:${index}`, shapes[index]))
    return { id, text, document, tokens, operations }
  }
  const toOperation = (
    operation: OperationDefinitionNode,
    document: DocumentNode,
    key: string,
    shape: Shape | undefined,
  ): PreparedOperation => {
    const find = (): Findings => {
      const known = findings.get(key)
      if (known) return known
      const requires = requiredAccess(operation, document, access)
      const found = {
        requires,
        demand: compileDemand(operation, document, demand),
        caching: caching({ id: key, document, operation, requires }),
      }
      findings.set(key, found)
      return found
    }
    return {
      key,
      name: operation.name?.value ?? null,
      type: operation.operation,
      schemaShare: schemaShareOf(operation, document),
      compilingCost: shape ? compilingCost(shape) : 0,
      get requires() {
        return find().requires
      },
      get demand() {
        return find().demand
      },
      get caching() {
        return find().caching
      },
    }
  }

  return {
    prepare(text, known) {
      const found = remembered.get(text)
      if (found) {
        assertTokens(found.tokens, known, limits)
        return found
      }
      const prepared = prepareNew(text, hash('sha256', text), known)
      remembered.set(text, prepared)
      return prepared
    },
    isPrepared: (text) => remembered.has(text),
  }
}

function findingBytes({ requires, demand, caching }: Findings): number {
  const steps = demand.steps.reduce((count, { inner }) => count + 1 + inner.length, 0)
  const paths = requires.flatMap((required) => required.paths)
  return FINDING_BYTES * (requires.length + paths.flat().length + paths.length + steps) + caching.weight
}

function parseWithin(
  text: string,
  known: boolean,
  limits: Limits,
): { located: DocumentNode; tokens: number } {
  try {
    const measure = measureRawDocument(text, mostTokens(known, limits))
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
