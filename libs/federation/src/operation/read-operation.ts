import { type Operation, operationFromDocument } from '@apollo/federation-internals'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'
import type { FederatedGraph } from '../graph/index.ts'

/** One operation of a document, in the forms in which it is read. */
export interface ClientOperation {
  readonly definition: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** As the planner reads it. */
  readonly operation: Operation
  /** What Boolean variables are when the client does not say. */
  readonly defaults: ReadonlyMap<string, boolean>
}

export function readOperation(
  graph: FederatedGraph,
  document: DocumentNode,
  operationName: string | null,
): ClientOperation {
  const definition = getOperationAST(document, operationName)
  if (!definition) throw new Error(`The document holds no operation ${operationName ?? 'that needs no name'}`)
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const part of document.definitions) {
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part)
  }
  const defaults = new Map<string, boolean>()
  for (const { variable, defaultValue } of definition.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.BOOLEAN) defaults.set(variable.name.value, defaultValue.value)
  }
  const options = operationName === null ? {} : { operationName }
  return {
    definition,
    fragments,
    operation: operationFromDocument(graph.apiSchema, document, options),
    defaults,
  }
}
