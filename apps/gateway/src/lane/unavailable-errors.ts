import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import type { SubgraphOperation } from '../transports/index.ts'

/** The shape in which a subgraph would report an error of its own; the executor turns the path into the client's. */
interface MissingPart {
  message: string
  path: (string | number)[]
  extensions: { code: 'SUBGRAPH_UNAVAILABLE'; retryable: boolean }
}

/** A list whose every item lacks a part says so this often; the client knows the rest. */
const MOST_PATHS = 25

/** One error for each part of the response that a subgraph did not give. */
export function unavailableErrors({ query, variables }: SubgraphOperation): MissingPart[] {
  const document = parse(query, { noLocation: true })
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  if (!operation) return []
  const fields = fieldsOf(operation.selectionSet)
  const entities = fields.find((field) => field.name.value === '_entities')
  const paths = entities
    ? entityPaths(entities, variables?.['representations'])
    : fields.map((field) => [nameOf(field)])
  // A mutation may have been carried out before the connection broke.
  const retryable = operation.operation === 'query'
  const message = retryable
    ? 'This part of the graph does not answer at the moment. Try again.'
    : 'This part of the graph did not answer. Read the current state before you try again: it may have been done.'
  return paths
    .slice(0, MOST_PATHS)
    .map((path) => ({ message, path, extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable } }))
}

function entityPaths(entities: FieldNode, representations: unknown): (string | number)[][] {
  const list: unknown[] = Array.isArray(representations) ? representations : []
  return list.flatMap((representation, index) => {
    const type = (representation as { __typename?: unknown } | null)?.__typename
    const names = new Set(
      (entities.selectionSet?.selections ?? []).flatMap((selection) =>
        selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition?.name.value === type
          ? fieldsOf(selection.selectionSet).map(nameOf)
          : [],
      ),
    )
    return [...names].map((name) => ['_entities', index, name])
  })
}

function fieldsOf(set: SelectionSetNode): FieldNode[] {
  return set.selections.filter(
    (selection) => selection.kind === Kind.FIELD && selection.name.value !== '__typename',
  ) as FieldNode[]
}

const nameOf = (field: FieldNode): string => (field.alias ?? field.name).value
