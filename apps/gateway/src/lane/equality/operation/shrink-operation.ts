import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  validate,
  visit,
} from 'graphql'
import type { DrawnOperation } from './draw-operation.ts'

/** Puts other nodes in the place of one. An empty list takes it away. */
type Edit = (node: ASTNode, document: DocumentNode) => readonly ASTNode[] | null

/** From what takes away most to what only reads better. */
const EDITS: readonly Edit[] = [
  (node) => (isSelection(node) ? [] : null),
  (node) => (node.kind === Kind.INLINE_FRAGMENT && saysMore(node) ? node.selectionSet.selections : null),
  (node, document) => (node.kind === Kind.FRAGMENT_SPREAD ? inlined(node.name.value, document) : null),
  (node) => (node.kind === Kind.DIRECTIVE ? [] : null),
  (node) => (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD ? [] : null),
  (node) => (node.kind === Kind.LIST && node.values.length > 0 ? [{ kind: Kind.LIST, values: [] }] : null),
  (node) => (node.kind === Kind.FIELD && node.alias ? [{ ...node, alias: undefined }] : null),
  (node) =>
    node.kind === Kind.VARIABLE_DEFINITION && node.defaultValue
      ? [{ ...node, defaultValue: undefined }]
      : null,
  (node) => (node.kind === Kind.VARIABLE ? [{ kind: Kind.NULL }] : null),
  (node) => (node.kind === Kind.OPERATION_DEFINITION && node.name ? [{ ...node, name: undefined }] : null),
]

/** Operations that are simpler by one step, each valid. */
export function* simplerOperations(drawn: DrawnOperation, schema: GraphQLSchema): Generator<DrawnOperation> {
  for (const edit of EDITS) {
    for (let place = 0; ; place++) {
      const edited = editAt(drawn.document, edit, place)
      if (!edited) break
      const document = withoutUnused(edited)
      if (isWhole(document) && validate(schema, document).length === 0)
        yield { document, variables: declaredIn(document, drawn.variables) }
    }
  }
  for (const name of Object.keys(drawn.variables)) {
    const { [name]: _, ...variables } = drawn.variables
    yield { ...drawn, variables }
  }
}

/** The document with the edit made at the nth node that it is for; null when there are fewer. */
function editAt(document: DocumentNode, edit: Edit, place: number): DocumentNode | null {
  let met = 0
  let isDone = false
  const edited = visit(document, {
    enter(node, _, parent) {
      if (isDone) return false
      const isDeclared = parent !== undefined && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION
      const instead = isDeclared && node.kind === Kind.VARIABLE ? null : edit(node, document)
      if (!instead || met++ !== place) return undefined
      isDone = true
      const [only, ...others] = instead
      if (!only) return null
      // A visitor puts one node in the place of one.
      return others.length === 0 ? only : toGroup(instead.filter(isSelection))
    },
  })
  return isDone ? edited : null
}

function toGroup(selections: readonly SelectionNode[]): InlineFragmentNode {
  return { kind: Kind.INLINE_FRAGMENT, selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

/** Whether it is more than brackets around several selections. */
function saysMore({ typeCondition, directives = [], selectionSet }: InlineFragmentNode): boolean {
  return typeCondition !== undefined || directives.length > 0 || selectionSet.selections.length === 1
}

function isWhole(document: DocumentNode): boolean {
  let isWhole = true
  visit(document, {
    SelectionSet: ({ selections }) => {
      if (selections.length === 0) isWhole = false
    },
  })
  return isWhole
}

function inlined(name: string, document: DocumentNode): readonly ASTNode[] | null {
  const fragment = document.definitions.find(
    (part): part is FragmentDefinitionNode =>
      part.kind === Kind.FRAGMENT_DEFINITION && part.name.value === name,
  )
  if (!fragment) return null
  const { typeCondition, selectionSet } = fragment
  return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives: [], selectionSet }]
}

/** Fragments that nobody spreads and variables that nobody reads are not allowed. */
function withoutUnused(document: DocumentNode): DocumentNode {
  const spreads = new Set<string>()
  visit(document, { FragmentSpread: ({ name }) => void spreads.add(name.value) })
  const definitions = document.definitions.filter(
    (part) => part.kind !== Kind.FRAGMENT_DEFINITION || spreads.has(part.name.value),
  )
  if (definitions.length < document.definitions.length) return withoutUnused({ ...document, definitions })
  const read = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void read.add(name.value),
  })
  return visit(document, {
    VariableDefinition: ({ variable }) => (read.has(variable.name.value) ? undefined : null),
  })
}

function declaredIn(document: DocumentNode, variables: Readonly<Record<string, unknown>>) {
  const declared = new Set<string>()
  visit(document, { VariableDefinition: ({ variable }) => void declared.add(variable.name.value) })
  return Object.fromEntries(Object.entries(variables).filter(([name]) => declared.has(name)))
}

function isSelection(node: ASTNode): node is SelectionNode {
  return node.kind === Kind.FIELD || node.kind === Kind.INLINE_FRAGMENT || node.kind === Kind.FRAGMENT_SPREAD
}
