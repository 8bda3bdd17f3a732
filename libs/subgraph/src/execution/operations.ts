import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { type Compiler, createCompiler } from './compile-operation.ts'
import { prepareForCompiler } from './compiler-schema.ts'
import { createOperation, type Operation } from './operation.ts'

export interface Operations {
  /** Null for whatever is not valid, and for questions about the schema: these are for somebody with more patience. */
  find(query: string, operationName: string | null): Operation | null
  /** Null for whatever is not a valid subscription. */
  findSubscription(query: string, operationName: string | null): SubscriptionOperation | null
  /** About how many bytes are remembered. */
  readonly bytes: number
}

export interface SubscriptionOperation {
  readonly document: DocumentNode
  readonly definition: OperationDefinitionNode
}

export interface OperationsOptions {
  schema: GraphQLSchema
  /** The same schema once more: it is changed for what compiles. */
  schemaToCompile: GraphQLSchema
  /** A query will be interpreted from now on, because of a value that compiled code cannot read. */
  onUnfit(reason: Error): void
  /** Default: 64 MB. The least recently used are forgotten beyond. */
  rememberedBytes?: number
}

const REMEMBERED_BYTES = 64 * 1024 * 1024

/** A text that was read once, with the operations in it that were asked for. */
interface Read {
  readonly document: DocumentNode | null
  readonly operations: Map<string | null, Operation | null>
  bytes: number
}

/** By text, each read and validated once, and compiled once for each combination of its `@skip` and `@include`. */
export function createOperations(options: OperationsOptions): Operations {
  const { schema, schemaToCompile } = options
  prepareForCompiler(schemaToCompile)
  const compile = createCompiler(schemaToCompile)
  const remembered = new LRUCache<string, Read>({
    maxSize: options.rememberedBytes ?? REMEMBERED_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  })

  const read = (query: string): Read => {
    const known = remembered.get(query)
    if (known) return known
    const document = documentOf(query, schema)
    const fresh: Read = { document, operations: new Map(), bytes: weightOfText(query) }
    remembered.set(query, fresh)
    return fresh
  }

  const open = (query: string, { document }: Read, operationName: string | null): Operation | null => {
    const definition = document && getOperationAST(document, operationName)
    if (!document || !definition) return null
    const weighed: Compiler = (...operation) => {
      // Looked up anew: it may have been forgotten, or stand under another weight, by the time it is compiled.
      const entry = remembered.peek(query)
      if (entry) {
        // Of a value that it knows already, the cache would not ask for the weight.
        remembered.delete(query)
        entry.bytes += weightOfCode(query)
        remembered.set(query, entry)
      }
      return compile(...operation)
    }
    return createOperation({
      schema,
      document,
      definition,
      fragments: fragmentsOf(document),
      compile: weighed,
      onUnfit: options.onUnfit,
    })
  }

  return {
    find(query, operationName) {
      const text = read(query)
      const known = text.operations.get(operationName)
      if (known !== undefined) return known
      const operation = open(query, text, operationName)
      text.operations.set(operationName, operation)
      return operation
    },
    findSubscription(query, operationName) {
      const { document } = read(query)
      const definition = document && getOperationAST(document, operationName)
      if (!document || definition?.operation !== OperationTypeNode.SUBSCRIPTION) return null
      return { document, definition }
    },
    get bytes() {
      return remembered.calculatedSize
    },
  }
}

/** Null when the text is not valid, or asks about the schema. */
function documentOf(query: string, schema: GraphQLSchema): DocumentNode | null {
  // As a name it is a trap in every object, and nobody has a reason to use it.
  if (query.includes('__proto__')) return null
  let document: DocumentNode
  try {
    document = parse(query, { noLocation: true })
  } catch {
    return null // Whoever is asked next parses it again, and says what is wrong.
  }
  if (validate(schema, document, specifiedRules, { maxErrors: 1 }).length > 0) return null
  return isAboutSchema(document) ? null : document
}

function isAboutSchema(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    Field: ({ name }) => {
      if (name.value === '__schema' || name.value === '__type') found = true
    },
  })
  return found
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return fragments
}

/** As measured on documents of 50 and 250 characters: heap, and what the machine code takes beside it. */
const weightOfText = (query: string) => 1_000 + 40 * query.length
const weightOfCode = (query: string) => 10_000 + 300 * query.length
