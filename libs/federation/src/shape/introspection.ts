import type { FieldSelection } from '@apollo/federation-internals'
import {
  executeSync,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  visit,
} from 'graphql'
import type { Variables } from '../fetch/index.ts'
import { readerOf } from '../join/index.ts'

/** Answers a field about the schema itself, which stands beside others in an operation. No subgraph is asked for it. */
export function introspect(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  field: FieldSelection,
  variables: Variables,
): unknown {
  const selection = field.expandFragments().toSelectionNode()
  const used = variablesIn(selection)
  const { data, errors } = executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation: OperationTypeNode.QUERY,
          variableDefinitions: operation.variableDefinitions?.filter(({ variable }) =>
            used.has(variable.name.value),
          ),
          selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
        },
      ],
    },
    rootValue: {},
    variableValues: variables,
  })
  const [error] = errors ?? []
  if (error) throw error
  return data ? readerOf(field.element.responseName())(data) : null
}

function variablesIn(selection: SelectionNode): ReadonlySet<string> {
  const names = new Set<string>()
  visit(selection, { Variable: ({ name }) => void names.add(name.value) })
  return names
}
