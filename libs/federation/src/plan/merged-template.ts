import type { FetchNode } from '@apollo/query-planner'
import {
  type DefinitionNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
  visit,
} from 'graphql'
import { type FetchTemplate, REPRESENTATIONS } from '../fetch/index.ts'

export interface MergedTemplate {
  readonly template: FetchTemplate
  /** Under which name each part's entities are answered. */
  readonly aliases: readonly string[]
  /** In which variable each part's representations go. */
  readonly lists: readonly string[]
  /** The client's variables that any part uses. */
  readonly variableUsages: readonly string[]
}

interface Part {
  operation: OperationDefinitionNode
  entities: SelectionNode
  fragments: readonly DefinitionNode[]
}

/**
 * Several fetches of entities as one operation: `_entities` once for each, under names of their own. Null where they
 * cannot be told apart afterwards, or would not mean the same together.
 */
export function mergeTemplates(nodes: readonly FetchNode[]): MergedTemplate | null {
  const aliases = nodes.map((_, index) => `part${index}`)
  const lists = nodes.map((_, index) => (index === 0 ? REPRESENTATIONS : `${REPRESENTATIONS}${index}`))
  const variableUsages = [...new Set(nodes.flatMap((node) => node.variableUsages ?? []))]
  if (variableUsages.some((name) => lists.includes(name))) return null

  const definitions = new Map<string, VariableDefinitionNode>()
  const selections: SelectionNode[] = []
  const fragments: DefinitionNode[] = []
  for (const [index, node] of nodes.entries()) {
    const part = readPart(node, aliases[index] ?? '', lists[index] ?? '')
    if (!part) return null
    for (const definition of part.operation.variableDefinitions ?? []) {
      const name = definition.variable.name.value
      const known = definitions.get(name)
      if (known && print(known) !== print(definition)) return null
      definitions.set(name, definition)
    }
    selections.push(part.entities)
    fragments.push(...part.fragments)
  }
  const [first] = nodes
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: 'query' as OperationDefinitionNode['operation'],
    name: first?.operationName === undefined ? undefined : toName(first.operationName),
    variableDefinitions: [...definitions.values()],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  }
  const query = stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }))
  return {
    template: { query, operationName: first?.operationName, type: 'query' },
    aliases,
    lists,
    variableUsages,
  }
}

/** One fetch with its own names for what would be called the same in the others. */
function readPart(node: FetchNode, alias: string, list: string): Part | null {
  const document = visit(parse(node.operation, { noLocation: true }), {
    Variable: ({ kind, name }) => (name.value === REPRESENTATIONS ? { kind, name: toName(list) } : undefined),
    FragmentDefinition: (fragment) => ({ ...fragment, name: toName(`${alias}_${fragment.name.value}`) }),
    FragmentSpread: (spread) => ({ ...spread, name: toName(`${alias}_${spread.name.value}`) }),
  })
  const [operation] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== 'query') return null
  const [entities, ...others] = operation.selectionSet.selections
  if (entities?.kind !== Kind.FIELD || others.length > 0 || operation.directives?.length) return null
  return {
    operation,
    entities: { ...entities, alias: toName(alias) },
    fragments: document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
  }
}

function toName(value: string): NameNode {
  return { kind: Kind.NAME, value }
}
