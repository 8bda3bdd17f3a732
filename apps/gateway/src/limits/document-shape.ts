import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { DomainError } from '@courtside/kernel'
import type { Limits } from './limits.ts'
import { limitExceeded } from './limit-exceeded.ts'

/** The size of an operation with every fragment written out wherever it is spread. */
export interface Shape {
  depth: number
  introspectionDepth: number
  aliases: number
  rootFields: number
  directives: number
  selections: number
}

const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type'])

/**
 * Measures each operation of a document. Fragments are measured once each, from the leaves up, so that one which
 * doubles another forty times over costs forty steps, not 2^40. Nothing here recurses.
 */
export function measureDocument(document: DocumentNode): Map<OperationDefinitionNode, Shape> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  const operations: OperationDefinitionNode[] = []
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
  }
  const shapes = new Map<string, Shape>()
  for (const name of leavesFirst(fragments)) {
    const fragment = fragments.get(name)
    if (fragment) shapes.set(name, measureDefinition(fragment, shapes))
  }
  return new Map(operations.map((operation) => [operation, measureDefinition(operation, shapes)]))
}

function measureDefinition(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, Shape>,
): Shape {
  const shape: Shape = {
    depth: 0,
    introspectionDepth: 0,
    aliases: 0,
    rootFields: 0,
    directives: definition.directives?.length ?? 0,
    selections: 0,
  }
  for (const variable of definition.variableDefinitions ?? []) {
    shape.directives += variable.directives?.length ?? 0
  }
  const reach = (depth: number, introspection: boolean) => {
    if (introspection) shape.introspectionDepth = Math.max(shape.introspectionDepth, depth)
    else shape.depth = Math.max(shape.depth, depth)
  }
  const open = [{ set: definition.selectionSet, above: 0, introspection: false }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { set, above, introspection } = next
    for (const selection of set.selections) {
      shape.selections += 1
      shape.directives += selection.directives?.length ?? 0
      if (selection.kind === Kind.FIELD) {
        if (above === 0) shape.rootFields += 1
        if (selection.alias) shape.aliases += 1
        const inside = introspection || INTROSPECTION.has(selection.name.value)
        reach(above + 1, inside)
        if (selection.selectionSet) {
          open.push({ set: selection.selectionSet, above: above + 1, introspection: inside })
        }
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        open.push({ set: selection.selectionSet, above, introspection })
      } else {
        // An unknown fragment is for validation to refuse.
        const spread = fragments.get(selection.name.value)
        if (!spread) continue
        reach(above + spread.depth, introspection)
        if (spread.introspectionDepth > 0) reach(above + spread.introspectionDepth, true)
        if (above === 0) shape.rootFields += spread.rootFields
        shape.aliases += spread.aliases
        shape.directives += spread.directives
        shape.selections += spread.selections
      }
    }
  }
  return shape
}

/** The names of all fragments, each after those that it spreads; refuses circles. */
function leavesFirst(fragments: ReadonlyMap<string, FragmentDefinitionNode>): string[] {
  const spreads = new Map([...fragments].map(([name, { selectionSet }]) => [name, spreadsIn(selectionSet)]))
  const ordered: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  for (const first of fragments.keys()) {
    if (state.has(first)) continue
    state.set(first, 'open')
    const path = [{ name: first, left: [...(spreads.get(first) ?? [])] }]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const name = top.left.pop()
      if (name === undefined) {
        state.set(top.name, 'done')
        ordered.push(top.name)
        path.pop()
      } else if (state.get(name) === 'open') {
        throw fragmentCycle(name)
      } else if (!state.has(name) && fragments.has(name)) {
        state.set(name, 'open')
        path.push({ name, left: [...(spreads.get(name) ?? [])] })
      }
    }
  }
  return ordered
}

function spreadsIn(root: SelectionSetNode): Set<string> {
  const names = new Set<string>()
  const open = [root]
  for (let set = open.pop(); set; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) names.add(selection.name.value)
      else if (selection.selectionSet) open.push(selection.selectionSet)
    }
  }
  return names
}

function fragmentCycle(name: string): DomainError {
  return new DomainError({
    kind: 'invalid',
    code: 'FRAGMENT_CYCLE',
    message: `The fragment ${name} spreads itself, directly or through others. Take the circle out.`,
  })
}

/** Refuses the first limit that any operation of the document exceeds. */
export function assertShape(shape: Shape, limits: Limits): void {
  for (const { measure, code, what, remedy } of RULES) {
    const actual = Math.min(shape[measure], Number.MAX_SAFE_INTEGER)
    if (actual > limits[measure]) {
      throw limitExceeded({ code, limit: limits[measure], actual, what: what(actual), remedy })
    }
  }
}

interface Rule {
  measure: keyof Shape
  code: string
  what(actual: number): string
  remedy: string
}

const RULES: readonly Rule[] = [
  {
    measure: 'depth',
    code: 'DEPTH_LIMIT_EXCEEDED',
    what: (actual) => `is ${actual} levels deep`,
    remedy: 'Ask for the deeper part in a second request.',
  },
  {
    measure: 'introspectionDepth',
    code: 'DEPTH_LIMIT_EXCEEDED',
    what: (actual) => `asks for the schema ${actual} levels deep`,
    remedy: 'Ask for it less deeply.',
  },
  {
    measure: 'rootFields',
    code: 'ROOT_FIELD_LIMIT_EXCEEDED',
    what: (actual) => `has ${actual} root fields`,
    remedy: 'Split it into several requests.',
  },
  {
    measure: 'aliases',
    code: 'ALIAS_LIMIT_EXCEEDED',
    what: (actual) => `has ${actual} aliases, fragments written out`,
    remedy: 'Ask for a list instead of one alias for each item.',
  },
  {
    measure: 'directives',
    code: 'DIRECTIVE_LIMIT_EXCEEDED',
    what: (actual) => `has ${actual} directives, fragments written out`,
    remedy: 'Put one directive around a fragment instead of one on each field.',
  },
  {
    measure: 'selections',
    code: 'SELECTION_LIMIT_EXCEEDED',
    what: (actual) => `selects ${actual} times, fragments written out`,
    remedy: 'Split it into several requests.',
  },
]
