import {
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isNonNullType,
  isUnionType,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromAST,
} from 'graphql'
import { READY } from './compiler-schema.ts'
import type { Variables } from './coerce-variables.ts'

/** An argument that the compiled code finds among its variables. */
export interface SettledArgument {
  readonly name: string
  readonly type: GraphQLInputType
  readonly node: ValueNode
}

export interface SettledOperation {
  /** No fragment spreads, no `@skip` and `@include`, no values but variables. */
  readonly operation: OperationDefinitionNode
  readonly settled: readonly SettledArgument[]
}

/** Fragments that spread fragments grow without bound when they are written out. */
const MOST_SELECTIONS = 5_000

/**
 * Writes an operation so that graphql-jit makes of it what graphql-js would do, because what it goes wrong with is gone:
 * - a text among the arguments is written into the compiled code, and one that looks like its own marks is run there;
 * - an input object with a variable that is not given has null in its place, and not the default value;
 * - `@skip` and `@include` are kept at the nodes of a fragment, for all its spreads together, of which it reads the first.
 *
 * Null when the operation is too large, or would confuse the compiler in a way that is not worth a cure.
 */
export function settleOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  conditions: Readonly<Variables>,
): SettledOperation | null {
  const settled: SettledArgument[] = []
  const nullable = new Set<string>()
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    if (type.kind !== Kind.NON_NULL_TYPE) nullable.add(variable.name.value)
  }
  let left = MOST_SELECTIONS

  const selectionsOf = (
    parent: GraphQLCompositeType,
    { selections }: SelectionSetNode,
  ): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    selections: selections
      .filter((selection) => isIncluded(selection.directives, conditions))
      .map((selection) => writeOut(parent, selection)),
  })

  const writeOut = (parent: GraphQLCompositeType, selection: SelectionNode): SelectionNode => {
    if (--left < 0) throw TOO_MUCH
    if (selection.kind === Kind.FIELD) return fieldOf(parent, selection)
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
    if (!fragment) throw new Error('A valid operation spreads no unknown fragment')
    const { typeCondition, selectionSet } = fragment
    const type = typeCondition ? schema.getType(typeCondition.name.value) : parent
    if (!isCompositeType(type)) throw new Error('A valid fragment is on an object, interface or union')
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition && { typeCondition }),
      selectionSet: selectionsOf(type, selectionSet),
    }
  }

  const fieldOf = (parent: GraphQLCompositeType, node: FieldNode): FieldNode => {
    const { name, alias, selectionSet } = node
    const definition = isUnionType(parent) ? undefined : parent.getFields()[name.value]
    const type = definition && getNamedType(definition.type)
    return {
      kind: Kind.FIELD,
      name,
      ...(alias && { alias }),
      arguments: (node.arguments ?? []).map((argument) =>
        argumentOf(
          argument,
          definition?.args.find((known) => known.name === argument.name.value),
        ),
      ),
      ...(selectionSet && isCompositeType(type) && { selectionSet: selectionsOf(type, selectionSet) }),
    }
  }

  const argumentOf = (argument: ArgumentNode, known: GraphQLArgument | undefined): ArgumentNode => {
    if (!known) throw new Error('A valid operation has no unknown argument')
    const { value } = argument
    // Such a variable is taken as it is. Another one may be null where null is refused, which is for graphql-js to say.
    const fits =
      !isNonNullType(known.type) || !(value.kind === Kind.VARIABLE && nullable.has(value.name.value))
    if (value.kind === Kind.VARIABLE && fits) return argument
    const name = `$${settled.length}` // No variable of the operation can be called so.
    settled.push({ name, type: known.type, node: value })
    return { ...argument, value: { kind: Kind.VARIABLE, name: nameNode(name) } }
  }

  const root = schema.getRootType(operation.operation)
  if (!root) return null
  let selectionSet: SelectionSetNode
  try {
    selectionSet = selectionsOf(root, operation.selectionSet)
  } catch (error) {
    if (error === TOO_MUCH) return null
    throw error
  }
  if (!hasDistinctPaths(selectionSet, schema)) return null
  const names = [
    ...(operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
    ...settled.map(({ name }) => name),
  ]
  return {
    operation: {
      kind: Kind.OPERATION_DEFINITION,
      operation: operation.operation,
      variableDefinitions: names.map((name) => ({
        kind: Kind.VARIABLE_DEFINITION,
        variable: { kind: Kind.VARIABLE, name: nameNode(name) },
        type: { kind: Kind.NAMED_TYPE, name: nameNode(READY.name) },
      })),
      selectionSet,
    },
    settled,
  }
}

/** Adds the values of the settled arguments to the variables; false when one has no valid value this time. */
export function settleArguments(settled: readonly SettledArgument[], variables: Variables): boolean {
  for (const { name, type, node } of settled) {
    if (node.kind === Kind.VARIABLE && !Object.hasOwn(variables, node.name.value)) continue
    const value = valueFromAST(node, type, variables)
    if (value === undefined) return false
    variables[name] = value
  }
  return true
}

const TOO_MUCH = new Error('The operation is too large to be written out')

const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value })

function isIncluded(directives: readonly DirectiveNode[] = [], conditions: Readonly<Variables>): boolean {
  return directives.every(({ name, arguments: given }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true
    const condition = given?.[0]?.value
    const holds =
      condition?.kind === Kind.VARIABLE
        ? conditions[condition.name.value] === true
        : condition?.kind === Kind.BOOLEAN && condition.value
    return holds === (name.value === 'include')
  })
}

/**
 * Compiled code keeps what a resolver is told about its field under the response path, joined by underscores. Paths
 * that read the same when joined would be told of each other's fields. Types and indexes stand between the names there.
 */
function hasDistinctPaths(root: SelectionSetNode, schema: GraphQLSchema): boolean {
  const paths = new Map<string, string>()
  const walk = ({ selections }: SelectionSetNode, above: readonly string[]): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return true
      if (selection.kind === Kind.INLINE_FRAGMENT) return walk(selection.selectionSet, above)
      const path = [(selection.alias ?? selection.name).value, ...above]
      const words = path.join('_').split('_')
      const joined = words.filter((word) => !schema.getType(word) && !/^idx\d+$/.test(word)).join('_')
      const exact = path.join(' ')
      if ((paths.get(joined) ?? exact) !== exact) return false
      paths.set(joined, exact)
      return !selection.selectionSet || walk(selection.selectionSet, path)
    })
  return walk(root, [])
}
