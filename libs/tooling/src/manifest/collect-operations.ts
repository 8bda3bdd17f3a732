import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  type Source,
  visit,
} from 'graphql'
import { type Fault, faultOf, toFault } from './fault.ts'

export interface NamedOperation {
  name: string
  operation: OperationDefinitionNode
  /** With the fragments it needs, wherever they were written, by name. */
  document: DocumentNode
}

/** Every operation of the sources by name. All that is wrong is told at once. */
export function collectOperations(sources: readonly Source[]): {
  operations: NamedOperation[]
  faults: Fault[]
} {
  const faults: Fault[] = []
  const operations = new Map<string, OperationDefinitionNode>()
  const fragments = new Map<string, FragmentDefinitionNode>()
  /** One name means one thing, everywhere: clients, logs and traces know operations by it. */
  const note = <Node extends OperationDefinitionNode | FragmentDefinitionNode>(
    known: Map<string, Node>,
    name: string,
    node: Node,
  ) => {
    const other = known.get(name)
    if (!other) known.set(name, node)
    else
      faults.push(faultOf(node, `${name} is there already: ${faultOf(other, '').place}. Rename one of them.`))
  }
  for (const source of sources) {
    for (const definition of definitionsIn(source, faults)) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        note(fragments, definition.name.value, definition)
      } else if (definition.kind !== Kind.OPERATION_DEFINITION) {
        faults.push(faultOf(definition, 'This is no operation and no fragment. Take it out.'))
      } else if (definition.name) {
        note(operations, definition.name.value, definition)
      } else {
        faults.push(faultOf(definition, 'The operation has no name. Give it one, so that it is known by it.'))
      }
    }
  }
  return {
    operations: [...operations]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, operation]) => ({ name, operation, document: whole(operation, fragments) })),
    faults,
  }
}

function definitionsIn(source: Source, faults: Fault[]): DocumentNode['definitions'] {
  try {
    return parse(source).definitions
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    faults.push(toFault(error))
    return []
  }
}

function whole(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const needed = new Map<string, FragmentDefinitionNode>()
  const open: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation]
  for (let next = open.pop(); next; next = open.pop()) {
    visit(next, {
      [Kind.FRAGMENT_SPREAD]: ({ name: { value } }) => {
        const fragment = fragments.get(value)
        if (!fragment || needed.has(value)) return
        needed.set(value, fragment)
        open.push(fragment)
      },
    })
  }
  const sorted = [...needed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fragment]) => fragment)
  return { kind: Kind.DOCUMENT, definitions: [operation, ...sorted] }
}
