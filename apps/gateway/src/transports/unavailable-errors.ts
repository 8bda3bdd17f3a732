import type { FetchRequest, FetchTemplate } from '@courtside/federation'
import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import type { CallFailure } from './call-failure.ts'

/** The shape in which a subgraph would report an error of its own; the executor turns the path into the client's. */
export interface MissingPart {
  message: string
  path: (string | number)[]
  extensions: { code: 'SUBGRAPH_UNAVAILABLE'; retryable: boolean; retryAfterSeconds?: number }
}

/** A list whose every item lacks a part says so this often; the client knows the rest. */
const MOST_PATHS = 25

/** One error for each part of the response that a subgraph did not give. */
export function unavailableErrors(request: FetchRequest, failure: CallFailure): MissingPart[] {
  const parts = partsOf(request.template)
  const paths =
    parts.kind === 'entities' ? entityPaths(parts.fields, representationsOf(request)) : parts.paths
  // A mutation may have been carried out before the connection broke.
  const retryable = request.template.type === 'query' || !failure.mayHaveBegun
  const message = retryable
    ? 'This part of the graph does not answer at the moment. Try again.'
    : 'This part of the graph did not answer. Read the current state before you try again: it may have been done.'
  const { retryAfterSeconds } = failure
  return paths.slice(0, MOST_PATHS).map((path) => ({
    message,
    path: [...path],
    extensions: {
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable,
      ...(retryable && retryAfterSeconds !== null && { retryAfterSeconds }),
    },
  }))
}

/** What an operation asks for: fields of the root, or fields of entities by their type. */
type Parts =
  | { kind: 'root'; paths: readonly (readonly string[])[] }
  | { kind: 'entities'; fields: ReadonlyMap<string, readonly string[]> }

/** Read when a subgraph is away for the first time; while it is away every request needs it. */
const known = new WeakMap<FetchTemplate, Parts>()

function partsOf(template: FetchTemplate): Parts {
  const parts = known.get(template) ?? readParts(template.query)
  known.set(template, parts)
  return parts
}

function readParts(query: string): Parts {
  const { definitions } = parse(query, { noLocation: true })
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const fields = operation ? fieldsOf(operation.selectionSet) : []
  const entities = fields.find((field) => field.name.value === '_entities')
  if (!entities) return { kind: 'root', paths: fields.map((field) => [nameOf(field)]) }
  const byType = new Map<string, string[]>()
  for (const selection of entities.selectionSet?.selections ?? []) {
    if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) continue
    const type = selection.typeCondition.name.value
    const names = [...(byType.get(type) ?? []), ...fieldsOf(selection.selectionSet).map(nameOf)]
    byType.set(type, [...new Set(names)])
  }
  return { kind: 'entities', fields: byType }
}

function representationsOf({ variables, representations }: FetchRequest): unknown[] {
  const list: unknown = representations === null ? variables['representations'] : JSON.parse(representations)
  return Array.isArray(list) ? list : []
}

function entityPaths(fields: ReadonlyMap<string, readonly string[]>, representations: unknown[]) {
  return representations.flatMap((representation, index) => {
    const type = (representation as { __typename?: unknown } | null)?.__typename
    const names = typeof type === 'string' ? fields.get(type) : undefined
    return (names ?? []).map((name) => ['_entities', index, name])
  })
}

function fieldsOf(set: SelectionSetNode): FieldNode[] {
  return set.selections.filter(
    (selection) => selection.kind === Kind.FIELD && selection.name.value !== '__typename',
  ) as FieldNode[]
}

const nameOf = (field: FieldNode): string => (field.alias ?? field.name).value
