import type { FetchRequest, FetchTemplate } from '@courtside/federation'
import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'
import type { CallFailure } from './call-failure.ts'

/** The shape in which a subgraph would report an error of its own; the executor turns the path into the client's. */
export interface MissingPart {
  message: string
  path: (string | number)[]
  extensions: { code: 'SUBGRAPH_UNAVAILABLE'; retryable: boolean; retryAfterSeconds?: number }
}

/**
 * A list whose every item lacks a part says so this often; the client knows the rest. Where several fetches go as one
 * each has its own: they stand at different places of the answer.
 */
const MOST_PATHS = 25

/** One error for each part of the response that a subgraph did not give. */
export function unavailableErrors(request: FetchRequest, failure: CallFailure): MissingPart[] {
  const paths = partsOf(request.template).flatMap((part) => pathsOf(part, request).slice(0, MOST_PATHS))
  // A mutation may have been carried out before the connection broke.
  const retryable = request.template.type === 'query' || !failure.mayHaveBegun
  const message = retryable
    ? 'This part of the graph does not answer at the moment. Try again.'
    : 'This part of the graph did not answer. Read the current state before you try again: it may have been done.'
  const { retryAfterSeconds } = failure
  return paths.map((path) => ({
    message,
    path,
    extensions: {
      code: 'SUBGRAPH_UNAVAILABLE',
      retryable,
      ...(retryable && retryAfterSeconds !== null && { retryAfterSeconds }),
    },
  }))
}

/** The fields of the root; or entities, of which fields are asked by their type. */
type Part =
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | {
      readonly kind: 'entities'
      readonly name: string
      /** The variable that says which entities. */
      readonly list: string
      readonly fields: ReadonlyMap<string, readonly string[]>
    }

/** Read when a subgraph is away for the first time; while it is away every request needs it. */
const known = new WeakMap<FetchTemplate, readonly Part[]>()

function partsOf(template: FetchTemplate): readonly Part[] {
  const parts = known.get(template) ?? readParts(template.query)
  known.set(template, parts)
  return parts
}

function readParts(query: string): Part[] {
  const { definitions } = parse(query, { noLocation: true })
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const fields = operation ? fieldsOf(operation.selectionSet) : []
  const isEntities = (field: FieldNode) => field.name.value === '_entities'
  const names = fields.filter((field) => !isEntities(field)).map(nameOf)
  const entities = fields.filter(isEntities).map((field): Part => {
    const [argument] = field.arguments ?? []
    const list = argument?.value.kind === Kind.VARIABLE ? argument.value.name.value : REPRESENTATIONS
    return { kind: 'entities', name: nameOf(field), list, fields: fieldsByType(field) }
  })
  return names.length > 0 ? [{ kind: 'fields', names }, ...entities] : entities
}

function fieldsByType({ selectionSet }: FieldNode): Map<string, string[]> {
  const byType = new Map<string, string[]>()
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) continue
    const type = selection.typeCondition.name.value
    const names = [...(byType.get(type) ?? []), ...fieldsOf(selection.selectionSet).map(nameOf)]
    byType.set(type, [...new Set(names)])
  }
  return byType
}

function pathsOf(part: Part, request: FetchRequest): (string | number)[][] {
  if (part.kind === 'fields') return part.names.map((name) => [name])
  return representationsOf(request, part.list).flatMap((representation, index) => {
    const type = (representation as { __typename?: unknown } | null)?.__typename
    const names = typeof type === 'string' ? part.fields.get(type) : undefined
    return (names ?? []).map((name) => [part.name, index, name])
  })
}

const REPRESENTATIONS = 'representations'

function representationsOf(request: FetchRequest, list: string): unknown[] {
  const { variables, representations, furtherRepresentations } = request
  const text = list === REPRESENTATIONS ? representations : furtherRepresentations?.[list]
  const found: unknown = typeof text === 'string' ? JSON.parse(text) : variables[list]
  return Array.isArray(found) ? found : []
}

function fieldsOf(set: SelectionSetNode): FieldNode[] {
  return set.selections.filter(
    (selection) => selection.kind === Kind.FIELD && selection.name.value !== '__typename',
  ) as FieldNode[]
}

const nameOf = (field: FieldNode): string => (field.alias ?? field.name).value
